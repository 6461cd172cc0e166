"""Keys in people's words, drawn as links: those of projects that teams have chosen."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.asking.issue_links import NO_LINKS, IssueLinks, linked, linked_mrkdwn
from bot.asking.known_keys import issue_links
from bot.core.text import clamp
from bot.db.tables import JiraProject, Team, Workspace
from bot.slack import blocks
from tests.asking.conftest import Begin
from tests.asking.world import utc

LINKS = IssueLinks("https://jira.example", frozenset({"ML"}))


def read(text: str, links: IssueLinks = LINKS) -> list[str]:
    """The runs, those that lead somewhere with their address."""
    return [
        f"{run['text']}→{run['url']}" if run["type"] == "link" else run["text"]
        for run in linked(text, links)
    ]


def link(key: str) -> str:
    return f"{key}→https://jira.example/browse/{key}"


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("Fix ML-12, then rest", ["Fix ", link("ML-12"), ", then rest"]),
        ("ML-12", [link("ML-12")]),
        ("ML-1 ML-2", [link("ML-1"), " ", link("ML-2")]),
        ("UTF-8 of GPT-4 in OPS-3", ["UTF-8 of GPT-4 in OPS-3"]),
        ("no key", ["no key"]),
        ("", [""]),
    ],
)
def test_keys_of_known_projects_lead_to_jira(text: str, runs: list[str]) -> None:
    """All else is text as it was."""
    assert read(text) == runs


def test_without_jira_or_a_project_nothing_leads_anywhere() -> None:
    """A key that is known to be one brings its project along, but only where there is a site."""
    assert read("Fix ML-12", NO_LINKS) == ["Fix ML-12"]
    assert read("Fix ML-12", IssueLinks("https://jira.example")) == ["Fix ML-12"]
    assert NO_LINKS.knowing(["ML-12"]) is NO_LINKS
    assert LINKS.knowing(["", "ML-3"]) is LINKS
    assert read("OPS-3", LINKS.knowing(["OPS-7"])) == [link("OPS-3")]


@pytest.mark.parametrize("limit", range(1, 14))
def test_a_key_that_was_cut_is_no_link(limit: int) -> None:
    """Half a key would lead to another issue; what stands before an ellipsis may be half."""
    whole = "Fix ML-1234 soon"
    found = [run for run in linked(clamp(whole, limit), LINKS) if run["type"] == "link"]
    assert found == []
    assert link("ML-1234") in read(clamp(whole, 14))


@pytest.mark.parametrize(("keys", "links"), [(19, 19), (20, 20), (21, 20)])
def test_one_text_has_so_many_links_and_loses_no_word(keys: int, links: int) -> None:
    text = " ".join(f"ML-{number}" for number in range(1, keys + 1))
    runs = linked(text, LINKS)
    assert sum(run["type"] == "link" for run in runs) == links
    assert "".join(run["text"] for run in runs) == text


def test_an_address_counts_as_characters() -> None:
    """So that a message with links keeps within Slack's limits, whatever those count."""
    assert blocks.size(linked("Fix ML-12", LINKS)) == len(
        "Fix ML-12https://jira.example/browse/ML-12"
    )


@given(st.text())
def test_no_word_is_lost(text: str) -> None:
    assert "".join(run["text"] for run in linked(text, LINKS)) == text


@given(st.text())
def test_in_mrkdwn_only_a_key_is_a_link(text: str) -> None:
    """Whatever somebody wrote around it."""
    made = linked_mrkdwn(f"{text} ML-12 ", LINKS)
    linked_key = "<https://jira.example/browse/ML-12|ML-12> "
    assert linked_key in made
    assert "<" not in made.replace("<https://jira.example/browse/ML-", "")


def test_the_projects_that_teams_have_chosen_are_known(begin: Begin) -> None:
    """Of this workspace, and only while there is a Jira."""
    world = begin("2026-03-28T12:00")
    session, workspace_id = world.session, world.workspace_id
    team = Team(workspace_id=workspace_id, channel="C9", name="churn")
    session.add(team)
    session.flush()
    chosen: dict[str, Any] = {"project": "10000", "key": "ML", "name": "Churn model"}
    chosen |= {"issue_type": "1", "issue_type_name": "Task", "set_at": utc("2026-03-28T12:00")}
    session.add(JiraProject(team_id=team.id, **chosen))
    session.flush()
    assert issue_links(session, workspace_id) == NO_LINKS
    session.get_one(Workspace, workspace_id).jira_url = "https://jira.example/"
    assert issue_links(session, workspace_id) == LINKS
    assert issue_links(session, workspace_id + 1) == NO_LINKS
