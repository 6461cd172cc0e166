"""The way in: what a listener asks for takes effect once, and is never in doubt."""

import asyncio
import threading
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.core.clock import MovableCalendar
from bot.db.session import Database
from bot.db.tables import Workspace
from bot.engine import intake as intake_module
from bot.engine.intake import Intake, Repeated, StillSaving
from bot.slack import acks
from bot.slack.front import Front
from bot.slack.gateway import Gateway
from tests.clocks import START
from tests.db.rows import workspace


@pytest.fixture
def intake(database: Database, calendar: MovableCalendar) -> Intake:
    front = Front(Gateway("xoxb-test", calendar), lambda _error: True)
    return Intake(database, calendar, front, 1, "U01MERIDIAN", "/standup")


def add(session: Session, at: datetime, slack_id: str) -> datetime:
    workspace(session, slack_id)
    return at


def names(session: Session, _at: datetime) -> list[str]:
    return list(session.scalars(select(Workspace.slack_id)))


async def test_a_use_case_runs_once_for_a_receipt(intake: Intake) -> None:
    """With the calendar's instant; a redelivery is told apart from an answer."""
    assert await intake.take(("event", "Ev1"), add, "T1") == START
    assert isinstance(await intake.take(("event", "Ev1"), add, "T1"), Repeated)
    assert await intake.read(names) == ["T1"]


async def test_four_deliveries_at_once_have_one_effect(intake: Intake) -> None:
    """Also where they wait for the writer together."""
    answers = await asyncio.gather(*(intake.take(("event", "Ev1"), add, "T1") for _ in range(4)))
    assert [isinstance(one, Repeated) for one in answers].count(True) == 3
    assert await intake.read(names) == ["T1"]


async def test_a_slow_database_is_said_and_nothing_is_lost(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The listener gives up in time for the ack, the transaction doesn't; a retry finds it done."""
    monkeypatch.setattr(intake_module, "ACK_SECONDS", 0.05)
    opened = threading.Event()
    stalled = asyncio.ensure_future(intake.database.write(lambda _session: opened.wait(10)))
    with pytest.raises(StillSaving, match="Nothing is lost") as caught:
        await intake.take(("view_submission", "1"), add, "T1")
    assert caught.value.transient
    opened.set()
    await stalled
    monkeypatch.undo()
    assert isinstance(await intake.take(("view_submission", "1"), add, "T1"), Repeated)
    assert await intake.read(names) == ["T1"]


async def test_what_was_done_before_is_not_there_for_saving(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack waits three seconds for all of it, a look-up among them; nothing is lost all the same.

    What is done after the ack takes its time.
    """
    acks.begin()
    monkeypatch.setattr(acks, "spent", lambda: 60.0)
    opened = threading.Event()
    stalled = asyncio.ensure_future(intake.database.write(lambda _session: opened.wait(10)))
    async with asyncio.timeout(5):
        with pytest.raises(StillSaving):
            await intake.take(("view_submission", "1"), add, "T1")
    monkeypatch.undo()
    later = asyncio.ensure_future(intake.take(("view_submission", "2"), add, "T2"))
    await asyncio.sleep(0)
    opened.set()
    await stalled
    assert await later == START
    assert isinstance(await intake.take(("view_submission", "1"), add, "T1"), Repeated)
    assert await intake.read(names) == ["T1", "T2"]
