"""`timetable`: who is asked what and when, in their zone and in UTC, or why not."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from bot.asking.people import learn
from bot.core.cadence import Cadence
from bot.core.clock import SystemCalendar, SystemMachine
from bot.db.session import Database
from bot.db.tables import Workspace
from bot.rituals.standup import setup
from bot.rituals.standup.setup import Plan
from bot.slack.gateway import Member
from tests.cli.conftest import Command

PEOPLE = (("U1", "Mei [bold]", "Asia/Tokyo"), ("U2", "Lena Öz", "Europe/Berlin"))
TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}


@pytest.fixture
def settings(database_url: str) -> dict[str, str]:
    """A database with one stand-up, every day but Sunday."""
    machine = SystemMachine()
    database = Database(database_url, machine)
    database.write_now(_start, SystemCalendar(machine).now())
    database.close()
    return TOKENS | {"DATABASE_URL": database_url, "PORT": "0"}


def _start(session: Session, at: datetime) -> None:
    workspace = Workspace(slack_id="T1", name="Team", bot_user="U0")
    session.add(workspace)
    session.flush()
    for slack_id, name, tz in PEOPLE:
        learn(session, at, workspace.id, Member(slack_id, name, tz, False, False, False, False))
    at_noon = at.replace(hour=12, minute=0, second=0, microsecond=0).time()
    cadence = Cadence(weekdays=tuple(range(6)), at=at_noon)
    plan = Plan("C1", "ml", ("U1", "U2"), cadence, "key")
    setup.start(session, at - timedelta(days=2), workspace.id, "U1", plan)


@pytest.mark.parametrize("columns", ["80", "120"])
def test_each_day_lists_people_in_their_zone_and_in_utc(
    command: Command, settings: dict[str, str], monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    """In the order in which they are asked; a day that is none of its days says so once."""
    monkeypatch.setenv("COLUMNS", columns)
    done = command("timetable", "--days", "8", **settings)
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert lines[0].strip() == "Stand-up in #ml"
    assert max(map(len, lines)) <= int(columns)
    tokyo = next(number for number, line in enumerate(lines) if "12:00" in line)
    assert "Mei [bold]" in lines[tokyo] or "Lena" in lines[tokyo]
    assert any("Asia/Tokyo" in line and "03:00" in line for line in lines)
    assert any("nobody" in line and "Sunday" in line for line in lines)


def test_one_person_by_part_of_a_name_or_by_id(command: Command, settings: dict[str, str]) -> None:
    """As one would ask for a colleague, in small letters of whatever alphabet."""
    for words in ("lena", "öz", "U2"):
        done = command("timetable", "--days", "3", "--person", words, **settings)
        assert "Lena" in done.stdout
        assert "Mei" not in done.stdout
        assert "nobody" not in done.stdout


def test_nobody_by_that_name_is_a_sentence(command: Command, settings: dict[str, str]) -> None:
    """No sign that means more to SQL matches anybody either."""
    for words in ("zz", "%", "_", "\\"):
        done = command("timetable", "--person", words, **settings)
        assert done.exit_code == 1
        assert done.stderr.startswith("Nobody by that name or id is known.")


def test_without_a_ritual_it_says_so(command: Command, database_url: str) -> None:
    """An empty table would be no answer."""
    done = command("timetable", **TOKENS, DATABASE_URL=database_url)
    assert done.stdout == "Nobody is asked anything in the next 14 days.\n"


@pytest.mark.parametrize("days", ["0", "367", "many"])
def test_odd_numbers_of_days_are_refused(command: Command, days: str) -> None:
    """Before anything is opened."""
    assert command("timetable", "--days", days).exit_code == 2
