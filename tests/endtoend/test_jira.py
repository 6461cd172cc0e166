"""The whole bot beside a Jira: a team chooses its project; items and issues follow each other."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from bot.cli.checks import set_aside
from bot.core.clock import SystemMachine
from bot.sandbox.jira.world import Issue
from tests.endtoend.office import GENERAL, LENA, MEI, Office, office, shown
from tests.processes import PATIENCE, slowness

Json = dict[str, Any]


@pytest.fixture(params=["socket", "http"])
async def beside_jira(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[Office]:
    """An office whose bot has Jira."""
    async with office(database_url, request.param, jira=True) as opened:
        yield opened


async def add(at: Office, what: str, owner: str = MEI, by: str = LENA, **more: Any) -> None:
    """`/actions add`, and its form."""
    await at.post("command", user=by, channel=GENERAL, command="/actions", text=f"add {what}")
    await at.modal_saying(by, "What is to be done?")
    values = {"owner": {"owner": owner}, **more}
    assert (await at.post("submit", user=by, values=values))["outcome"] == "closed"


async def choose_project(at: Office, typed: str = "churn", by: str = LENA) -> Json:
    """`/team`, then its project, and the type that the modal suggests."""
    await at.post("command", user=by, channel=GENERAL, command="/team", text="")
    await at.modal_saying(by, "Jira project")
    await at.post("click", user=by, action_id="actions.project")
    await at.modal_saying(by, "Type its name or key")
    search = {"user": by, "action_id": "actions.project_search"}
    [option] = (await at.post("suggest", **search, query=typed))["options"]
    await at.post("click", **search, value=option["value"])
    await at.modal_saying(by, "Issue type")
    answer: Json = await at.post("submit", user=by, values={})
    return answer


async def until(is_so: Callable[[], bool], seconds: float = 10) -> float:
    """Wait for something; answers how many seconds that took."""
    machine = SystemMachine()
    began = machine.elapsed()
    while not is_so():
        assert machine.elapsed() - began < seconds
        await asyncio.sleep(0.005)
    return machine.elapsed() - began


def issues(at: Office) -> list[Issue]:
    return list(at.world.site.jira.world.issues.values())


async def jira(at: Office, act: str, **body: Any) -> Json:
    answer: Json = await at.post(f"jira/{act}", **body)
    return answer


async def test_a_team_connects_a_project_and_orders_tickets_of_what_is_open(
    beside_jira: Office,
) -> None:
    """By searching for it; what is open then is offered a ticket each."""
    at = beside_jira
    await add(at, "Fix the join")
    await add(at, "Ask about the labels", LENA)
    answer = await choose_project(at)
    assert answer["outcome"] == "updated", answer
    said = shown(answer["view"])
    assert "go to *Churn model* (ML) now, as Task" in said
    assert "Create tickets for 2 open items" in said
    await at.post("click", user=LENA, action_id="actions.order_tickets")
    await at.modal_saying(LENA, "2 tickets are being made")
    await at.rest()
    assert sorted(issue.summary for issue in issues(at)) == ["Ask about the labels", "Fix the join"]
    home = await at.post("home", user=MEI)
    await at.rest()
    home = (await at.state())["homes"][MEI]
    assert f"<{at.world.jira_url}/browse/ML-" in shown(home)
    assert "In Jira you are *Mei Tanaka* (same e-mail address)." in shown(home)
    await jira(at, "token", state="dead")
    await at.post("command", user=LENA, channel=GENERAL, command="/team", text="")
    await at.modal_saying(LENA, "Jira project")
    await at.post("click", user=LENA, action_id="actions.project")
    await at.modal_saying(LENA, "set a new MERIDIAN_JIRA_TOKEN")


async def test_a_ticket_is_there_soon_and_a_change_in_jira_comes_back_soon(
    beside_jira: Office,
) -> None:
    """Within 2 seconds, and within 5 by webhook; Jira's board and Slack say the same."""
    at = beside_jira
    await choose_project(at)
    await add(at, "Fix the join", ticket={"ticket": ["ticket"]})
    assert await until(lambda: bool(issues(at)), PATIENCE) / slowness() < 2
    await at.rest()
    await at.post("home", user=MEI)
    await at.rest()
    await jira(at, "transition", user=MEI, key="ML-1", to="indeterminate")

    async def home() -> str:
        return shown((await at.state())["homes"][MEI])

    machine = SystemMachine()
    began = machine.elapsed()
    while "in progress" not in await home():
        assert machine.elapsed() - began < PATIENCE
        await asyncio.sleep(0.02)
    assert (machine.elapsed() - began) / slowness() < 5
    await jira(at, "transition", user=MEI, key="ML-1", to="done")
    await at.rest()
    assert "Fix the join" not in await home()


@pytest.mark.parametrize("beside_jira", ["http"], indirect=True)
async def test_nobody_waits_for_a_jira_that_hangs(
    beside_jira: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What people do to an item is acked and shown all the same; its ticket comes when it can."""
    at = beside_jira
    await choose_project(at)
    assert at.bot.jira is not None
    gateway, goes_on = at.bot.jira.gateway, asyncio.Event()
    asked: list[str] = []

    def hang(name: str) -> None:
        real = getattr(gateway, name)

        async def hanging(*args: Any) -> Any:
            asked.append(name)
            await goes_on.wait()
            return await real(*args)

        monkeypatch.setattr(gateway, name, hanging)

    for name in ("create", "people", "issue", "issues"):
        hang(name)
    machine = SystemMachine()
    began = machine.elapsed()
    await add(at, "Fix the join", ticket={"ticket": ["ticket"]})
    await add(at, "Ask about the labels", LENA, ticket={"ticket": ["ticket"]})
    await at.post("command", user=MEI, channel=GENERAL, command="/actions", text="")
    await at.modal_saying(MEI, "Fix the join")
    await at.post("click", user=MEI, action_id="actions.done")
    await at.modal_saying(MEI, "✓ Done: Fix the join")
    assert (machine.elapsed() - began) / slowness() < 3
    await until(lambda: len(asked) == 2)
    assert issues(at) == []
    goes_on.set()
    await at.rest()
    made = {issue.summary: issue.category.key for issue in issues(at)}
    assert made == {"Fix the join": "done", "Ask about the labels": "new"}


async def test_who_somebody_is_in_jira_is_corrected_on_their_home(beside_jira: Office) -> None:
    """What they own is assigned to them there from then on."""
    at = beside_jira
    await choose_project(at)
    await jira(at, "account", account="second", display_name="Mei T.", email="")
    await add(at, "Fix the join", ticket={"ticket": ["ticket"]})
    await at.rest()
    await at.post("home", user=MEI)
    await at.rest()
    await at.post("click", user=MEI, action_id="actions.account")
    await at.modal_saying(MEI, "My account in Jira")
    search = {"user": MEI, "action_id": "actions.account_search"}
    options = (await at.post("suggest", **search, query="Mei"))["options"]
    other = next(one for one in options if one["text"]["text"].startswith("Mei T."))
    values = {"account": {"actions.account_search": other["value"]}}
    answer = await at.post("submit", user=MEI, values=values)
    assert "In Jira you are *Mei T.* (as you said)." in shown(answer["view"])
    await at.rest()
    world = at.world.site.jira.world
    assert world.accounts[issues(at)[0].assignee or ""].display_name == "Mei T."


async def test_what_jira_asks_for_is_filled_in_on_the_card(beside_jira: Office) -> None:
    """A field must be said: the owner is told, and says it. A form that is late stays open."""
    at = beside_jira
    await choose_project(at)
    await jira(at, "project", project="ML", type="Task", require=["customfield_10050"])
    await add(at, "Fix the join", owner=LENA, ticket={"ticket": ["ticket"]})
    await at.rest()
    assert issues(at) == []
    await at.post("home", user=LENA)
    await at.rest()
    assert "has no ticket yet: Jira asks for more" in shown((await at.state())["homes"][LENA])
    await at.post("click", user=LENA, action_id="actions.fill_in")
    modal = await at.modal_saying(LENA, "Component area")
    block = next(each["block_id"] for each in modal["blocks"] if each["type"] == "input")
    values = {block: {"said": "Warehouse"}}
    late = await at.submission(LENA)
    assert (await at.post("submit", user=LENA, values=values))["outcome"] == "closed"
    await at.rest()
    assert [issue.values["customfield_10050"] for issue in issues(at)] == ["10101"]
    late["view"]["state"]["values"][block]["said"]["selected_option"] = {"value": "10101"}
    settled = "That is settled already; your Home tab shows what is true now."
    assert await at.send(late) == {"response_action": "errors", "errors": {block: settled}}
    assert "has no ticket yet" not in shown((await at.state())["homes"][LENA])


async def test_a_moved_clock_rests_with_all_looks_done(beside_jira: Office) -> None:
    """A day's hundreds of looks are no stops; what a lost webhook told is there in the end."""
    at = beside_jira
    await choose_project(at)
    await add(at, "Fix the join", ticket={"ticket": ["ticket"]})
    await at.rest()
    await jira(at, "webhooks", mode="drop")
    await jira(at, "edit", user=LENA, key="ML-1", fields={"summary": "Fix both joins"})
    answer = await at.post("clock", advance="P1D")
    assert len(answer["stops"]) < 10
    await at.post("home", user=MEI)
    await at.rest()
    assert "Fix both joins" in shown((await at.state())["homes"][MEI])


async def test_without_jira_nothing_of_it_is_offered(by_http: Office) -> None:
    """Action items work all the same; nobody listens for its webhook."""
    at = by_http
    await at.post("command", user=LENA, channel=GENERAL, command="/team", text="")
    assert "Jira" not in shown(await at.modal_saying(LENA, "Time zone of the team"))
    await at.post("close", user=LENA)
    await add(at, "Fix the join")
    await at.post("home", user=MEI)
    await at.rest()
    home = shown((await at.state())["homes"][MEI])
    assert "Fix the join" in home
    assert "Jira" not in home
    async with at.session.post(f"{at.bot.web.url}/jira/webhook", data=io.BytesIO(b"{}")) as reply:
        assert reply.status == 404


async def test_jira_may_come_and_go_between_two_starts(beside_jira: Office) -> None:
    """What waited is sent once it is back; without it nothing is set aside."""
    at = beside_jira
    await choose_project(at)
    settings = at.bot._settings
    at.bot._settings = settings.model_copy(
        update=dict.fromkeys(("jira_url", "jira_email", "jira_token", "jira_webhook_secret"))
    )
    await at.restart()
    await add(at, "Fix the join", ticket={"ticket": ["ticket"]})
    await at.rest()
    assert issues(at) == []
    at.bot._settings = settings
    await at.restart()
    assert await until(lambda: bool(issues(at))) < 10
    await at.rest()
    assert await at.bot.database.read(set_aside) == 0
