"""What each command does; `bot.cli` only parses its words.

A command imports what only it needs: `run` stays for months, and holds neither the sandbox nor
tables in memory.
"""

import asyncio
import contextlib
import errno
import gc
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from sqlalchemy.exc import SQLAlchemyError

from bot import logs, settings
from bot.core.clock import SystemCalendar, SystemMachine
from bot.core.errors import MeridianError
from bot.settings import BadSettings, Settings

if TYPE_CHECKING:
    from rich.console import Console

    from bot.cli.options import Options
    from bot.db.session import Database

BAD_SETTINGS = 2


def sandbox(options: "Options") -> None:
    """Run the sandbox until Ctrl-C."""
    gc.disable()  # until it is there: what starting makes is meant to stay
    from bot.sandbox import BadKeep, PortTaken

    logs.configure("warning")
    with _errors_in_a_sentence():
        try:
            asyncio.run(_sandbox(options))
        except BadKeep as error:
            _fail(str(error))
        except PortTaken as error:
            _fail(f"{error} Choose another: make sandbox PORT={options.port + 1}")
        finally:
            gc.enable()


async def _sandbox(options: "Options") -> None:
    from bot.cli import trial

    async with trial.run(options) as world, _until_stopped() as stopped:
        _out().print(trial.welcome(world.url, options), highlight=False)
        _settle()
        await stopped.wait()


def run() -> None:
    """Run the bot until a signal; drains what is under way and exits 0."""
    loaded = _settings()
    logs.configure(loaded.log_level, loaded.secrets)
    with _errors_in_a_sentence():
        asyncio.run(_run(loaded))


async def _run(loaded: Settings) -> None:
    from bot.app import Meridian

    machine = SystemMachine()
    bot = Meridian(loaded, machine, SystemCalendar(machine))
    async with _until_stopped() as stopped:
        try:
            await _unless(stopped, bot.start)
            _settle()
            await stopped.wait()
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            _fail(f"Port {loaded.port} of {loaded.host} is taken. Set MERIDIAN_PORT to another.")
        finally:
            await bot.stop()


def _settle() -> None:
    """Let collections pass over what starting made: to walk through it holds all up for 70 ms."""
    gc.collect()
    gc.freeze()
    gc.enable()


async def _unless(stopped: asyncio.Event, start: Callable[[], Awaitable[None]]) -> None:
    """Start, unless a signal comes first: Slack may be out of reach for long."""
    starting = asyncio.ensure_future(start())
    waiting = asyncio.ensure_future(stopped.wait())
    await asyncio.wait({starting, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if starting.done():
        await starting
    else:
        starting.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await starting


def migrate() -> None:
    """Bring the tables up to date."""
    from bot.db import schema

    loaded = _settings()
    with _errors_in_a_sentence():
        schema.upgrade(loaded.database_url)
        typer.echo(f"The database is at revision {schema.REVISION}.")


def check() -> None:
    """Print every finding; exit status 1 where something must be done."""
    from bot.cli import checks, tables

    loaded = _settings()
    logs.configure("error", loaded.secrets)
    findings = asyncio.run(checks.run(loaded, SystemMachine()))
    tables.print_findings(_out(), findings)
    if any(not finding.fine for finding in findings):
        sys.exit(1)


def timetable(days: int, person: str | None) -> None:
    """Print who is asked what and when."""
    from bot.cli import tables

    machine = SystemMachine()
    with _errors_in_a_sentence(), _database(_settings()) as database:
        at = SystemCalendar(machine).now()
        occasions = database.read_now(tables.occasions, at, days, person)
        names = database.read_now(tables.channel_names)
        tables.print_timetable(_out(), occasions, days, names)


def backup(file: Path) -> None:
    """Write a consistent copy of the database."""
    from bot.db.backup import copy_to

    loaded = _settings()
    with _errors_in_a_sentence():
        copy_to(loaded.database_url, file)
        typer.echo(f"Written to {file}, without anonymous notes not shown yet and open votes.")


@contextmanager
def _database(loaded: Settings) -> "Iterator[Database]":
    from bot.db import schema
    from bot.db.engines import is_missing
    from bot.db.session import Database

    if is_missing(loaded.database_url):
        raise schema.OldSchema
    database = Database(loaded.database_url, SystemMachine())
    try:
        database.read_now(schema.require_current)
        yield database
    finally:
        database.close()


@asynccontextmanager
async def _until_stopped() -> AsyncIterator[asyncio.Event]:
    """An event that SIGTERM and Ctrl-C set."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    signals: Sequence[signal.Signals] = (signal.SIGTERM, signal.SIGINT)
    for one in signals:
        loop.add_signal_handler(one, stopped.set)
    try:
        yield stopped
    finally:
        for one in signals:
            loop.remove_signal_handler(one)


def _settings() -> Settings:
    try:
        return settings.load()
    except BadSettings as error:
        for line in error.lines:
            typer.echo(line, err=True)
        sys.exit(BAD_SETTINGS)


@contextmanager
def _errors_in_a_sentence() -> Iterator[None]:
    try:
        yield
    except MeridianError as error:
        _fail(error.message)
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        _fail(f"The database can't be used: {reason}. Look at MERIDIAN_DATABASE_URL.")
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        _fail(f"{where}{error.strerror or error}.")


def _out() -> "Console":
    from rich.console import Console

    return Console(soft_wrap=True)


def _fail(sentence: str) -> None:
    typer.echo(sentence, err=True)
    sys.exit(1)
