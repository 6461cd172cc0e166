"""The command line as a person at a terminal meets it."""

from pathlib import Path

import pytest
from sqlalchemy import text

from bot.core.clock import SystemCalendar, SystemMachine
from bot.db import schema
from bot.db.session import Database
from tests.cli.conftest import Command
from tests.processes import free_port, meridian, running

TOKENS = {"SLACK_BOT_TOKEN": "xoxb-canary-1", "SLACK_APP_TOKEN": "xapp-canary-2"}


@pytest.fixture(autouse=True)
def _sqlite(on_sqlite: None) -> None:
    """These look at files."""


@pytest.mark.parametrize("words", ["run", "migrate", "check", "timetable", "backup copy.db"])
def test_missing_settings_are_all_named_and_the_status_is_2(command: Command, words: str) -> None:
    """A line each, and nothing was begun."""
    done = command(*words.split(), PORT="many", DATABASE_URL="sqlite:///made.db")
    assert done.exit_code == 2
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert len(lines) == 3
    assert all(line.startswith("MERIDIAN_") for line in lines)
    assert list(Path().iterdir()) == []


def test_a_process_says_so_without_a_traceback(tmp_path: Path) -> None:
    """The same through the real entry point."""
    done = meridian("run", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("MERIDIAN_SLACK_BOT_TOKEN is missing")
    assert "Traceback" not in done.stderr


def test_migrate_makes_the_tables_once_and_again(command: Command) -> None:
    """In a folder that it makes as well."""
    for _ in range(2):
        done = command("migrate", **TOKENS, DATABASE_URL="sqlite:///deep/in/meridian.db")
        assert (done.exit_code, done.stderr) == (0, "")
        assert done.stdout == f"The database is at revision {schema.REVISION}.\n"
    assert Path("deep/in/meridian.db").exists()


def test_an_old_schema_says_what_to_do(command: Command) -> None:
    """Tables change only when somebody says so."""
    for words in ("run", "timetable"):
        done = command(words, **TOKENS, DATABASE_URL="sqlite:///new.db", PORT="0")
        assert done.exit_code == 1
        assert "Run `meridian migrate` first." in done.stderr


@pytest.mark.parametrize("words", ["run", "migrate", "timetable", "backup copy.db"])
@pytest.mark.parametrize(("name", "why"), [("a_file/x.db", ""), ("notes.txt", "not a database")])
def test_a_database_that_can_t_be_opened_is_a_sentence(
    command: Command, words: str, name: str, why: str
) -> None:
    """Its folder is a file, or it is another kind of file."""
    Path("a_file").write_text("")
    Path("notes.txt").write_text("no database, but long enough to be looked at" * 50)
    done = command(*words.split(), **TOKENS, DATABASE_URL=f"sqlite:///{name}", PORT="0")
    assert done.exit_code == 1
    assert done.stderr.count("\n") == 1
    assert why in done.stderr
    assert done.exception is None or isinstance(done.exception, SystemExit)


def test_a_mistyped_command_is_explained(command: Command) -> None:
    """And the commands there are, where none is given."""
    done = command("sandbx")
    assert done.exit_code == 2
    assert "No such command" in done.stderr
    listed = command()
    for name in ("sandbox", "run", "migrate", "check", "timetable", "backup"):
        assert name in listed.output


def test_a_backup_is_whole_and_overwrites_nothing(command: Command, database_url: str) -> None:
    """Taken while the bot holds the database and another transaction is open."""
    settings = TOKENS | {"DATABASE_URL": database_url}
    database = Database(database_url, SystemMachine())
    insert = text("INSERT INTO inbox (source, event_id, received_at) VALUES ('t', :id, :at)")
    at = str(SystemCalendar(SystemMachine()).now().replace(tzinfo=None))
    database.write_now(lambda session: session.execute(insert, {"id": "kept", "at": at}))

    def back_up_meanwhile(session: object) -> int:
        session.execute(insert, {"id": "not committed", "at": at})  # type: ignore[attr-defined]
        return command("backup", "copy.db", **settings).exit_code

    assert database.write_now(back_up_meanwhile) == 0
    database.close()
    copy = Database("sqlite:///copy.db", SystemMachine())
    rows = copy.read_now(lambda session: session.execute(text("SELECT event_id FROM inbox")).all())
    copy.read_now(schema.require_current)
    copy.close()
    assert [row.event_id for row in rows] == ["kept"]
    assert Path("copy.db").stat().st_mode & 0o777 == 0o600

    before = Path("copy.db").read_bytes()
    again = command("backup", "copy.db", **settings)
    assert again.exit_code == 1
    assert again.stderr == "copy.db exists already; nothing was written.\n"
    assert Path("copy.db").read_bytes() == before


def test_a_backup_needs_a_database_and_a_folder(command: Command, database_url: str) -> None:
    """A mistyped name makes no empty database."""
    none = command("backup", "copy.db", **TOKENS, DATABASE_URL="sqlite:///no.db")
    assert none.stderr == "There is no database at no.db.\n"
    nowhere = command("backup", "no/copy.db", **TOKENS, DATABASE_URL=database_url)
    assert nowhere.exit_code == 1
    assert nowhere.stderr == "There is no folder no.\n"
    assert list(Path().glob("*.db")) == []


@pytest.mark.slow
def test_the_sandbox_heeds_no_setting_and_keeps_nothing(tmp_path: Path) -> None:
    """Whoever has a real `.env` can try it without touching anything real."""
    lines = ["MERIDIAN_PORT=nonsense", "MERIDIAN_SLACK_BOT_TOKEN=xoxb-real"]
    (tmp_path / ".env").write_text("\n".join(lines))
    settings = {"SLACK_API_URL": "http://127.0.0.1:9/api/", "DATABASE_URL": "sqlite:///real.db"}
    port = free_port()
    with running("sandbox", "--port", str(port), cwd=tmp_path, settings=settings) as sandbox:
        sandbox.until_says("in a browser")
        sandbox.until_serves(f"http://127.0.0.1:{port}/")
        sandbox.process.terminate()
        assert sandbox.ends(10) == 0
        assert f"http://127.0.0.1:{port}" in sandbox.output
        assert "Traceback" not in sandbox.output
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix != ".log") == [".env"]
