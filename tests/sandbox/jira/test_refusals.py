"""What real Jira refuses is refused here, in its own words and by field."""

from typing import Any

import pytest

from tests.sandbox.conftest import Client
from tests.sandbox.jira.conftest import BUG, COMPONENT_AREA, SUBTASK, TASK, Desk, Json

ML = {"key": "ML"}
DOCUMENT = {
    "type": "doc", "version": 1,
    "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Hello"}]}],
}  # fmt: skip


def body(**fields: Any) -> Json:
    given = {"project": ML, "issuetype": {"id": TASK}, "summary": "x", **fields}
    return {"fields": {name: value for name, value in given.items() if value is not ...}}


@pytest.mark.parametrize(
    ("fields", "field", "cloud", "server"),
    [
        ({"summary": ...}, "summary", "You must specify a summary of the issue.", None),
        ({"summary": "  "}, "summary", "You must specify a summary of the issue.", None),
        ({"summary": 7}, "summary", "Operation value must be a string", None),
        ({"summary": "a\nb"}, "summary",
         "The summary is invalid because it contains newline characters.", None),
        ({"summary": "x" * 256}, "summary", "Summary can't exceed 255 characters.",
         "Summary must be less than 255 characters."),
        ({"project": ...}, "project", "Specify a valid project ID or key",
         "valid project is required"),
        ({"project": {"key": "NOPE"}}, "project", "Specify a valid project ID or key",
         "valid project is required"),
        ({"project": {"id": "99"}}, "project", "Specify a valid project ID or key",
         "valid project is required"),
        ({"issuetype": ...}, "issuetype", "Specify an issue type", "issue type is required"),
        ({"issuetype": {"id": "99"}}, "issuetype", "Specify a valid issue type",
         "valid issue type is required"),
        ({"issuetype": {"name": "Epic"}}, "issuetype", "Specify a valid issue type",
         "valid issue type is required"),
        ({"issuetype": {"id": SUBTASK}}, "parent",
         "Issue type is a sub-task but parent issue key or id not specified.", None),
        ({"duedate": "02.04.2026"}, "duedate", "Error parsing date string: 02.04.2026", None),
        ({"duedate": "20260402"}, "duedate", "Error parsing date string: 20260402", None),
        ({"duedate": "2026-02-30"}, "duedate", "Error parsing date string: 2026-02-30", None),
        ({"duedate": 5}, "duedate", "Operation value must be a string", None),
        ({"labels": ["two words"]}, "labels", "The label 'two words' can't contain spaces.",
         "The label 'two words' contains spaces which is invalid."),
        ({"labels": "one"}, "labels", "data was not an array", None),
        ({"labels": ["x" * 256]}, "labels", None, None),
        ({"description": DOCUMENT}, "description", "Operation value must be a string", None),
        ({"description": "x" * 32_768}, "description",
         "The entered text is too long. It exceeds the allowed limit of 32,767 characters.", None),
        ({"priority": {"name": "Urgent"}}, "priority", "Priority name 'Urgent' is not valid", None),
        ({"status": {"name": "Done"}}, "status",
         "Field 'status' cannot be set. It is not on the appropriate screen, or unknown.", None),
        ({COMPONENT_AREA: {"id": "10100"}}, COMPONENT_AREA,
         f"Field '{COMPONENT_AREA}' cannot be set. It is not on the appropriate screen, or "
         "unknown.", None),
        ({"assignee": "mei"}, "assignee", "data was not an object",
         "expected Object containing a 'name' property"),
    ],
)  # fmt: skip
async def test_a_field_that_is_wrong(
    desk: Desk, fields: Json, field: str, cloud: str | None, server: str | None
) -> None:
    """Nothing is created, and the field is named; Data Center says some of it otherwise."""
    wrong = await desk.refused(body(**fields))
    assert wrong.keys() == {field}
    said = cloud if desk.is_cloud else server or cloud
    if said is not None:
        assert wrong[field] == said
    assert desk.sandbox.site.jira.world.issues == {}


async def test_all_that_is_wrong_is_told_at_once(desk: Desk) -> None:
    """By field."""
    wrong = await desk.refused(body(summary="", duedate="soon", labels=["a b"], colour="red"))
    assert wrong.keys() == {"summary", "duedate", "labels", "colour"}


async def test_who_cannot_be_assigned(desk: Desk, control: Client) -> None:
    """Somebody unknown, somebody who may not, somebody who left; and a name of the other shape."""
    ines = desk.user("ines")
    ref = next(iter(ines.values()))
    assert await desk.refused(body(assignee=ines)) == {
        "assignee": f"User '{ref}' cannot be assigned issues."
    }
    other: Json = {"name": "mei"} if desk.is_cloud else {"accountId": "712020:x"}
    said = (await desk.refused(body(assignee=other)))["assignee"]
    assert ("GDPR strict mode" if desk.is_cloud else "'name' property") in said
    nobody: Json = {"accountId": "712020:x"} if desk.is_cloud else {"name": "rafael"}
    assert "does not exist" in (await desk.refused(body(assignee=nobody)))["assignee"]
    await control.post("jira/account", account="sam", active=False)
    said = (await desk.refused(body(assignee=desk.user("sam"))))["assignee"]
    assert "cannot be assigned" in said


async def test_nobody_is_assigned_by_null_or_minus_one(desk: Desk) -> None:
    """Taken away by an edit, and left to the project."""
    key = "accountId" if desk.is_cloud else "name"
    made = await desk.create(assignee=desk.user("mei"))
    for given in (None, {key: "-1"}):
        await desk.send("PUT", f"2/issue/{made['id']}", {"fields": {"assignee": given}}, 204)
        read = await desk.get(f"2/issue/{made['id']}")
        assert read["fields"]["assignee"] is None
    path = f"latest/issue/{made['id']}/assignee"
    await desk.send("PUT", path, desk.user("mei"), 204)
    await desk.send("PUT", path, {key: None}, 204)
    assert (await desk.get(f"2/issue/{made['id']}"))["fields"]["assignee"] is None


async def test_a_field_that_is_a_must(desk: Desk, control: Client) -> None:
    """For one type in one project; an option by id or value; later for another type as well."""
    data = {"project": {"key": "DATA"}, "issuetype": {"id": BUG}}
    assert await desk.refused(body(**data)) == {COMPONENT_AREA: "Component area is required."}
    for value, said in (
        ("Warehouse", "Could not find valid 'id' or 'value' in the Parent Option object."),
        ({"id": "99"}, "Option id '99' is not valid"),
        ({"value": "Roof"}, "Option value 'Roof' is not valid"),
        (None, "Component area is required."),
    ):
        assert await desk.refused(body(**data, **{COMPONENT_AREA: value})) == {COMPONENT_AREA: said}
    made = await desk.create("DATA", BUG, **{COMPONENT_AREA: {"value": "Warehouse"}})
    read = await desk.get(f"2/issue/{made['id']}")
    assert read["fields"][COMPONENT_AREA]["id"] == "10101"
    await control.post("jira/project", project="ML", type="Task", require=["duedate"])
    assert await desk.refused(body()) == {"duedate": "Due date is required."}
    await desk.create(duedate="2026-04-02")


async def test_rights_that_are_missing(desk: Desk, control: Client) -> None:
    """Create, edit, assign, link, transition, delete: each by itself."""
    made = await desk.create()
    path = f"2/issue/{made['id']}"
    await control.post("jira/project", project="ML", without=["CREATE_ISSUES"])
    assert "do not have permission to create" in (await desk.refused(body()))["project"]
    await control.post("jira/project", project="ML", without=["EDIT_ISSUES", "DELETE_ISSUES"])
    await desk.send("PUT", path, {"fields": {"summary": "y"}}, 403)
    status, _, _ = await desk.ask("DELETE", path)
    assert status == 403
    await control.post("jira/project", project="ML", without=["ASSIGN_ISSUES"])
    wrong = await desk.refused(body(assignee=desk.user("mei")))
    assert "cannot be set" in wrong["assignee"]
    await control.post("jira/project", project="ML", without=["LINK_ISSUES"])
    link = {"object": {"url": "https://x.example", "title": "x"}}
    await desk.send("POST", f"{path}/remotelink", link, 403)
    await control.post("jira/project", project="ML", without=["TRANSITION_ISSUES"])
    assert (await desk.get(f"{path}/transitions"))["transitions"] == []
    await desk.send("POST", f"{path}/transitions", {"transition": {"id": "31"}}, 400)


async def test_a_project_that_is_gone(desk: Desk, control: Client) -> None:
    """Or hidden: nothing in it is there any more, until it is taken back."""
    made = await desk.create(labels=["here"])
    for gone in ({"deleted": True}, {"without": ["BROWSE_PROJECTS"]}):
        await control.post("jira/project", project="ML", **gone)
        await desk.get("2/project/ML", 404)
        await desk.get(f"2/issue/{made['id']}", 404)
        assert "project" in await desk.refused(body())
        assert await desk.search("labels = here") == []
        assert [each["key"] for each in await desk.get("2/project")] == ["DATA"]
        await control.post("jira/project", project="ML", deleted=False, without=[])
    assert await desk.search("labels = here") == ["ML-1"]


async def test_the_workflow(desk: Desk) -> None:
    """The strict project has no way from To Do to Done; the simple one has."""
    for project, ways in (("ML", {"new", "indeterminate", "done"}), ("DATA", {"indeterminate"})):
        made = await desk.create(project)
        found = (await desk.get(f"2/issue/{made['id']}/transitions"))["transitions"]
        assert {each["to"]["statusCategory"]["key"] for each in found} == ways
    path = f"2/issue/{made['id']}/transitions"
    for given, said in (
        ({"transition": {"id": "31"}}, "not valid for the current state of this issue (DATA-1)"),
        ({"transition": {"id": "99"}}, "Transition id '99' is not valid for this issue."),
        ({"transition": {"id": "Done"}}, "'transition' identifier must be an integer"),
        ({}, "Missing 'transition' identifier"),
        ({"transition": {"id": "11"}, "fields": {"duedate": None}}, "cannot be set"),
    ):
        answer = await desk.send("POST", path, given, 400)
        assert said in " ".join([*answer["errorMessages"], *answer["errors"].values()])
    for way in ("11", "21", "31"):
        await desk.send("POST", path, {"transition": {"id": way}}, 204)
    read = (await desk.get(f"2/issue/{made['id']}"))["fields"]
    assert (read["status"]["name"], read["resolution"]["name"]) == ("Done", "Done")
    await desk.send("POST", path, {"transition": {"id": 61}}, 204)
    read = (await desk.get(f"2/issue/{made['id']}"))["fields"]
    assert (read["status"]["name"], read["resolution"]) == ("To Do", None)


async def test_edits(desk: Desk) -> None:
    """Several ways to say one; what isn't an edit is refused; the answer is empty."""
    made = await desk.create(labels=["a"], duedate="2026-04-02")
    path = f"2/issue/{made['id']}"
    await desk.send("PUT", path, {"update": {"labels": [{"add": "b"}, {"remove": "a"}]}}, 204)
    await desk.send("PUT", path, {"fields": {"duedate": None}, "update": {}}, 204)
    read = (await desk.get(path))["fields"]
    assert (read["labels"], read["duedate"]) == (["b"], None)
    both = {"fields": {"labels": []}, "update": {"labels": [{"add": "c"}]}}
    bad: list[Json] = [
        {},
        {"fields": {}},
        both,
        {"fields": {"project": {"key": "DATA"}}},
        {"fields": {"summary": ""}},
        {"update": {"summary": [{"add": "x"}]}},
        {"update": {"labels": {"add": "x"}}},
        {"update": {"labels": [{"add": "x", "remove": "y"}]}},
        {"fields": ["summary"]},
    ]
    for given in bad:
        await desk.send("PUT", path, given, 400)
    await desk.send("PUT", "2/issue/ML-99", {"fields": {"summary": "x"}}, 404)


async def test_documents_on_version_3(desk: Desk) -> None:
    """Cloud's version 3 takes and gives documents; Data Center has no such version."""
    given = body(description=DOCUMENT)
    if not desk.is_cloud:
        await desk.send("POST", "3/issue", given, 404)
        return
    made = await desk.send("POST", "3/issue", given, 201)
    assert (await desk.get(f"3/issue/{made['id']}"))["fields"]["description"] == DOCUMENT
    assert (await desk.get(f"2/issue/{made['id']}"))["fields"]["description"] == "Hello"
    made = await desk.create(description="Plain")
    shown = (await desk.get(f"3/issue/{made['id']}"))["fields"]["description"]
    assert shown["content"][0]["content"] == [{"type": "text", "text": "Plain"}]
    assert (
        "Atlassian Document"
        in (await desk.refused(body(description="x"), version=3))["description"]
    )
    bad = {**DOCUMENT, "content": [{"type": "text", "text": "x"}]}
    assert await desk.refused(body(description=bad), version=3) == {"": "INVALID_INPUT"}


async def test_bodies_that_are_no_json(desk: Desk) -> None:
    """Broken ones, and those that don't say what they are."""
    url = f"{desk.sandbox.jira_url}/rest/api/2/issue"
    headers = {"Authorization": desk.authorization}
    for kind, text, status in (("application/json", "{", 400), ("application/json", "[]", 400),
                               ("text/plain", "{}", 415)):  # fmt: skip
        async with desk.session.post(
            url, data=text, headers=headers | {"Content-Type": kind}
        ) as reply:
            assert reply.status == status


@pytest.mark.parametrize(
    ("verb", "path", "status"),
    [
        ("GET", "2/nothing", 404),
        ("GET", "1/issue/ML-1", 404),
        ("PATCH", "2/issue/ML-1", 405),
        ("GET", "2/issue/ML-99", 404),
        ("GET", "2/issue/99", 404),
    ],
)
async def test_paths_that_lead_nowhere(desk: Desk, verb: str, path: str, status: int) -> None:
    """Unknown, of another version, or with another verb."""
    await desk.create()
    found, _, _ = await desk.ask(verb, path)
    assert found == status


async def test_remote_links(desk: Desk) -> None:
    """One of the same global id is renewed; a title, an address and a short id are a must."""
    made = await desk.create()
    path = f"2/issue/{made['key']}/remotelink"
    link: Json = {"globalId": "slack=1&x", "object": {"url": "https://a.example", "title": "A"}}
    first = await desk.send("POST", path, link, 201)
    link["object"]["title"] = "B"
    again = await desk.send("POST", path, link, 200)
    assert again["id"] == first["id"]
    (shown,) = await desk.get(path)
    assert (shown["object"]["title"], shown["globalId"]) == ("B", "slack=1&x")
    assert (await desk.get(path, globalId="slack=1&x"))["id"] == first["id"]
    await desk.get(path, 404, globalId="other")
    wrong: Json
    for wrong in ({}, {"object": {"url": "https://a.example"}}, {"object": {"title": "A"}},
                  {**link, "globalId": "x" * 256}):  # fmt: skip
        await desk.send("POST", path, wrong, 400)
    status, _, _ = await desk.ask("DELETE", path, globalId="slack=1&x")
    assert (status, await desk.get(path)) == (204, [])
