"""What people do in Jira by control call, and what the board shows of it."""

from typing import Any

import pytest

from bot.core.clock import MovableCalendar
from bot.sandbox import Sandbox
from bot.sandbox.jira import Deployment
from bot.sandbox.jira.aurora import account_id
from bot.sandbox.jira.seeds import SEEDS, furnish
from tests.sandbox.conftest import START, Client, Paced
from tests.sandbox.jira.conftest import BUG, COMPONENT_AREA, Desk, Json


async def board(control: Client) -> Json:
    async with control.session.get(f"{control.url}/_control/jira/issues") as reply:
        assert reply.status == 200
        found: Json = await reply.json()
        return found


async def test_the_state_says_little_and_the_board_everything(desk: Desk, control: Client) -> None:
    """The shape is a contract with the page."""
    made = await desk.create(description="As *said*", labels=["a"], assignee=desk.user("mei"),
                             duedate="2026-04-02")  # fmt: skip
    link = {"globalId": "g", "object": {"url": "https://slack.example/p1", "title": "In Slack"}}
    await desk.send("POST", f"2/issue/{made['id']}/remotelink", link, 201)
    glance = (await control.state())["jira"]
    assert glance == {
        "url": desk.sandbox.jira_url,
        "deployment": "Cloud" if desk.is_cloud else "Server",
        "token": "alive",
        "issues": 1,
    }
    shown = await board(control)
    (issue,) = shown["issues"]
    assert issue | {"created": "", "updated": "", "links": [], "transitions": []} == {
        "id": made["id"], "key": "ML-1", "project": "ML", "type": "Task", "summary": "Try it",
        "description": "As *said*", "status": "To Do", "category": "new",
        "assignee": account_id("mei"), "reporter": account_id("meridian"),
        "duedate": "2026-04-02", "labels": ["a"], "fields": {}, "created": "", "updated": "",
        "transitions": [], "links": [], "comments": [], "history": [], "mentions": [],
        "macros": [],
    }  # fmt: skip
    assert issue["created"].startswith("2026-03-30T06:00")
    assert [(each["title"], each["url"]) for each in issue["links"]] == [
        ("In Slack", "https://slack.example/p1")
    ]
    assert [each["to"] for each in issue["transitions"]] == ["In Progress", "Done"]
    mei = next(each for each in shown["accounts"] if each["user"] == "U01MEI")
    assert (mei["id"], mei["display_name"]) == (account_id("mei"), "Mei Tanaka")
    ml = next(each for each in shown["projects"] if each["key"] == "ML")
    assert account_id("mei") in ml["assignable"]
    assert account_id("ines") not in ml["assignable"]


async def test_people_work_on_issues(desk: Desk, control: Client) -> None:
    """Created, assigned, moved on and commented by those who act; the history says who."""
    made = await control.post("jira/create", user="U01SAM", project="ML", type="Story",
                              fields={"summary": "By Sam", "assignee": "U01MEI"})  # fmt: skip
    await control.post("jira/transition", key=made["key"], to="in progress", user="U01MEI")
    await control.post("jira/edit", key=made["key"], user="U01LENA",
                       fields={"duedate": "2026-04-02", "assignee": "sam@aurora-ml.example",
                               "labels": ["x"], "summary": "By Lena"})  # fmt: skip
    await control.post("jira/comment", key=made["key"], text="Fine")
    (issue,) = (await board(control))["issues"]
    assert (issue["assignee"], issue["reporter"]) == (account_id("sam"), account_id("sam"))
    assert [
        (each["by"], [item["field"] for item in each["items"]]) for each in issue["history"]
    ] == [
        (account_id("mei"), ["status"]),
        (account_id("lena"), ["duedate", "assignee", "labels", "summary"]),
    ]
    assert [each["text"] for each in issue["comments"]] == ["Fine"]
    read = (await desk.get(f"2/issue/{made['id']}"))["fields"]
    assert (read["creator"]["displayName"], read["summary"]) == ("Sam Ortiz", "By Lena")
    await control.post("jira/edit", key=made["key"], fields={"assignee": None})
    assert (await desk.get(f"2/issue/{made['id']}"))["fields"]["assignee"] is None


async def test_an_issue_that_moves_is_found_by_its_old_key(desk: Desk, control: Client) -> None:
    """It keeps its number; what the other project asks for is filled in."""
    made = await desk.create(kind=BUG)
    moved = await control.post("jira/move", key="ML-1", project="DATA")
    assert moved == {"id": made["id"], "key": "DATA-1"}
    for ref in (made["id"], "ML-1", "ml-1", "DATA-1"):
        read = await desk.get(f"2/issue/{ref}")
        assert (read["key"], read["fields"]["project"]["key"]) == ("DATA-1", "DATA")
    assert read["fields"][COMPONENT_AREA]["value"] == "Ingestion"
    assert await desk.search("key = ML-1") == ["DATA-1"]
    assert await desk.search(f"id in ({made['id']})") == ["DATA-1"]
    assert (await desk.create())["key"] == "ML-2"
    await control.post("jira/delete", key="ML-1")
    await desk.get("2/issue/ML-1", 404)
    assert (await board(control))["deleted"] == ["DATA-1"]


async def test_what_a_text_would_do_is_told(desk: Desk, control: Client) -> None:
    """Whom it notifies and which macros it runs; escaped it does neither."""
    wild = "See [~accountid:712020:x] and [~mei] {color:red}now{color} {noformat}[~sam]{noformat}"
    await desk.create(description=wild)
    await desk.create(description=r"\[~mei] \{color:red}now\{color}")
    shown = {each["key"]: each for each in (await board(control))["issues"]}
    assert shown["ML-1"]["mentions"] == ["712020:x", "mei"]
    assert shown["ML-1"]["macros"] == ["noformat", "color", "color"]
    assert (shown["ML-2"]["mentions"], shown["ML-2"]["macros"]) == ([], [])


async def test_it_becomes_the_other_shape(desk: Desk, control: Client) -> None:
    """Issues stay, the way in changes."""
    await desk.create()
    other = Deployment.SERVER if desk.is_cloud else Deployment.CLOUD
    await control.post("jira/deployment", deployment=other)
    info = await desk.get("2/serverInfo")
    assert info["deploymentType"] == other.value
    assert (await desk.get("2/issue/ML-1"))["key"] == "ML-1"


async def test_accounts_change(desk: Desk, control: Client) -> None:
    """One is opened, hidden, renamed, and made unassignable."""
    made = await control.post("jira/account", account="rafael", display_name="Rafael Lima")
    query = {"query" if desk.is_cloud else "username": "rafael@aurora-ml.example"}
    (found,) = await desk.get("2/user/search", **query)
    assert found["emailAddress"] == "rafael@aurora-ml.example"
    await control.post("jira/account", account=made["account"], hidden=True, assignable=False)
    (found,) = await desk.get("2/user/search", **query)
    assert "emailAddress" not in found
    able = await desk.get("2/user/assignable/search", project="ML", **query)
    assert able == []
    await control.post("jira/account", account="rafael", assignable=True, email="r@x.example")
    query = {"query" if desk.is_cloud else "username": "Rafael"}
    assert len(await desk.get("2/user/assignable/search", project="ML", **query)) == 1


async def test_whose_address_is_hidden(desk: Desk) -> None:
    """Found by the whole of it, and not by its beginning."""
    name = "query" if desk.is_cloud else "username"
    (found,) = await desk.get("2/user/search", **{name: "arjun@aurora-ml.example"})
    assert (found["displayName"], "emailAddress" in found) == ("Arjun Rao", False)
    assert await desk.get("2/user/search", **{name: "arjun@"}) == []
    assert await desk.get("2/user/search", **{name: "rafael"}) == []
    await desk.get("2/user/search", 400)
    if desk.is_cloud:
        answer = await desk.get("2/user/search", 400, username="mei")
        assert "GDPR strict mode" in answer["errorMessages"][0]
        await desk.get("2/user", 404, accountId="712020:x")
    else:
        await desk.get("2/user", 404, username="rafael")
    await desk.get("2/user/assignable/search", 400, **{name: "mei"})


async def test_slack_tells_the_addresses_to_match(desk: Desk) -> None:
    """The same as Jira's for all who have an account but show it to nobody."""
    slack = desk.sandbox.site.world.users.values()
    emails = {each.email for each in desk.sandbox.site.jira.world.accounts.values() if each.email}
    members = {each.email for each in slack if each.email and not each.is_foreign}
    assert members - emails == {"rafael@aurora-ml.example"}


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("transition", {"key": "ML-9", "to": "Done"}, "there is no issue 'ML-9'"),
        ("transition", {"key": "DATA-1", "to": "Done"}, "can't go to 'Done' from here"),
        ("transition", {"key": "ML-1", "to": "Done", "user": "U01RAFAEL"}, "no account in Jira"),
        ("transition", {"key": "ML-1", "to": "Done", "user": "U0"}, "there is no user"),
        ("edit", {"key": "ML-1", "fields": {"duedate": "soon"}}, "Error parsing date string"),
        ("edit", {"key": "ML-1", "fields": {"assignee": "U01INES"}}, "cannot be assigned"),
        ("edit", {"key": "ML-1", "fields": {"assignee": "U01RAFAEL"}}, "no account in Jira"),
        ("edit", {"key": "ML-1", "fields": "x"}, "fields is an object"),
        ("create", {"project": "NOPE"}, "there is no project 'NOPE'"),
        ("create", {"project": "ML", "type": "Epic"}, "has no issue type 'Epic'"),
        ("create", {"project": "ML", "fields": {}}, "must specify a summary"),
        ("move", {"key": "ML-1", "project": "ML"}, "is in ML already"),
        ("comment", {"key": "ML-1", "text": " "}, "needs a text"),
        ("lag", {"seconds": -1}, "a number of seconds"),
        ("lag", {"seconds": True}, "a number of seconds"),
        ("token", {"state": "tired"}, "is one of alive, dead, anonymous"),
        ("deployment", {"deployment": "Both"}, "is one of Cloud, Server"),
        ("project", {"project": "NOPE"}, "there is no project 'NOPE'"),
        ("project", {"project": "ML", "without": ["FLY"]}, "is a list of some of BROWSE_PROJECTS"),
        ("project", {"project": "ML", "deleted": 1}, "true or false"),
        ("account", {"account": "mei", "email": 5}, "email is a string"),
        ("account", {"account": "a b"}, "letters and digits"),
    ],
)
async def test_nonsense_is_answered_with_a_sentence(
    desk: Desk, control: Client, name: str, body: dict[str, Any], said: str
) -> None:
    """400, and what was wrong."""
    await desk.create()
    await desk.create("DATA")
    assert said in (await control.post(f"jira/{name}", 400, **body))["error"]


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/jira", "/#jira"),
        ("/jira/", "/#jira"),
        ("/jira/browse/ML-1", "/#jira&issue=ML-1"),
        ("/jira/browse/x%22%3E", "/#jira"),
        ("/jira/projects/ML", "/#jira"),
    ],
)
async def test_a_person_is_led_to_the_board(control: Client, path: str, place: str) -> None:
    """And to the issue that a link names."""
    async with control.session.get(control.url + path, allow_redirects=False) as reply:
        assert (reply.status, reply.headers["Location"]) == (302, place)


def test_a_furnished_board(machine: Paced) -> None:
    """Some in each column, from people with accounts, in ways that the workflows have."""
    running = Sandbox(machine=machine, calendar=MovableCalendar(machine, START))
    furnish(running.site.jira)
    issues = list(running.site.jira.world.issues.values())
    assert len(issues) == len(SEEDS)
    assert {each.category.key for each in issues} == {"new", "indeterminate", "done"}
    assert {each.key for each in issues} >= {"ML-1", "DATA-1"}
