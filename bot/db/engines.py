"""Engines for SQLite and PostgreSQL, with the settings that durability asks for."""

import fcntl
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import NoSuchModuleError

from bot.core.errors import Refused

BUSY_TIMEOUT_MS = 5000


class DatabaseInUse(Refused):
    """Another Meridian is running on this database. Stop it first, or use its own file."""


class NoDriver(Refused):
    """The driver for this database is not installed. Install Meridian with its extra `postgres`,
    and begin MERIDIAN_DATABASE_URL with postgresql+psycopg://.
    """


def sqlite_file(url: str) -> Path | None:
    """The file behind a SQLite URL; None for another database."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return None
    return Path(parsed.database)


def is_missing(url: str) -> bool:
    """Whether it is a SQLite file that is not there (yet); to open it would make it."""
    file = sqlite_file(url)
    return file is not None and not file.exists()


def writing_engine(url: str) -> Engine:
    """An engine whose transactions may write.

    On SQLite each begins with BEGIN IMMEDIATE: a deferred one that reads first could fail when it
    comes to write (https://www.sqlite.org/lang_transaction.html).
    """
    return _engine(url, begin="BEGIN IMMEDIATE", query_only=False)


def reading_engine(url: str) -> Engine:
    """An engine that sees committed state and can't write."""
    return _engine(url, begin="BEGIN", query_only=True)


def _engine(url: str, *, begin: str, query_only: bool) -> Engine:
    """Errors of either hide a statement's parameters: answers don't belong into the log."""
    if make_url(url).get_backend_name() != "sqlite":
        options = {"postgresql_readonly": True} if query_only else {}
        try:
            return create_engine(
                url, pool_pre_ping=True, hide_parameters=True, execution_options=options
            )
        except (ModuleNotFoundError, NoSuchModuleError) as error:
            raise NoDriver from error
    if file := sqlite_file(url):
        file.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # SQLAlchemy, not the driver, begins transactions
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",  # overwrites what is deleted, but no copy in a page's gaps
            f"query_only={'ON' if query_only else 'OFF'}",
        ):
            connection.execute(f"PRAGMA {pragma}").close()
        # Its own knows the capitals of English alone; PostgreSQL's knows all, and searches use it.
        connection.create_function("lower", 1, _lower, deterministic=True)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def lock(url: str) -> IO[str] | None:
    """Hold the SQLite file for this process as long as the answer lives; raises DatabaseInUse."""
    file = sqlite_file(url)
    if file is None:
        return None
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = file.with_name(file.name + ".lock").open("w")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        handle.close()
        raise DatabaseInUse from error
    return handle
