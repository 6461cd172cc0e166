"""`check` of Jira: that the token works, whose it is, and what it may do where tickets go."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from typer.testing import Result

from bot.db.tables import JiraProject, Team, Workspace
from bot.jira.model import Right
from tests.cli.conftest import Slack
from tests.jira import replies
from tests.jira.server import DROP, Reply, Server
from tests.processes import free_port

TOKEN = "canary-token"


def check(slack: Slack, jira: Server, **settings: str) -> Result:
    cloud = {"JIRA_URL": jira.url, "JIRA_EMAIL": "bot@aurora.example", "JIRA_TOKEN": TOKEN}
    return slack.check(**{**cloud, "JIRA_WEBHOOK_SECRET": "canary-secret", **settings})


def choose(engine: Engine, *chosen: tuple[str, str, str]) -> None:
    """Let teams choose projects: name, project's id, its key."""
    with Session(engine) as session, session.begin():
        session.add(Workspace(id=1, slack_id="T1", name="Aurora", bot_user="U1"))
        session.flush()
        for number, (team, project, key) in enumerate(chosen, 1):
            session.add(Team(id=number, workspace_id=1, channel=f"C{number}", name=team))
            session.flush()
            session.add(
                JiraProject(
                    team_id=number,
                    project=project,
                    key=key,
                    name=key,
                    issue_type="10003",
                    issue_type_name="Task",
                    set_at=datetime(2026, 3, 30, tzinfo=UTC),
                )
            )


def granted(*rights: Right) -> Reply:
    return Reply(replies.permissions(**{right: right in rights for right in Right}))


def test_without_jira_nothing_is_said_of_it(slack: Slack) -> None:
    """Action items work all the same."""
    assert "Jira" not in slack.check().stdout


def test_a_good_jira_says_which_it_is_and_who_we_are(slack: Slack, jira: Server) -> None:
    """Before any team chose a project, what counts is that there could be one."""
    done = check(slack, jira)
    assert done.exit_code == 0, done.output
    assert "✓ Jira answers: Aurora (Cloud)." in done.stdout
    assert "✓ The Jira token works: it is Mei Tanaka's (mei@aurora.example)." in done.stdout
    assert (
        "✓ In any project (no team has chosen one yet) the token's account may read issues, "
        "create issues and assign issues." in done.stdout
    )
    assert "!" not in done.stdout
    assert "canary" not in done.output


def test_each_project_that_a_team_chose_is_looked_at_once(
    slack: Slack, jira: Server, engine: Engine
) -> None:
    """And nothing is left behind there: it is only asked what may be done."""
    choose(engine, ("Churn", "10000", "ML"), ("Ops", "10001", "OPS"), ("Leads", "10000", "ML"))
    done = check(slack, jira)
    assert done.exit_code == 0, done.output
    assert "✓ In ML the token's account may read issues" in done.stdout
    assert "✓ In OPS the token's account may read issues" in done.stdout
    asked = [one for one in jira.asked if one.path.endswith("/mypermissions")]
    assert [one.query["projectId"] for one in asked] == ["10000", "10001"]
    assert {one.verb for one in jira.asked} == {"GET"}


@pytest.mark.parametrize(
    ("rights", "said"),
    [
        ((), "✗ In ML the token's account may not read issues, create issues or assign issues."),
        ((Right.BROWSE, Right.CREATE), "✗ In ML the token's account may not assign issues."),
    ],
)
def test_a_right_that_is_missing_is_named(
    slack: Slack, jira: Server, engine: Engine, rights: tuple[Right, ...], said: str
) -> None:
    """With where to grant it."""
    choose(engine, ("Churn", "10000", "ML"))
    jira.answers("GET", "mypermissions", granted(*rights))
    done = check(slack, jira)
    assert done.exit_code == 1
    assert said in done.stdout
    assert "Grant it to the token's account" in done.stdout


def test_what_only_changes_need_is_a_note(slack: Slack, jira: Server) -> None:
    """Tickets are created all the same."""
    jira.answers("GET", "mypermissions", granted(Right.BROWSE, Right.CREATE, Right.ASSIGN))
    done = check(slack, jira)
    assert done.exit_code == 0, done.output
    assert "it may not edit issues, move issues on or set due dates" in done.stdout


def test_a_missing_right_to_link_or_to_look_for_people_says_what_that_costs(
    slack: Slack, jira: Server, engine: Engine
) -> None:
    """The one for each project, the other once; nothing fails for it."""
    choose(engine, ("Churn", "10000", "ML"), ("Ops", "10001", "OPS"))
    less = set(Right) - {Right.LINK, Right.LOOK_UP}
    jira.answers("GET", "mypermissions", granted(*less))
    done = check(slack, jira)
    assert done.exit_code == 0, done.output
    for key in ("ML", "OPS"):
        assert f"! In {key} it may not link issues: tickets there have no link" in done.stdout
    assert done.stdout.count("! In Jira it may not look for people: what somebody owns") == 1
    assert "“Browse users and groups”" in done.stdout


def test_a_project_that_is_gone_says_whose_it_was(
    slack: Slack, jira: Server, engine: Engine
) -> None:
    """In Jira's own words."""
    choose(engine, ("Churn", "10000", "ML"), ("Leads", "10000", "ML"))
    gone = Reply(replies.refusal("No project could be found with id '10000'."), status=404)
    jira.answers("GET", "mypermissions", gone)
    done = check(slack, jira)
    assert done.exit_code == 1
    assert "✗ ML of Churn, Leads: Jira refused: No project could be found" in done.stdout


@pytest.mark.parametrize(
    ("email", "todo"),
    [("bot@aurora.example", "logged in as bot@aurora.example"), ("", "Personal Access Tokens")],
)
def test_a_token_that_died_says_where_to_make_another(
    slack: Slack, jira: Server, email: str, todo: str
) -> None:
    """It is not shown, and nothing more is asked with it."""
    info = replies.SERVER_INFO if email else replies.SERVER_INFO_OF_DATA_CENTER
    jira.answers("GET", "serverInfo", Reply(info))
    jira.answers("GET", "myself", Reply({"message": "Client must be authenticated."}, status=401))
    done = check(slack, jira, JIRA_EMAIL=email)
    assert done.exit_code == 1
    assert "✗ Jira refuses the token." in done.stdout
    assert todo in done.stdout
    assert len(jira.asked) == 2
    assert "canary" not in done.output


def test_cloud_without_an_e_mail_says_so(slack: Slack, jira: Server) -> None:
    """Under an address of one's own it can't be told beforehand."""
    done = check(slack, jira, JIRA_EMAIL="")
    assert done.exit_code == 1
    assert "✗ Aurora is Jira Cloud, which is not what is set." in done.stdout
    assert "Set MERIDIAN_JIRA_EMAIL" in done.stdout


def test_data_center_with_an_e_mail_says_so(slack: Slack, jira: Server) -> None:
    """It would be logged in to as Cloud is."""
    jira.answers("GET", "serverInfo", Reply(replies.SERVER_INFO_OF_DATA_CENTER))
    done = check(slack, jira)
    assert done.exit_code == 1
    assert "✗ Aurora is Jira Data Center 9.12.4, which is not what is set." in done.stdout
    assert "Leave MERIDIAN_JIRA_EMAIL out" in done.stdout


def test_jira_out_of_reach_is_a_finding(slack: Slack, jira: Server) -> None:
    """The others are looked at all the same."""
    url = f"http://127.0.0.1:{free_port()}"
    done = check(slack, jira, JIRA_URL=url)
    assert done.exit_code == 1
    assert f"✗ Jira does not answer at {url}." in done.stdout
    assert "✓ Time zones:" in done.stdout


def test_a_jira_that_hangs_up_half_way_is_a_finding(slack: Slack, jira: Server) -> None:
    """It may be well again in a moment."""
    jira.answers("GET", "mypermissions", DROP)
    done = check(slack, jira)
    assert done.exit_code == 1
    assert "Jira does not say what may be done there." in done.stdout


def test_without_a_webhook_changes_take_longer(slack: Slack, jira: Server) -> None:
    """A note, no fault: polling finds them."""
    done = check(slack, jira, JIRA_WEBHOOK_SECRET="")
    assert done.exit_code == 0, done.output
    assert "! Changes in Jira show within five minutes" in done.stdout
    assert "/jira/webhook" in done.stdout


def test_a_database_with_no_tables_is_no_hindrance(
    slack: Slack, jira: Server, on_sqlite: None, tmp_path: object
) -> None:
    """Jira is looked at as if no team had chosen yet."""
    done = check(slack, jira, DATABASE_URL=f"sqlite:///{tmp_path}/no.db")
    assert done.exit_code == 1
    assert "✓ In any project (no team has chosen one yet)" in done.stdout
