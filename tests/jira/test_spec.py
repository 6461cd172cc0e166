"""What we ask of Cloud, and what our tests have it answer, held against Atlassian's description.

It is of version 3; the same calls stand in version 2, which takes and gives text as wiki markup.
"""

import json
import re
from collections.abc import Awaitable, Callable
from datetime import date
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bot.jira.gateway import Gateway
from bot.jira.model import Changes, NewIssue, Project, RemoteLink
from tests.jira import replies
from tests.jira.server import Asked, Reply, Server
from tests.processes import ROOT

DESCRIPTION = ROOT.parent / "shared/specs/jira-cloud-v3.2026-02.json"

described_there = pytest.mark.skipif(
    not DESCRIPTION.exists(), reason="Atlassian's description is not beside the working copy"
)

CHURN = Project("10000", "ML", "Churn model")
NEW = NewIssue("10000", "10003", "One", "Two", ("meridian-Zk3",), "5b10", date(2026, 4, 9))
PAGE: dict[str, Any] = {"startAt": 0, "maxResults": 200, "total": 1}
FOUND: dict[str, Any] = {"isLast": True, "issues": [replies.issue()]}
LINKED = {"id": 10000, "self": "https://aurora.example/rest/api/2/issue/ML-7/remotelink/10000"}

Case = tuple[Callable[[Gateway], Awaitable[object]], str, str, Reply]
CASES: dict[str, Case] = {
    "me": (lambda jira: jira.me(), "GET", "myself", Reply(replies.MEI_IN_CLOUD)),
    "server": (lambda jira: jira.server(), "GET", "serverInfo", Reply(replies.SERVER_INFO)),
    "rights": (
        lambda jira: jira.rights("10000"),
        "GET",
        "mypermissions",
        Reply(replies.permissions(BROWSE_PROJECTS=True)),
    ),
    "projects": (
        lambda jira: jira.projects("churn"),
        "GET",
        "project/search",
        Reply({**PAGE, "isLast": True, "values": [replies.CHURN]}),
    ),
    "project": (lambda jira: jira.project("10000"), "GET", "project/10000", Reply(replies.CHURN)),
    "issue types": (
        lambda jira: jira.issue_types("10000"),
        "GET",
        "issue/createmeta/10000/issuetypes",
        Reply({**PAGE, "issueTypes": [replies.issue_type("10003", "Task")]}),
    ),
    "fields": (
        lambda jira: jira.fields("10000", "10003"),
        "GET",
        "issue/createmeta/10000/issuetypes/10003",
        Reply({**PAGE, "total": len(replies.FIELDS), "fields": replies.FIELDS}),
    ),
    "create": (lambda jira: jira.create(NEW), "POST", "issue", Reply(replies.CREATED, status=201)),
    "find": (lambda jira: jira.find("meridian-Zk3"), "POST", "search/jql", Reply(FOUND)),
    "issue": (lambda jira: jira.issue("10002"), "GET", "issue/10002", Reply(replies.issue())),
    "reassigned": (
        lambda jira: jira.reassigned("10002"),
        "GET",
        "issue/10002",
        Reply({**replies.issue(), "changelog": replies.CHANGELOG}),
    ),
    "issues": (
        lambda jira: jira.issues(["10002", "10003"]),
        "POST",
        "issue/bulkfetch",
        Reply({"issues": [replies.issue()], "issueErrors": [{"id": "10003", "errorMessage": "-"}]}),
    ),
    "update": (
        lambda jira: jira.update("10002", Changes(None, date(2026, 4, 9))),
        "PUT",
        "issue/10002",
        Reply(status=204),
    ),
    "transitions": (
        lambda jira: jira.transitions("10002"),
        "GET",
        "issue/10002/transitions",
        Reply(replies.TRANSITIONS),
    ),
    "transition": (
        lambda jira: jira.transition("10002", "31"),
        "POST",
        "issue/10002/transitions",
        Reply(status=204),
    ),
    "link": (
        lambda jira: jira.link("10002", RemoteLink("m", "https://a.example", "x", "y")),
        "POST",
        "issue/10002/remotelink",
        Reply(LINKED, status=201),
    ),
    "people": (
        lambda jira: jira.people("Mei"),
        "GET",
        "user/search",
        Reply([replies.MEI_IN_CLOUD, replies.OLA_IN_CLOUD]),
    ),
    "search": (lambda jira: jira.search(CHURN, "labels"), "POST", "search/jql", Reply(FOUND)),
    "in progress": (lambda jira: jira.in_progress("5b10"), "POST", "search/jql", Reply(FOUND)),
}


@cache
def described() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(DESCRIPTION.read_text())
    return read


def operation(asked: Asked) -> tuple[str, dict[str, Any]]:
    """The path that a request is to, and what stands of it."""
    path = asked.path.replace("/rest/api/2/", "/rest/api/3/")
    fitting = [
        pattern
        for pattern, verbs in described()["paths"].items()
        if asked.verb.lower() in verbs and fits(pattern, path)
    ]
    assert fitting, f"no {asked.verb} {path}"
    best = min(fitting, key=lambda pattern: pattern.count("{"))  # /issue/bulkfetch, not /issue/{…}
    made: dict[str, Any] = described()["paths"][best][asked.verb.lower()]
    return best, made


def fits(pattern: str, path: str) -> bool:
    """Whether a path is one of `/rest/api/3/issue/{issueIdOrKey}` and its like."""
    fixed = re.split(r"\{\w+\}", pattern)
    return re.fullmatch("[^/]+".join(map(re.escape, fixed)), path) is not None


def wrong(schema: dict[str, Any], value: object) -> list[str]:
    """What of a value is not as it is described."""
    whole = {**schema, "components": described()["components"]}
    found = Draft202012Validator(whole).iter_errors(value)
    return [f"{'/'.join(map(str, one.path))}: {one.message[:200]}" for one in found]


@described_there
@pytest.mark.parametrize("name", CASES)
async def test_a_call_stands_in_atlassian_s_description(
    jira: Server, cloud: Gateway, name: str
) -> None:
    """Its path, the names of its parameters, its body, and the answer that we know it by."""
    ask, verb, path, reply = CASES[name]
    jira.answers(verb, path, reply)
    await ask(cloud)
    _, known = operation(jira.only)
    names = {one["name"] for one in known.get("parameters", ()) if one["in"] == "query"}
    assert set(jira.only.query) <= names
    if jira.only.body is not None:
        asked = known["requestBody"]["content"]["application/json"]["schema"]
        assert wrong(asked, jira.only.body) == []
    told = known["responses"][str(reply.status)].get("content", {}).get("application/json", {})
    if "schema" in told:
        assert wrong(told["schema"], reply.json) == []
    else:
        assert reply.json is None


def test_every_call_of_the_gateway_is_held_here() -> None:
    """A new one needs a case."""
    public = {name for name in vars(Gateway) if not name.startswith("_")} - {"close"}
    called = {ask.__code__.co_names[0] for ask, *_ in CASES.values()}
    assert called == public
