"""A consistent copy of the database."""

from pathlib import Path

from sqlalchemy import create_engine, inspect

from bot.core.errors import Refused
from bot.db.engines import sqlite_file

# What stands beside who took part only until it is shown or counted. Two copies, one made earlier,
# would name who wrote or chose it; so copies go without.
HIDDEN = ("retro_sealed_notes", "retro_ballots")


class NoBackup(Refused):
    """That copy could not be made."""


def copy_to(url: str, file: Path) -> None:
    """Copy a SQLite database but for HIDDEN, also while it is written to; raises NoBackup.

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
        _forget_hidden(file)
    except BaseException:  # also when interrupted: what is hidden may still be in it
        file.unlink()
        raise
    finally:
        engine.dispose()


def _forget_hidden(file: Path) -> None:
    """Overwrite what is hidden, and build the copy anew, so that no page tells of it."""
    engine = create_engine(f"sqlite:///{file}", isolation_level="AUTOCOMMIT")
    try:
        there = set(inspect(engine).get_table_names()).intersection(HIDDEN)
        with engine.connect() as connection:
            for setting in ("journal_mode = MEMORY", "temp_store = MEMORY", "secure_delete = ON"):
                connection.exec_driver_sql(f"PRAGMA {setting}")
            for name in sorted(there):
                connection.exec_driver_sql(f'DELETE FROM "{name}"')  # noqa: S608 - named above
            connection.exec_driver_sql("VACUUM")
    finally:
        engine.dispose()
