"""`check`: each finding, and what to do about it."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from bot.core.states import MirrorKind, Outcome
from bot.db.tables import Mirror, Timer
from bot.engine import mirrors
from bot.engine.mirrors import Mark
from bot.sandbox.jira import EMAIL, TOKEN
from tests.cli.conftest import Slack
from tests.clocks import HandMachine
from tests.db import rows
from tests.processes import free_port


def test_a_good_installation_has_nothing_to_do(slack: Slack) -> None:
    """Every line is ticked."""
    done = slack.check()
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert len(lines) == 6
    assert all(line.startswith("✓ ") for line in lines)


def test_a_bad_token_says_where_to_copy_it_from(slack: Slack) -> None:
    """It is not shown."""
    done = slack.check(SLACK_BOT_TOKEN="xoxb-canary")
    assert done.exit_code == 1
    assert "✗ Slack refuses the bot token: invalid_auth." in done.stdout
    assert "OAuth & Permissions" in done.stdout
    assert "canary" not in done.output


def test_a_bad_app_token_says_which_scope_it_needs(slack: Slack) -> None:
    """The bot token may be good all the same."""
    done = slack.check(SLACK_APP_TOKEN="xapp-canary")
    assert done.exit_code == 1
    assert "✗ Slack refuses the app-level token: invalid_auth." in done.stdout
    assert "connections:write" in done.stdout
    assert "canary" not in done.output


def test_missing_scopes_are_named(slack: Slack) -> None:
    """And that the app must be installed again."""
    slack.world.scopes.difference_update({"chat:write", "commands"})
    done = slack.check()
    assert done.exit_code == 1
    assert "✗ Scopes are missing: chat:write, commands." in done.stdout
    assert "install the app again" in done.stdout


def test_the_lean_manifest_is_fine_and_says_what_is_off(slack: Slack) -> None:
    """A note, no fault."""
    slack.world.scopes.difference_update(
        {"channels:history", "groups:history", "im:history", "mpim:history"}
    )
    done = slack.check()
    assert done.exit_code == 0, done.stdout
    assert "! The app can't read messages (lean manifest)." in done.stdout
    assert "never sent again" in done.stdout


def test_without_addresses_all_works_and_jira_finds_people_by_name(slack: Slack) -> None:
    """A note where there is a Jira, and else not even that."""
    slack.world.scopes.discard("users:read.email")
    done = slack.check()
    assert done.exit_code == 0, done.stdout
    assert "✓ The app can't see e-mail addresses." in done.stdout
    jira = {"JIRA_URL": slack.world.jira_url, "JIRA_EMAIL": EMAIL, "JIRA_TOKEN": TOKEN}
    done = slack.check(**jira)
    assert done.exit_code == 0, done.stdout
    assert "! The app can't see e-mail addresses." in done.stdout
    assert "People are found in Jira by name alone" in done.stdout


def test_http_is_noted_with_where_it_must_lead(slack: Slack) -> None:
    """Slack can't be asked for the app's request URLs."""
    done = slack.check(SLACK_APP_TOKEN="", SLACK_SIGNING_SECRET="canary", PORT="8123")
    assert done.exit_code == 0, done.stdout
    assert "! Slack comes in by HTTP, at 127.0.0.1:8123/slack/events." in done.stdout
    assert "canary" not in done.output


@pytest.mark.parametrize("word", ["check", "timetable"])
def test_a_database_that_is_not_there_says_migrate(
    slack: Slack, on_sqlite: None, tmp_path: Path, word: str
) -> None:
    """Nothing is made by looking."""
    done = slack.run(word, DATABASE_URL=f"sqlite:///{tmp_path}/no.db")
    assert done.exit_code == 1
    assert "Run `meridian migrate`" in done.output
    assert list(tmp_path.glob("no.db*")) == []


def test_a_database_without_tables_says_migrate(
    slack: Slack, on_sqlite: None, tmp_path: Path
) -> None:
    """An empty file is a database, but not ours yet."""
    (tmp_path / "empty.db").touch()
    done = slack.check(DATABASE_URL=f"sqlite:///{tmp_path}/empty.db")
    assert done.exit_code == 1
    assert "✗ The database has no tables." in done.stdout
    assert "Run `meridian migrate`." in done.stdout


def test_what_was_set_aside_is_told(slack: Slack, engine: Engine) -> None:
    """A timer whose step fails holds up no other, and isn't forgotten."""
    with Session(engine) as session, session.begin():
        at = datetime(2026, 3, 30, tzinfo=UTC)
        session.add(Timer(key="a", kind="standup", step="ask", due_at=at, parked_at=at))
    done = slack.check()
    assert done.exit_code == 1
    assert "✗ Set aside, since they failed: 1 timed steps or messages." in done.stdout
    assert "The log says why" in done.stdout


def test_a_ticket_that_jira_refused_is_no_defect(slack: Slack, engine: Engine) -> None:
    """Somebody was told, and can mend it."""
    with Session(engine) as session, session.begin():
        rows.workspace(session)
        one = Mark(1, MirrorKind.ISSUE, "ticket", "1", "jira/1")
        session.info["machine"] = HandMachine()
        mirrors.mark(session, datetime(2026, 3, 30, tzinfo=UTC), [one])
        session.execute(update(Mirror).values(outcome=Outcome.PARKED))
    done = slack.check()
    assert done.exit_code == 0, done.stdout
    assert "Set aside" not in done.stdout


def test_a_database_that_can_t_be_opened_is_a_finding(
    slack: Slack, on_sqlite: None, tmp_path: Path
) -> None:
    """The others are looked at all the same."""
    (tmp_path / "other").write_text("This is no database. " * 100)
    done = slack.check(DATABASE_URL=f"sqlite:///{tmp_path}/other")
    assert done.exit_code == 1
    assert "✗ The database can't be opened" in done.stdout
    assert "✓ The bot token works in Aurora ML." in done.stdout


@pytest.mark.parametrize(("minutes", "side"), [(10, "behind"), (-10, "ahead of")])
def test_a_wrong_clock_is_told_by_slack_s(
    slack: Slack, monkeypatch: pytest.MonkeyPatch, minutes: int, side: str
) -> None:
    """By the Date of its answers."""
    monkeypatch.setattr(
        "bot.sandbox.api.dispatch.format_datetime",
        lambda at, **how: format_datetime(at + timedelta(minutes=minutes), **how),
    )
    done = slack.check()
    assert done.exit_code == 1
    assert f"s {side} Slack's." in done.stdout
    assert "chrony" in done.stdout


def test_slack_out_of_reach_is_a_finding(slack: Slack) -> None:
    """The database is looked at all the same."""
    done = slack.check(SLACK_API_URL=f"http://127.0.0.1:{free_port()}/api/")
    assert done.exit_code == 1
    assert "✗ Slack can't be reached." in done.stdout
    assert "✓ The database is at revision" in done.stdout
