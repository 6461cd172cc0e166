"""A year of forty risks by the timetable: each asked on its day, none twice, none missed.

Some are rescored, the team changes its intervals, and people have holidays and are away.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache

import pytest
from holidays import HolidayBase, country_holidays
from sqlalchemy import select

from bot.core.cadence import local_date, zone
from bot.core.states import AbsenceKind
from bot.db.tables import Absence
from bot.engine import timers
from bot.rituals.risk import settings
from bot.rituals.risk.model import USUAL, band, score
from bot.rituals.risk.reviews.stages import ESCALATED_AFTER
from bot.rituals.risk.reviews.team_review_model import When
from bot.rituals.risk.settings_model import Kept, SettingsTyped
from bot.rituals.risk.states import Band, Chased
from bot.rituals.risk.tables import Change, Risk
from bot.rituals.risk.values import Saved
from tests.asking.conftest import Begin
from tests.asking.world import CHANNEL, World, day, utc
from tests.rituals.risk.register import add, history, keep, rescore

ZONES = {
    "UAPIA": "Pacific/Apia",
    "UDELHI": "Asia/Kolkata",
    "UBERLIN": "Europe/Berlin",
    "ULORD": "Australia/Lord_Howe",
    "UNY": "America/New_York",
}
COUNTRIES = {
    "UAPIA": "WS",
    "UDELHI": "IN",
    "UBERLIN": "DE",
    "ULORD": "AU",
    "UNY": "US",
}
SCORES = ((5, 5), (4, 4), (5, 2), (3, 3), (1, 2), (2, 2), (3, 4), (1, 5))
AWAY = {
    "UBERLIN": (day("2026-07-06"), day("2026-07-31")),
    "UNY": (day("2026-11-02"), day("2026-11-06")),
}
_DAY = timedelta(days=1)
ESCALATED = ESCALATED_AFTER * _DAY
CHANGED = utc("2026-04-20T12:00")


def working(who: str, on: date) -> bool:
    first, last = AWAY.get(who, (date.max, date.max))
    return on.weekday() < 5 and not first <= on <= last and on not in public(COUNTRIES[who])


@cache
def public(country: str) -> HolidayBase:
    return country_holidays(country, years=(2026, 2027))


def next_working(who: str, on: date) -> date:
    while not working(who, on):
        on += _DAY
    return on


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_each_review_on_its_day(begin: Begin) -> None:
    """Everybody keeps what they are asked for on that day; the dates follow from the scores.

    Of what waits for somebody who is away others are told after three days.
    """
    world = begin("2026-03-02T00:00", online=False)
    world.holidays = True
    for who, tz in ZONES.items():
        world.person(who, tz)
    for who, (first, last) in AWAY.items():
        world.session.add(
            Absence(
                person_id=world.slack(who).id,
                first=first,
                last=last,
                kind=AbsenceKind.LEAVE,
                origin=who,
                created_at=world.at,
            )
        )
    risks = {
        add(world, who, f"{who}{number}", likelihood=pair[0], impact=pair[1]).id: who
        for who in ZONES
        for number, pair in enumerate(SCORES)
    }
    assert len(risks) == 40
    expected = {one: world.session.get_one(Risk, one).next_review for one in risks}
    looked = {one: local_date(world.at, zone(ZONES[who])) for one, who in risks.items()}
    intervals = USUAL
    asked: Counter[int] = Counter()
    told: set[tuple[int, date]] = set()
    end = world.at + timedelta(days=366)
    while world.at < end:
        world.until(min(end, timers.next_due(world.session) or end))
        if intervals is USUAL and world.at >= CHANGED:
            intervals = change(world, "UBERLIN")
            for one in risks:
                expected[one] = looked[one] + timedelta(days=intervals[_band(world, one)])
                assert world.session.get_one(Risk, one).next_review == expected[one]
        for risk in world.session.scalars(select(Risk).where(Risk.chased != Chased.NOBODY)).all():
            who = risks[risk.id]
            today = local_date(world.at, zone(ZONES[who]))
            was_due = expected[risk.id]
            assert was_due is not None
            if risk.asked_id is None:  # they are away: nobody asks them, but others are told
                assert was_due + ESCALATED <= today <= next_working(who, was_due)
                assert not working(who, was_due + ESCALATED)
                told.add((risk.id, was_due))
                continue
            assert today == next_working(who, was_due), (who, risk.id)
            if who in AWAY and was_due + ESCALATED <= min(today - _DAY, AWAY[who][1]):
                assert (risk.id, was_due) in told
            assert risk.asked_on == today
            asked[risk.id] += 1
            review(world, who, risk, asked[risk.id])
            assert risk.chased is Chased.NOBODY
            looked[risk.id] = today
            interval = intervals[_band(world, risk.id)]
            expected[risk.id] = today + timedelta(days=interval)
            assert risk.next_review == expected[risk.id]
    for risk_id, due in expected.items():
        today = local_date(world.at, zone(ZONES[risks[risk_id]]))
        assert due is not None
        assert next_working(risks[risk_id], due) >= today, "one was missed"
    kept = world.session.scalars(select(Change).where(Change.review)).all()
    assert len(kept) == sum(asked.values())
    assert {risks[risk_id] for risk_id, _due in told} == set(AWAY)
    critical = [one for one in risks if score(*_of(world, one)) >= 15]
    assert all(47 <= asked[one] <= 53 for one in critical)


def review(world: World, who: str, risk: Risk, number: int) -> None:
    """The most are kept; what is high or medium is critical for a while, and then as it was."""
    first = history(world.session, risk)[0]
    pair = (first.likelihood, first.impact)
    if number in (2, 5) and 5 <= score(*pair) < 15:
        done = rescore(world, who, risk, *((5, 5) if number == 2 else pair))
    else:
        done = keep(world, who, risk)
    assert isinstance(done, Saved)


def change(world: World, who: str) -> Mapping[Band, int]:
    """The team looks at some of them less often from now on, and at some more often."""
    intervals = {Band.CRITICAL: 7, Band.HIGH: 21, Band.MEDIUM: 40, Band.LOW: 60}
    said = SettingsTyped(intervals, "", When.NEVER, 1, 0, "", checks_every=0)
    ours = (world.workspace_id, who, CHANNEL, "team")
    assert isinstance(settings.keep(world.session, world.at, *ours, said, sealed=False), Kept)
    return intervals


def _band(world: World, risk_id: int) -> Band:
    return band(score(*_of(world, risk_id)))


def _of(world: World, risk_id: int) -> tuple[int, int]:
    risk = world.session.get_one(Risk, risk_id)
    return risk.likelihood, risk.impact
