"""The nightly round: what is done each day, whatever becomes of one part of it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.db.tables import Timer, Workspace
from bot.engine.housekeeping import Housekeeping
from tests.clocks import START
from tests.db import rows


def works(session: Session, _at: datetime) -> None:
    rows.workspace(session, "works")


def fails(session: Session, _at: datetime) -> None:
    rows.workspace(session, "fails")
    raise LookupError


def stalls(_session: Session, _at: datetime) -> None:
    raise OperationalError("", None, Exception("disk I/O error"))


def test_one_part_that_fails_keeps_none_from_the_rest(session: Session) -> None:
    """Neither the bot from starting nor the next night from coming; nothing of it is kept."""
    Housekeeping(fails, works).begin(session, START)
    assert session.scalars(select(Workspace.slack_id)).all() == ["works"]
    next_night = session.scalars(select(Timer.due_at)).one()
    assert START < next_night <= START + timedelta(days=1)
    assert next_night.astimezone(UTC).hour == 3


def test_the_database_s_trouble_is_the_whole_round_s(session: Session) -> None:
    """It is done once more as a whole, as any step is."""
    with pytest.raises(OperationalError):
        Housekeeping(stalls).retain(session, START, [])
