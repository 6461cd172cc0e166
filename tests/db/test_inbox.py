"""The inbox: an event takes effect once, and is not lost to a crash."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.db import inbox
from bot.db.session import Database
from bot.db.tables import Inbox, Workspace
from tests.clocks import HandMachine
from tests.db.rows import workspace


def take(session: Session, event_id: str, *, crash: bool = False) -> bool:
    """A use case that adds a workspace, once for an event."""
    if not inbox.first_time(session, "event", event_id):
        return False
    workspace(session, f"T-{event_id}")
    if crash:
        raise ConnectionAbortedError
    return True


def count(session: Session, table: type[Inbox | Workspace]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


async def test_a_second_delivery_has_no_effect(database: Database) -> None:
    """However often Slack sends it."""
    answers = [await database.write(take, "Ev1") for _ in range(4)]
    assert answers == [True, False, False, False]
    assert await database.read(count, Workspace) == 1


async def test_a_crash_in_between_loses_nothing(database: Database) -> None:
    """The note is in the use case's own transaction: the next delivery does the work."""
    with pytest.raises(ConnectionAbortedError):
        await database.write(take, "Ev1", crash=True)
    assert await database.read(count, Inbox) == 0
    assert await database.write(take, "Ev1") is True
    assert await database.read(count, Workspace) == 1


async def test_sources_are_kept_apart(session: Session) -> None:
    """An event's id says nothing of an interaction with the same one."""
    assert inbox.first_time(session, "event", "1")
    assert inbox.first_time(session, "view_submission", "1")
    assert not inbox.first_time(session, "event", "1")
    assert inbox.has_come(session, "event", "1")
    assert not inbox.has_come(session, "event", "2")


def test_old_notes_are_dropped(session: Session, machine: HandMachine) -> None:
    """Past what Slack redelivers by far, and no sooner."""
    inbox.first_time(session, "event", "old")
    machine.advance(timedelta(days=1).total_seconds())
    inbox.first_time(session, "event", "new")
    machine.advance((inbox.RETENTION - timedelta(hours=1)).total_seconds())
    inbox.forget_old(session)
    assert session.scalars(select(Inbox.event_id)).all() == ["new"]
    assert not inbox.first_time(session, "event", "new")


def test_what_comes_late_is_told_from_what_is_new(session: Session) -> None:
    """By its stamp, about the same alone; the same one again is as new as it was."""

    def latest(about: str, stamp: str) -> bool:
        return inbox.is_latest(session, "user_change", about, stamp)

    assert latest("U1", "1774850402.000100")
    assert not latest("U1", "1774850402.000099")
    assert not latest("U1", "1774850401")
    assert latest("U1", "1774850402.000100")
    assert latest("U1", "1774850402.000101")
    assert latest("U11", "1774850000.000000")
