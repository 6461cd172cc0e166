"""What the demo team says, and on which days."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from bot import demo
from bot.demo.risks import RISKS, furnish
from bot.demo.script import AGREED, ARJUN, BECAME, LENA, SAID, SAM, Deed
from bot.rituals.risk.categories import Category
from bot.rituals.risk.states import Chased
from bot.rituals.risk.tables import Risk
from bot.sandbox.aurora import PEOPLE
from tests.asking.conftest import Begin, begin
from tests.asking.world import day, utc

__all__ = ["begin"]


def test_it_is_a_thursday_when_berlin_has_just_been_asked() -> None:
    """The coming one, in summer and in winter time."""
    assert demo.now_of(date(2026, 11, 16)) == datetime(2026, 11, 19, 8, 31, tzinfo=UTC)
    assert demo.now_of(date(2026, 11, 19)) == datetime(2026, 11, 19, 8, 31, tzinfo=UTC)
    assert demo.now_of(date(2026, 6, 29)) == datetime(2026, 7, 2, 7, 31, tzinfo=UTC)


def test_it_is_a_week_in_which_all_are_asked() -> None:
    """With Thanksgiving on the coming Thursday, it is the one before."""
    assert demo.now_of(date(2026, 11, 23)) == datetime(2026, 11, 19, 8, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "eve"),
    [
        (datetime(2026, 3, 26, 8, 31, tzinfo=UTC), date(2026, 3, 22)),
        (datetime(2026, 3, 30, 8, 0, tzinfo=UTC), date(2026, 3, 24)),  # a Monday
        (datetime(2026, 3, 28, 8, 0, tzinfo=UTC), date(2026, 3, 24)),  # a Saturday
    ],
)
def test_it_begins_on_the_eve_of_three_workdays(now: datetime, eve: date) -> None:
    """Whatever day one starts on."""
    assert demo.begins(now) == datetime.combine(eve, datetime.min.time(), UTC).replace(hour=22)


def test_the_team_is_six_and_two_blockers_stay() -> None:
    """Three days are behind, on which one answer is missing; then two of today.

    What is said once is shown until it is resolved. Of one of them somebody takes care already.
    """
    assert Counter(said.day for said in SAID) == {0: 6, 1: 5, 2: 6, 3: 2}
    assert len({said.person for said in SAID}) == 6
    blocked = [(said.day, said.person) for said in SAID if said.blockers]
    assert blocked == [(1, ARJUN), (2, SAM)]
    assert [one.blockers for one in SAID if one.person == SAM and one.blockers] == [
        one.blocker for one in AGREED if one.blocker
    ]


def test_of_what_was_agreed_one_is_done_one_is_late_and_one_is_due() -> None:
    """So that a newcomer meets an item in each state, on the card of whoever they are first."""
    done = {one.which for one in BECAME if one.deed is Deed.FINISH}
    assert len(done) == 1
    hers = [one.due for number, one in enumerate(AGREED) if one.owner == LENA]
    assert sorted(hers) == [-2, -1, 0]
    assert AGREED[done.pop()].due == -2


def test_twelve_risks_over_the_six_categories() -> None:
    """Two of each; somebody owns every one, and most have something done about them."""
    assert len(RISKS) == 12
    assert set(Counter(one.category for one in RISKS).values()) == {2}
    assert {one.category for one in RISKS} == set(Category)
    assert sum(bool(one.ticked) for one in RISKS) > 8


def test_two_of_its_reviews_are_overdue(begin: Begin) -> None:
    """On the Thursday on which the demo is handed over; what else is due is due that day."""
    world = begin("2026-03-22T22:00")
    for who, _handle, _name, tz, *_rest in PEOPLE:
        world.person(who, tz)
    furnish(world.session, world.at, world.workspace_id, "C1", "churn-model")
    world.until(utc("2026-03-26T08:31"))
    rows = world.session.scalars(select(Risk).where(Risk.chased != Chased.NOBODY)).all()
    overdue = [one.title for one in rows if one.next_review and one.next_review < day("2026-03-26")]
    assert len(overdue) == 2
