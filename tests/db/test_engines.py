"""SQLite set up for durability, and one process to a file."""

import sqlite3
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from bot.db.backup import NoBackup, copy_to
from bot.db.engines import (
    DatabaseInUse,
    NoDriver,
    lock,
    reading_engine,
    sqlite_file,
    writing_engine,
)
from bot.db.session import Database
from tests.db.rows import workspace

pytestmark = pytest.mark.usefixtures("on_sqlite")


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("busy_timeout", 5000),
        ("secure_delete", 1),
    ],
)
def test_sqlite_is_set_up_to_lose_nothing(
    database_url: str, engine: Engine, pragma: str, value: object
) -> None:
    """WAL, a sync at each commit (2 is FULL), foreign keys; for writers and readers alike."""
    reading = reading_engine(database_url)
    for each in (engine, reading):
        with each.connect() as connection:
            assert connection.execute(text(f"PRAGMA {pragma}")).scalar() == value
    reading.dispose()


def test_a_writer_takes_its_turn_when_it_begins(engine: Engine, database_url: str) -> None:
    """BEGIN IMMEDIATE: what was read first can't have changed when it comes to write."""
    file = sqlite_file(database_url)
    assert file is not None
    other = sqlite3.connect(file, timeout=0, isolation_level=None)
    with engine.begin() as connection:
        connection.execute(text("SELECT 1"))
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.close()


def test_a_reader_holds_no_writer_up(database_url: str, engine: Engine) -> None:
    """A reader sees its own moment for as long as it reads."""
    reading = reading_engine(database_url)
    with reading.connect() as reader:
        assert reader.execute(text("SELECT count(*) FROM workspaces")).scalar() == 0
        with engine.begin() as writer:
            writer.execute(
                text("INSERT INTO workspaces (slack_id, name, bot_user) VALUES ('T', 'n', 'U')")
            )
        assert reader.execute(text("SELECT count(*) FROM workspaces")).scalar() == 0
        with pytest.raises(DBAPIError, match="readonly"):
            reader.execute(text("DELETE FROM workspaces"))
    reading.dispose()


def test_a_second_bot_on_the_same_file_is_refused(database_url: str) -> None:
    """Two would send everything twice; the first keeps running."""
    held = lock(database_url)
    assert held is not None
    with pytest.raises(DatabaseInUse, match="Another Meridian"):
        lock(database_url)
    held.close()
    again = lock(database_url)
    assert again is not None
    again.close()


def test_a_lock_needs_no_file_yet(tmp_path: Path) -> None:
    """The folder is made; a server's database needs no lock of ours."""
    held = lock(f"sqlite:///{tmp_path / 'new' / 'meridian.db'}")
    assert held is not None
    held.close()
    assert lock("postgresql+psycopg://localhost/meridian") is None


async def test_a_backup_is_whole_while_the_bot_writes(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    """It holds what was committed, and the writer goes on."""
    await database.write(workspace, "T1")
    copy_to(database_url, tmp_path / "copy.db")
    await database.write(workspace, "T2")
    copied = sqlite3.connect(tmp_path / "copy.db")
    assert copied.execute("SELECT slack_id FROM workspaces").fetchall() == [("T1",)]
    assert copied.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    copied.close()


def test_a_backup_overwrites_nothing(database_url: str, tmp_path: Path) -> None:
    """What stands there stays as it is; a missing source makes no empty copy."""
    there = tmp_path / "there.db"
    there.write_text("precious")
    with pytest.raises(NoBackup, match="exists already"):
        copy_to(database_url, there)
    assert there.read_text() == "precious"
    with pytest.raises(NoBackup, match="no database"):
        copy_to(f"sqlite:///{tmp_path / 'none.db'}", tmp_path / "copy.db")
    with pytest.raises(NoBackup, match="pg_dump"):
        copy_to("postgresql+psycopg://localhost/meridian", tmp_path / "copy.db")


def test_an_engine_makes_its_folder(tmp_path: Path) -> None:
    """The first `migrate` needs nothing prepared."""
    made = writing_engine(f"sqlite:///{tmp_path / 'var' / 'meridian.db'}")
    with made.connect():
        assert (tmp_path / "var" / "meridian.db").exists()
    made.dispose()


@pytest.mark.parametrize("driver", ["", "+psycopg", "+psycopg2", "+nonsense"])
def test_a_missing_driver_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, driver: str
) -> None:
    """PostgreSQL's comes with an extra, and there are others that Meridian doesn't use."""
    for name in ("psycopg", "psycopg2"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(NoDriver, match=r"extra `postgres`, and begin MERIDIAN_DATABASE_URL"):
        reading_engine(f"postgresql{driver}://canary@db/meridian")
