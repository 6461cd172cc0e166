"""A consistent copy of the database."""

from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError

from bot.core.errors import Refused
from bot.db.engines import sqlite_file


class NoBackup(Refused):
    """That copy could not be made."""


def copy_to(url: str, file: Path) -> None:
    """Copy a SQLite database, also while it is written to; raises NoBackup.

    VACUUM INTO reads one consistent state and leaves out what was deleted
    (https://www.sqlite.org/lang_vacuum.html).
    """
    source = sqlite_file(url)
    if source is None:
        raise NoBackup("Only SQLite is copied here. For PostgreSQL, use pg_dump.")
    if not source.exists():
        raise NoBackup(f"There is no database at {source}.")
    if not file.parent.is_dir():
        raise NoBackup(f"There is no folder {file.parent}.")
    if file.exists():
        raise NoBackup(f"{file} exists already; nothing was written.")
    file.touch(mode=0o600)  # it holds people's answers; SQLite copies into an empty file too
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("VACUUM INTO ?", (str(file),))
    except DBAPIError:
        file.unlink()
        raise
    finally:
        engine.dispose()
