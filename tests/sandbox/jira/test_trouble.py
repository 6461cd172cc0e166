"""Faults by path, tokens that die, rates that are held."""

import aiohttp
import jira
import pytest

from bot.sandbox.jira import EMAIL, TOKEN
from tests.sandbox.conftest import Client, Paced
from tests.sandbox.jira.conftest import TASK, Desk, Json

ISSUE = "/jira/rest/api/2/issue"
BODY = {"fields": {"project": {"key": "ML"}, "issuetype": {"id": TASK}, "summary": "x"}}


def count(desk: Desk) -> int:
    return len(desk.sandbox.site.jira.world.issues)


async def test_a_reply_dropped_before_or_after_the_effect(desk: Desk, control: Client) -> None:
    """The caller sees the same; Jira doesn't. Another path is left alone."""
    for mode, there in (("drop_before", 0), ("drop_after", 1)):
        await control.post("fault", method=f"POST {ISSUE}", mode=mode)
        await desk.get("2/project")
        with pytest.raises(aiohttp.ClientError):
            await desk.ask("POST", "2/issue", BODY)
        assert count(desk) == there
    await desk.create()


async def test_the_library_says_a_dropped_reply_is_a_connection_error(
    desk: Desk, control: Client
) -> None:
    """So that the bot can tell that it does not know what came of it."""
    await control.post("fault", method=ISSUE, mode="drop_after", count=1)

    def work(client: jira.JIRA) -> None:
        with pytest.raises(OSError, match="Connection aborted"):
            client.create_issue(fields=BODY["fields"], prefetch=False)

    await desk.by_library(work)
    assert count(desk) == 1


async def test_a_status_before_or_after_the_effect(desk: Desk, control: Client) -> None:
    """429 says when to come again; a 5xx may have had its effect."""
    await control.post("fault", method="/jira/rest/api/*/issue", mode="status", status=429,
                       retry_after=7)  # fmt: skip
    status, _, headers = await desk.ask("POST", "2/issue", BODY)
    assert (status, headers["Retry-After"], count(desk)) == (429, "7", 0)
    await control.post("fault", method="/jira/*", mode="status", status=503, after=True)
    status, _, _ = await desk.ask("POST", "2/issue", BODY)
    assert (status, count(desk)) == (503, 1)
    await control.post("fault", method="/jira/*", mode="error", error="No.", count=1)
    status, answer, _ = await desk.ask("POST", "2/issue", BODY)
    assert (status, answer["errorMessages"], count(desk)) == (400, ["No."], 1)


@pytest.mark.parametrize("after", [False, True])
async def test_a_delay_is_machine_time(
    desk: Desk, control: Client, machine: Paced, after: bool
) -> None:
    """A caller that gives up finds the effect there at once, or only later."""
    await control.post("fault", method=ISSUE, mode="delay", seconds=30, after=after)
    with pytest.raises(TimeoutError):
        async with desk.session.post(
            f"{desk.sandbox.url}{ISSUE}", json=BODY, headers={"Authorization": desk.authorization},
            timeout=aiohttp.ClientTimeout(total=0.2),
        ):  # fmt: skip
            pass
    assert count(desk) == int(after)
    machine.push(30)
    for _ in range(100):
        if count(desk):
            break
        await desk.get("2/project")
    assert count(desk) == 1


async def test_slack_and_jira_have_faults_of_their_own(desk: Desk, control: Client) -> None:
    """`*` is for Slack's methods, `/jira/*` for Jira's paths."""
    await control.post("fault", method="*", mode="status", status=500, count=None)
    await desk.get("2/project")
    async with desk.session.post(f"{desk.sandbox.url}/api/api.test") as reply:
        assert reply.status == 500
    await control.session.delete(f"{control.url}/_control/fault", json={})
    await control.post("fault", method="/jira/*", mode="status", status=500, count=None)
    await desk.get("2/project", 500)
    async with desk.session.post(f"{desk.sandbox.url}/api/api.test") as reply:
        assert reply.status == 200


async def test_a_wrong_token_is_unauthorized(desk: Desk) -> None:
    """Whatever is asked for; without any, only the server's own word is to be had."""
    wrong = [
        aiohttp.encode_basic_auth(EMAIL, "old"),
        aiohttp.encode_basic_auth("other@aurora-ml.example", TOKEN),
        "Basic nonsense",
    ] if desk.is_cloud else ["Bearer old", aiohttp.encode_basic_auth(EMAIL, TOKEN)]  # fmt: skip
    for authorization in wrong:
        for path in ("2/serverInfo", "2/myself", "2/project", "2/issue/ML-1"):
            status, _, headers = await desk.ask(
                "GET", path, headers={"Authorization": authorization}
            )
            assert status == 401
            assert headers["X-Seraph-LoginReason"] == "AUTHENTICATED_FAILED"
    for path, status in (("2/serverInfo", 200), ("2/myself", 401), ("2/project", 401)):
        found, _, _ = await desk.ask("GET", path, headers={})
        assert found == status


async def test_cloud_takes_no_bearer(desk: Desk) -> None:
    """An API token is half of a password there."""
    if desk.is_cloud:
        status, _, _ = await desk.ask("GET", "2/myself", headers={"Authorization": "Bearer x"})
        assert status == 403


async def test_a_token_dies_and_is_repaired(desk: Desk, control: Client) -> None:
    """Through the library: 401 for all it asks, then as before."""
    await desk.create()

    def work(client: jira.JIRA) -> list[str]:
        return [each.key for each in client.projects()]

    await control.post("jira/token", state="dead")
    with pytest.raises(jira.JIRAError) as refused:
        await desk.by_library(work)
    assert refused.value.status_code == 401
    await control.post("jira/token", state="alive")
    assert await desk.by_library(work) == ["DATA", "ML"]


async def test_cloud_may_take_a_dead_token_for_nobodys(desk: Desk, control: Client) -> None:
    """Then everything seems to be gone, and only a header says why."""
    if not desk.is_cloud:
        await control.post("jira/token", 400, state="anonymous")
        return
    made = await desk.create(labels=["here"])
    await control.post("jira/token", state="anonymous")
    for path, status in ((f"2/issue/{made['id']}", 404), ("2/myself", 401), ("2/serverInfo", 200),
                         ("2/user/search?query=mei", 401)):  # fmt: skip
        found, _, headers = await desk.ask("GET", path)
        assert (found, headers["X-Seraph-LoginReason"]) == (status, "AUTHENTICATED_FAILED")
    assert await desk.get("2/project") == []
    assert await desk.search("labels = here") == []
    answer = await desk.get("2/search/jql", 400, jql="assignee = currentUser()")
    assert "anonymous users" in answer["errorMessages"][0]
    assert await desk.refused(BODY) == {
        "project": "Anonymous users do not have permission to create issues in this project. "
        "Please try logging in first."
    }
    await control.post("jira/token", state="alive")
    _, _, headers = await desk.ask("GET", f"2/issue/{made['id']}")
    assert headers["X-Seraph-LoginReason"] == "OK"


async def test_clouds_rates(desk: Desk, machine: Paced) -> None:
    """100 reads a second of one endpoint, 20 writes in two seconds to one issue."""
    made = await desk.create()
    machine.push(5)
    found = {(await desk.ask("GET", "2/serverInfo"))[0] for _ in range(100)}
    assert found == {200}
    status, _, headers = await desk.ask("GET", "2/serverInfo")
    if not desk.is_cloud:
        assert status == 200
        return
    assert (status, headers["Retry-After"]) == (429, "1")
    assert headers["RateLimit-Reason"] == "jira-burst-based"
    await desk.get("2/myself")
    machine.push(1)
    await desk.get("2/serverInfo")
    path, edit = f"2/issue/{made['id']}", {"fields": {"duedate": None}}
    for _ in range(20):
        await desk.send("PUT", path, edit, 204)
    status, _, headers = await desk.ask("PUT", path, edit)
    assert (status, headers["RateLimit-Reason"]) == (429, "jira-per-issue-on-write")
    other = await desk.create()
    await desk.send("PUT", f"2/issue/{other['id']}", edit, 204)
    machine.push(2)
    await desk.send("PUT", path, edit, 204)


async def test_rates_can_be_off(desk: Desk) -> None:
    """With Slack's."""
    desk.sandbox.site.rates.limits = False
    found = {(await desk.ask("GET", "2/serverInfo"))[0] for _ in range(120)}
    assert found == {200}


async def test_the_log_has_what_was_asked(desk: Desk, control: Client) -> None:
    """Verb, path, status and body; no token."""
    await desk.create(summary="For the log")
    entries = [e for e in await control.log() if e["kind"] == "jira"]
    (entry,) = entries
    assert (entry["summary"], entry["status"]) == (f"POST {ISSUE}", "201")
    assert "For the log" in entry["body"]
    told: Json = {"all": await control.log()}
    assert TOKEN not in str(told)
    assert desk.authorization.split()[1] not in str(told)
