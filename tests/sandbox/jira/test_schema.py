"""The answers of the Cloud shape agree with Atlassian's own description of its API."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bot.sandbox.jira import Deployment
from tests.sandbox.conftest import Client
from tests.sandbox.jira.conftest import BUG, COMPONENT_AREA, TASK, Desk, Json

SPEC = Path(__file__).parents[4] / "shared" / "specs" / "jira-cloud-v3.2026-02.json"
API = "/rest/api/3/"
DOCUMENT = {
    "type": "doc", "version": 1,
    "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Hello"}]}],
}  # fmt: skip


@cache
def spec() -> Json:
    found: Json = json.loads(SPEC.read_text())
    return found


@pytest.fixture
def deployment() -> Deployment:
    """Atlassian describes Cloud's API so; there is nothing of the kind for Data Center's."""
    if not SPEC.is_file():
        pytest.skip(f"Atlassian's description is not at {SPEC}")
    return Deployment.CLOUD


def check(path: str, verb: str, status: int, answer: Any, query: Json | None = None) -> None:
    """The answer is as described, and each parameter of the query is one that is described."""
    operation = spec()["paths"][API + path][verb.lower()]
    known = {each["name"] for each in operation.get("parameters", ())}
    assert set(query or {}) <= known, (path, query)
    described = operation["responses"][str(status)]
    content = described.get("content", {}).get("application/json", {})
    if not content or not content.get("schema"):
        assert answer is None or status >= 400
        return
    schema = {**content["schema"], "components": spec()["components"]}
    Draft202012Validator(schema).validate(answer)


async def test_what_is_read_is_as_described(desk: Desk, control: Client) -> None:
    """Every endpoint that answers with something; unknown properties are no part of it."""
    made = await desk.create(assignee=desk.user("mei"), duedate="2026-04-02", labels=["a"])
    link = {"globalId": "g", "object": {"url": "https://x.example", "title": "x"}}
    await desk.send("POST", f"3/issue/{made['id']}/remotelink", link, 201)
    await control.post("jira/comment", key="ML-1", text="Fine")
    await control.post("jira/edit", key="ML-1", fields={"assignee": "arjun"})
    asked: list[tuple[str, dict[str, str], Json]] = [
        ("serverInfo", {}, {}),
        ("myself", {}, {}),
        ("field", {}, {}),
        ("issuetype", {}, {}),
        ("status", {}, {}),
        ("statuscategory", {}, {}),
        ("priority", {}, {}),
        ("project", {}, {}),
        ("project/search", {}, {"query": "churn", "maxResults": 1}),
        ("project/{projectIdOrKey}", {"projectIdOrKey": "ML"}, {}),
        ("project/{projectIdOrKey}/statuses", {"projectIdOrKey": "DATA"}, {}),
        ("issue/createmeta", {}, {"projectKeys": "DATA", "expand": "projects.issuetypes.fields"}),
        ("issue/createmeta/{projectIdOrKey}/issuetypes", {"projectIdOrKey": "ML"}, {}),
        ("issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}",
         {"projectIdOrKey": "DATA", "issueTypeId": BUG}, {}),
        ("mypermissions", {}, {"permissions": "CREATE_ISSUES", "projectKey": "ML"}),
        ("issue/{issueIdOrKey}", {"issueIdOrKey": "ML-1"}, {"fields": "summary,status"}),
        ("issue/{issueIdOrKey}", {"issueIdOrKey": "ML-1"}, {"expand": "changelog"}),
        ("issue/{issueIdOrKey}/transitions", {"issueIdOrKey": "ML-1"}, {}),
        ("issue/{issueIdOrKey}/remotelink", {"issueIdOrKey": "ML-1"}, {}),
        ("issue/{issueIdOrKey}/remotelink", {"issueIdOrKey": "ML-1"}, {"globalId": "g"}),
        ("issue/{issueIdOrKey}/comment", {"issueIdOrKey": "ML-1"}, {}),
        ("search/jql", {}, {"jql": "project = ML", "fields": "*all"}),
        ("user", {}, {"accountId": desk.user("mei")["accountId"]}),
        ("user/search", {}, {"query": "mei"}),
        ("user/assignable/search", {}, {"query": "mei", "project": "ML"}),
    ]  # fmt: skip
    for path, parts, query in asked:
        answer = await desk.get("3/" + path.format(**parts), **query)
        check(path, "GET", 200, answer, query)


async def test_what_is_written_is_as_described(desk: Desk) -> None:
    """What is created, renewed, emptied; and what a refusal looks like."""
    fields: Json = {"project": {"key": "ML"}, "issuetype": {"id": TASK}, "summary": "x",
                    "description": DOCUMENT}  # fmt: skip
    made = await desk.send("POST", "3/issue", {"fields": fields}, 201)
    check("issue", "POST", 201, made)
    wrong = await desk.send("POST", "3/issue", {"fields": fields | {"duedate": "x"}}, 400)
    check("issue", "POST", 400, wrong)
    one = f"3/issue/{made['id']}"
    for verb, path, given in (
        ("PUT", "", {"fields": {"duedate": "2026-04-02"}}),
        ("PUT", "/assignee", desk.user("mei")),
        ("POST", "/transitions", {"transition": {"id": "31"}}),
    ):
        answer = await desk.send(verb, one + path, given, 204)
        check("issue/{issueIdOrKey}" + path, verb, 204, answer)
    link = {"globalId": "g", "object": {"url": "https://x.example", "title": "x"}}
    for status in (201, 200):
        answer = await desk.send("POST", f"{one}/remotelink", link, status)
        check("issue/{issueIdOrKey}/remotelink", "POST", status, answer)
    answer = await desk.send("POST", f"{one}/comment", {"body": DOCUMENT}, 201)
    check("issue/{issueIdOrKey}/comment", "POST", 201, answer)
    answer = await desk.send("POST", "3/search/jql", {"jql": "project = ML"}, 200)
    check("search/jql", "POST", 200, answer)
    answer = await desk.send("POST", "3/search/approximate-count", {"jql": "project = ML"}, 200)
    check("search/approximate-count", "POST", 200, answer)
    data = {"project": {"key": "DATA"}, "issuetype": {"id": BUG}, COMPONENT_AREA: {"id": "10100"}}
    check("issue", "POST", 201, await desk.send("POST", "3/issue", {"fields": fields | data}, 201))
