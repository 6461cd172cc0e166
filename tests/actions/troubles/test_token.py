"""Admins are told of a token that Jira refuses, and before it expires."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions.troubles import KIND, Troubles
from bot.db.tables import Mirror, Timer, Workspace
from bot.engine import timers
from bot.sandbox.jira import control as acts
from tests.actions.desk import LENA, MEI, Desk, furnish, person_id
from tests.actions.troubles.pressed import told


async def test_admins_are_told_of_a_dead_token(desk: Desk) -> None:
    """And nobody else."""
    desk.there(acts.token, state="dead")
    await desk.raised()
    await desk.settle()
    assert "Jira refuses Meridian's token." in await told(desk, LENA)
    assert await told(desk, MEI) == ""


@pytest.mark.parametrize(("days", "when"), [(30, "in 30 days"), (7, "in 7 days"), (1, "tomorrow")])
def test_admins_are_told_before_a_token_expires(session: Session, days: int, when: str) -> None:
    """30, 7 and 1 days before, by a timer of that day, and on no day between."""
    noon = datetime.fromisoformat("2026-03-30T12:00:00Z")
    furnish(session, noon)
    on = date(2026, 3, 30) + timedelta(days=days)
    troubles = Troubles(1, on)
    troubles.begin(session, noon - timedelta(days=1))
    due = session.scalars(select(Timer).where(Timer.kind == KIND).order_by(Timer.due_at)).all()
    assert due[0].due_at <= noon
    today = [one for one in due if one.due_at == noon]
    assert len(today) == 1
    lena = person_id(session, LENA) or 0
    found = troubles.on_card(session, noon, lena, noon.date())
    assert found is not None
    assert f"expires {when}, on" in found.summary
    before = noon - timedelta(days=3)
    assert Troubles(1, on).on_card(session, before, lena, before.date()) is None
    assert troubles.on_card(session, noon, person_id(session, MEI) or 0, noon.date()) is None


def notices(session: Session) -> list[tuple[str, str]]:
    """The cards that were to be sent, of whom and for which date."""
    cards = select(Mirror).where(Mirror.view == "card").order_by(Mirror.id)
    return [(one.target, one.subject.split("/")[1]) for one in session.scalars(cards)]


def fire(troubles: Troubles, session: Session, at: datetime) -> None:
    """Let the timers that are due by then fire, in one go, as after a night without the bot."""
    due = timers.take_due(session, at, 10)
    troubles.tell_of_expiry(session, at, due)
    timers.consume(session, at, due)


def said_of_expiry(troubles: Troubles, session: Session, at: datetime, who: str = LENA) -> str:
    found = troubles.on_card(session, at, person_id(session, who) or 0, at.date())
    return "" if found is None else found.summary


def test_an_admin_s_card_is_sent_for_the_token_s_end(session: Session) -> None:
    """Once for each of the days, and nobody else's."""
    noon = datetime.fromisoformat("2026-03-30T12:00:00Z")
    furnish(session, noon)
    troubles = Troubles(1, date(2026, 4, 6))
    troubles.begin(session, noon - timedelta(days=1))
    fire(troubles, session, noon)
    assert notices(session) == [(LENA, "2026-03-30")]
    assert "expires in 7 days" in said_of_expiry(troubles, session, noon)
    for ahead in range(1, 6):
        fire(troubles, session, noon + timedelta(days=ahead))
    assert notices(session) == [(LENA, "2026-03-30")]
    fire(troubles, session, noon + timedelta(days=6))
    assert notices(session) == [(LENA, "2026-03-30"), (LENA, "2026-04-05")]


def test_a_notice_that_comes_late_is_shown_all_the_same(session: Session) -> None:
    """The bot was down on the seventh day before; what is left is told as it is by then."""
    noon = datetime.fromisoformat("2026-03-30T12:00:00Z")
    furnish(session, noon)
    Troubles(1, date(2026, 4, 6)).begin(session, noon - timedelta(days=1))
    late = noon + timedelta(days=3)
    troubles = Troubles(1, date(2026, 4, 6))
    troubles.begin(session, late)
    assert said_of_expiry(troubles, session, late) == ""
    fire(troubles, session, late)
    assert notices(session) == [(LENA, "2026-04-02")]
    assert "expires in 4 days, on" in said_of_expiry(troubles, session, late)
    assert "expires in 3 days" in said_of_expiry(troubles, session, late + timedelta(days=1))
    assert said_of_expiry(troubles, session, late + timedelta(days=2)) == ""
    assert said_of_expiry(troubles, session, late, MEI) == ""


def test_after_the_token_s_end_nobody_is_told_that_it_expires(session: Session) -> None:
    """Whether it is dead is seen when it is used."""
    noon = datetime.fromisoformat("2026-03-30T12:00:00Z")
    furnish(session, noon)
    troubles = Troubles(1, date(2026, 4, 6))
    troubles.begin(session, noon - timedelta(days=1))
    after = noon + timedelta(days=10)
    fire(troubles, session, after)
    assert said_of_expiry(troubles, session, after) == ""


def test_a_token_that_was_replaced_is_told_of_by_no_timer_of_the_old_one(session: Session) -> None:
    """The date was moved on; a timer that is left over says nothing."""
    noon = datetime.fromisoformat("2026-03-30T12:00:00Z")
    furnish(session, noon)
    Troubles(1, date(2026, 4, 6)).begin(session, noon - timedelta(days=1))
    new = Troubles(1, date(2027, 4, 6))
    new.begin(session, noon)
    left = timers.take_due(session, noon, 10)
    assert [timer.step for timer in left] == ["expiry"]
    new.tell_of_expiry(session, noon, left)
    lena = person_id(session, LENA) or 0
    assert new.on_card(session, noon, lena, noon.date()) is None
    assert session.get_one(Workspace, 1).jira_paused is None
