"""What is sent to Jira: the one request that a change takes."""

from datetime import date
from typing import Any

import pytest

from bot.core.errors import OutcomeUnknown
from bot.jira import bodies
from bot.jira.bodies import BadAnswer
from bot.jira.errors import FieldsMissing, JiraRefused
from bot.jira.gateway import Gateway
from bot.jira.model import (
    KEEP,
    Changes,
    Created,
    Field,
    Kind,
    NewIssue,
    Option,
    RemoteLink,
)
from tests.jira import replies
from tests.jira.server import Reply, Server

NEW = NewIssue(
    project_id="10000",
    issue_type_id="10003",
    summary="Ask for the missing labels",
    description="From the stand-up.",
    labels=("meridian-Zk3", "standup"),
    assignee="5b10a2844c20165700ede21g",
    due=date(2026, 4, 9),
    fields={"customfield_10014": {"id": "10101"}},
)
LINK = RemoteLink("meridian-Zk3", "https://slack.example/archives/C1/p1", "Stand-up of 30 March")


# --- creating


async def test_an_issue_is_created_by_one_request(jira: Server, cloud: Gateway) -> None:
    """Which is not followed by a look at what came of it."""
    jira.answers("POST", "issue", Reply(replies.CREATED, status=201))
    assert await cloud.create(NEW) == Created("10002", "ML-7", f"{jira.url}/browse/ML-7")
    assert jira.only.body == {
        "fields": {
            "project": {"id": "10000"},
            "issuetype": {"id": "10003"},
            "summary": "Ask for the missing labels",
            "description": "From the stand-up.",
            "labels": ["meridian-Zk3", "standup"],
            "assignee": {"accountId": "5b10a2844c20165700ede21g"},
            "duedate": "2026-04-09",
            "customfield_10014": {"id": "10101"},
        }
    }


async def test_data_center_is_told_a_user_name(jira: Server, data_center: Gateway) -> None:
    """It knows no accountId."""
    jira.answers("POST", "issue", Reply(replies.CREATED, status=201))
    await data_center.create(NEW)
    assert jira.only.body["fields"]["assignee"] == {"name": "5b10a2844c20165700ede21g"}


async def test_what_is_not_given_is_not_sent(jira: Server, cloud: Gateway) -> None:
    """So that Jira's own defaults hold; a summary is one line."""
    jira.answers("POST", "issue", Reply(replies.CREATED, status=201))
    await cloud.create(NewIssue("10000", "10003", "Two\nlines", fields={"summary": "no"}))
    assert jira.only.body == {
        "fields": {
            "project": {"id": "10000"},
            "issuetype": {"id": "10003"},
            "summary": "Two lines",
            "labels": [],
        }
    }


async def test_a_required_field_that_was_not_given_is_named(jira: Server, cloud: Gateway) -> None:
    """By which field Jira speaks of, whatever its language."""
    said = replies.refusal(customfield_10010="Model ist erforderlich.", labels="So nicht.")
    jira.answers("POST", "issue", Reply(said, status=400))
    with pytest.raises(FieldsMissing) as raised:
        await cloud.create(NEW)
    assert raised.value.missing == {"customfield_10010"}
    assert raised.value.fields["customfield_10010"] == "Model ist erforderlich."
    assert raised.value.message == "Jira refused: Model ist erforderlich. So nicht."


@pytest.mark.parametrize("field", ["assignee", "project", "pid"])
async def test_a_field_that_was_given_is_refused_not_missing(
    jira: Server, cloud: Gateway, field: str
) -> None:
    """Somebody who can't be assigned, a project that is gone."""
    jira.answers("POST", "issue", Reply(replies.refusal(**{field: "No."}), status=400))
    with pytest.raises(JiraRefused) as raised:
        await cloud.create(NEW)
    assert not isinstance(raised.value, FieldsMissing)
    assert raised.value.fields == {field: "No."}


@pytest.mark.parametrize("answer", [{}, {"key": "ML-7"}, [], None])
async def test_a_creation_whose_answer_says_nothing_is_unknown(
    jira: Server, cloud: Gateway, answer: object
) -> None:
    """It may well have taken effect."""
    jira.answers("POST", "issue", Reply(answer, status=201))
    with pytest.raises(OutcomeUnknown):
        await cloud.create(NEW)
    assert len(jira.asked) == 1


# --- changing


@pytest.mark.parametrize(
    ("changes", "sent", "sent_to_data_center"),
    [
        (
            Changes(assignee="mei"),
            {"assignee": {"accountId": "mei"}},
            {"assignee": {"name": "mei"}},
        ),
        (Changes(assignee=None), {"assignee": None}, {"assignee": {"name": ""}}),
        (Changes(due=date(2026, 4, 9)), {"duedate": "2026-04-09"}, {"duedate": "2026-04-09"}),
        (Changes(due=None), {"duedate": None}, {"duedate": None}),
    ],
)
async def test_a_change_sends_only_what_is_to_be_different(
    jira: Server,
    cloud: Gateway,
    data_center: Gateway,
    changes: Changes,
    sent: dict[str, Any],
    sent_to_data_center: dict[str, Any],
) -> None:
    """What is kept is not named, and nothing is read afterwards."""
    jira.answers("PUT", "issue/10002", Reply(status=204))
    await cloud.update("10002", changes)
    await data_center.update("10002", changes)
    assert [asked.body for asked in jira.asked] == [
        {"fields": sent},
        {"fields": sent_to_data_center},
    ]


async def test_no_change_is_no_request(jira: Server, cloud: Gateway) -> None:
    """Nothing to tell."""
    assert not Changes(assignee=KEEP, due=KEEP)
    await cloud.update("10002", Changes())
    assert jira.asked == []


async def test_who_can_t_be_assigned_is_refused_by_field(jira: Server, cloud: Gateway) -> None:
    """So that the rest can be told without them."""
    said = replies.refusal(assignee="User 'x' cannot be assigned issues.")
    jira.answers("PUT", "issue/10002", Reply(said, status=400))
    with pytest.raises(JiraRefused) as raised:
        await cloud.update("10002", Changes(assignee="x"))
    assert set(raised.value.fields) == {"assignee"}


async def test_a_transition_is_taken_by_its_id(jira: Server, cloud: Gateway) -> None:
    """A 204 says nothing, and that is enough."""
    jira.answers("POST", "issue/10002/transitions", Reply(status=204))
    await cloud.transition("10002", "31")
    assert jira.only.body == {"transition": {"id": "31"}}


async def test_a_link_carries_its_global_id(jira: Server, cloud: Gateway) -> None:
    """With it a second one replaces the first: 201 at first, 200 after."""
    made = {"id": 10000, "self": "https://aurora.example/rest/api/2/issue/ML-7/remotelink/10000"}
    path = "issue/10002/remotelink"
    jira.answers("POST", path, Reply(made, status=201), Reply(made, status=200))
    await cloud.link("10002", LINK)
    await cloud.link("10002", LINK)
    assert jira.asked[0].body == jira.asked[1].body
    assert jira.asked[0].body == {
        "globalId": "meridian-Zk3",
        "application": {"type": "com.slack", "name": "Slack"},
        "relationship": "came from",
        "object": {
            "url": "https://slack.example/archives/C1/p1",
            "title": "Stand-up of 30 March",
        },
    }


def test_a_link_s_texts_are_lines_and_its_id_fits() -> None:
    """Jira takes 255 characters."""
    body = bodies.remote_link(RemoteLink("m" * 255, "https://a.example", "x" * 300, "two\nlines"))
    assert len(body["object"]["title"]) == 255
    assert body["object"]["summary"] == "two lines"
    for wrong in ("", "m" * 256):
        with pytest.raises(ValueError, match="255"):
            bodies.remote_link(RemoteLink(wrong, "https://a.example", "x"))


# --- what somebody answered for a field


def field(kind: Kind) -> Field:
    return Field("customfield_1", "Severity", kind, True, (Option("1", "Minor"), Option("2", "No")))


@pytest.mark.parametrize(
    ("kind", "said", "sent"),
    [
        (Kind.TEXT, "one\ntwo", "one two"),
        (Kind.LONG_TEXT, "{code}\ntwo", "\\{code}\ntwo"),
        (Kind.NUMBER, "3", 3),
        (Kind.NUMBER, "-2.5", -2.5),
        (Kind.DATE, "2026-04-09", "2026-04-09"),
        (Kind.ONE, "2", {"id": "2"}),
        (Kind.SEVERAL, ["1", "2"], [{"id": "1"}, {"id": "2"}]),
        (Kind.LABELS, "data, churn  model", ["data", "churn", "model"]),
        (Kind.LABELS, ["data", "two words"], ["data", "two", "words"]),
        (Kind.USER, "mei", {"accountId": "mei"}),
    ],
)
def test_an_answer_becomes_what_jira_takes(kind: Kind, said: Any, sent: Any) -> None:
    """Options and people by their ids."""
    assert bodies.as_json(field(kind), said, cloud=True) == sent


def test_data_center_takes_a_person_by_name() -> None:
    """As everywhere there."""
    assert bodies.as_json(field(Kind.USER), "mei", cloud=False) == {"name": "mei"}


@pytest.mark.parametrize(
    ("kind", "said", "words"),
    [
        (Kind.NUMBER, "three", "should be a number"),
        (Kind.NUMBER, "nan", "should be a number"),
        (Kind.NUMBER, "1e999", "should be a number"),
        (Kind.ONE, "3", "no such option for Severity any more"),
        (Kind.SEVERAL, ["1", "3"], "no such option for Severity any more"),
        (Kind.UNSUPPORTED, "x", "Severity can only be set in Jira"),
    ],
)
def test_an_answer_that_is_no_value_says_so(kind: Kind, said: Any, words: str) -> None:
    """To the person who gave it."""
    with pytest.raises(BadAnswer, match=words):
        bodies.as_json(field(kind), said, cloud=True)


async def test_a_new_issue_may_be_nobodys(jira: Server, cloud: Gateway) -> None:
    """Said outright, or else the project's lead may get it."""
    jira.answers("POST", "issue", Reply(replies.CREATED, status=201))
    await cloud.create(NewIssue("10000", "10003", "One", assignee=None))
    assert jira.only.body["fields"]["assignee"] is None
