"""What the bot does by itself, beside what people ask of it."""

import asyncio
from pathlib import Path

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bot.app import Meridian
from bot.core.clock import MovableCalendar
from bot.db.session import Database
from bot.db.tables import Workspace
from bot.settings import Settings
from tests.clocks import HandMachine
from tests.db.rows import workspace

HOUR = 3600


async def test_each_hour_the_database_s_log_is_emptied(
    database: Database,
    database_url: str,
    machine: HandMachine,
    calendar: MovableCalendar,
    on_sqlite: None,
) -> None:
    """At the start, and then by the machine's clock: what was deleted stands there no longer."""
    tokens = {"slack_bot_token": "xoxb-canary", "slack_app_token": "xapp-canary"}
    settings = Settings.model_validate(tokens)
    bot = Meridian(settings, machine, calendar)
    bot.database = database
    database.write_now(_added)
    emptying = asyncio.create_task(bot._empty_log())
    try:
        await _emptied(database)
        assert log_of(database_url) == b""
        for _ in range(2):
            await database.write(_added_anew)
            machine.advance(HOUR - 1)
            await _emptied(database)
            assert b"to-be-forgotten" in log_of(database_url)
            machine.advance(1)
            await _emptied(database)
            assert log_of(database_url) == b""
    finally:
        emptying.cancel()
        await bot.gateway.close()


def log_of(database_url: str) -> bytes:
    return Path(f"{database_url.removeprefix('sqlite:///')}-wal").read_bytes()


async def _emptied(database: Database) -> None:
    """Long enough for the bot to wake, and for the writer to do what it asks for."""
    for _ in range(5):
        await asyncio.sleep(0)
    await database.write(lambda _session: None)


def _added(session: Session) -> None:
    workspace(session, "T-to-be-forgotten")


def _added_anew(session: Session) -> None:
    session.execute(delete(Workspace))
    session.flush()
    _added(session)
