"""The library that the bot uses does all it does against the real thing, in both shapes."""

import jira
import pytest

from bot.sandbox.jira.aurora import account_id
from tests.sandbox.conftest import Client
from tests.sandbox.jira.conftest import COMPONENT_AREA, Desk


async def test_it_tells_which_jira_this_is(desk: Desk) -> None:
    """By the server's own word, and with the zone of the account that asks."""

    def work(client: jira.JIRA) -> tuple[object, object, object]:
        return client.deploymentType, client.myself()["displayName"], client.myself()["timeZone"]

    kind = "Cloud" if desk.is_cloud else "Server"
    assert await desk.by_library(work) == (kind, "Meridian", "Europe/Berlin")


async def test_an_issue_through_its_whole_life(desk: Desk, control: Client) -> None:
    """Created without a second look, found by its label, edited, moved on, linked, deleted."""

    def work(client: jira.JIRA) -> None:
        assignee = desk.user("mei")
        made = client.create_issue(
            fields={
                "project": {"key": "ML"}, "issuetype": {"name": "Task"}, "summary": "Fix it",
                "description": "As *said*.", "labels": ["meridian-ab12"], "duedate": "2026-04-02",
                "assignee": assignee,
            },
            prefetch=False,
        )  # fmt: skip
        (found,) = client.search_issues('labels = "meridian-ab12"', fields="summary,status")
        assert (found.id, found.fields.summary) == (made.id, "Fix it")
        issue = client.issue(made.id)
        assert issue.raw["fields"]["assignee"]["displayName"] == "Mei Tanaka"
        assert (issue.fields.duedate, issue.fields.labels) == ("2026-04-02", ["meridian-ab12"])
        assert issue.fields.description == "As *said*."
        issue.update(fields={"duedate": "2026-04-09", "assignee": None})
        assert (issue.fields.duedate, issue.fields.assignee) == ("2026-04-09", None)
        ways = {
            each["to"]["statusCategory"]["key"]: each["id"] for each in client.transitions(issue)
        }
        client.transition_issue(issue, ways["done"])
        assert client.issue(made.key).fields.status.statusCategory.key == "done"
        client.add_simple_link(made.key, {"url": "https://x.example/1", "title": "Slack"})
        assert [each.object.title for each in client.remote_links(made.key)] == ["Slack"]
        client.add_comment(made.key, "Done now")
        assert [each.body for each in client.comments(made.key)] == ["Done now"]
        client.issue(made.id).delete()  # type: ignore[no-untyped-call]
        with pytest.raises(jira.JIRAError) as gone:
            client.issue(made.id)
        assert gone.value.status_code == 404

    await desk.by_library(work)
    async with control.session.get(f"{control.url}/_control/jira/issues") as reply:
        assert (await reply.json())["deleted"] == ["ML-1"]


async def test_what_a_project_offers(desk: Desk) -> None:
    """Projects, types, and a field that is a must, by the way each shape has for it."""

    def work(client: jira.JIRA) -> tuple[list[str], list[str], list[str]]:
        if desk.is_cloud:
            (project,) = client.createmeta("DATA", expand="projects.issuetypes.fields")["projects"]
            rows = project["issuetypes"]
            (bug,) = [each for each in rows if each["name"] == "Bug"]
            must = [n for n, each in bug["fields"].items() if each["required"]]
            types = [each["name"] for each in rows]
        else:
            types_ = client.project_issue_types("DATA")
            types = [each.name for each in types_]
            (bug_id,) = [each.id for each in types_ if each.name == "Bug"]
            fields = client.project_issue_fields("DATA", bug_id)
            must = [each.fieldId for each in fields if each.required]
        return [each.key for each in client.projects()], types, must

    keys, types, must = await desk.by_library(work)
    assert keys == ["DATA", "ML"]
    assert types == ["Task", "Bug", "Story", "Sub-task"]
    assert {"project", "issuetype", "summary", COMPONENT_AREA} <= set(must)
    assert "duedate" not in must


async def test_people_are_found(desk: Desk) -> None:
    """By address, as far as each shape lets one ask, and by what is assignable where."""

    def work(client: jira.JIRA) -> tuple[list[str], list[str], object]:
        words = "mei@aurora-ml.example"
        find = client.search_assignable_users_for_issues
        if desk.is_cloud:
            users, able = client.search_users(query=words), find(project="ML", query="i")
        else:
            users, able = client.search_users(words), find("i", project="ML")
        lena = client.user(account_id("lena") if desk.is_cloud else "lena")
        names = [[each.displayName for each in found] for found in (users, able)]
        return names[0], names[1], lena.emailAddress

    assert await desk.by_library(work) == (["Mei Tanaka"], [], "lena@aurora-ml.example")


async def test_all_pages_are_fetched(desk: Desk) -> None:
    """By token or by number, whichever the shape has."""
    for number in range(7):
        await desk.create(summary=f"Number {number}", labels=["many"])

    def work(client: jira.JIRA) -> list[str]:
        if not desk.is_cloud:
            found = client.search_issues("labels = many ORDER BY key", maxResults=False)
            return [each.key for each in found]
        first = client.enhanced_search_issues("labels = many ORDER BY key", maxResults=3)
        rest = client.enhanced_search_issues(
            "labels = many ORDER BY key", nextPageToken=first.nextPageToken, maxResults=0
        )
        return [each.key for each in [*first, *rest]]

    assert await desk.by_library(work) == [f"ML-{number}" for number in range(1, 8)]


async def test_rights_are_told(desk: Desk, control: Client) -> None:
    """Those the bot has, until an administrator takes one away."""

    def work(client: jira.JIRA) -> dict[str, bool]:
        asked = "CREATE_ISSUES,ASSIGN_ISSUES"
        found = client.my_permissions(projectKey="ML", permissions=asked)["permissions"]
        return {name: bool(each["havePermission"]) for name, each in found.items()}

    assert await desk.by_library(work) == {"CREATE_ISSUES": True, "ASSIGN_ISSUES": True}
    await control.post("jira/project", project="ML", without=["ASSIGN_ISSUES"])
    assert await desk.by_library(work) == {"CREATE_ISSUES": True, "ASSIGN_ISSUES": False}
