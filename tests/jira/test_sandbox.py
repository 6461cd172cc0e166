"""The gateway and the sandbox's Jira, over real HTTP, as Cloud and as Data Center."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import aiohttp
import pytest

from bot.core.clock import MovableCalendar
from bot.core.errors import NotSent, OutcomeUnknown, RateLimited
from bot.jira import markup
from bot.jira.errors import FieldsMissing, JiraRefused, NotFound, Unauthorised
from bot.jira.gateway import Gateway
from bot.jira.model import Account, Category, Changes, Kind, NewIssue, Project, RemoteLink, Right
from bot.sandbox import Sandbox
from bot.sandbox.jira import EMAIL, TOKEN, Deployment
from bot.sandbox.jira.world import Issue
from tests.sandbox.conftest import START, Client, Paced

ML, DATA = Project("10010", "ML", "Churn model"), Project("10020", "DATA", "Data platform")
TASK, BUG = "10001", "10002"


@dataclass
class Site:
    """The sandbox's Jira, and how often it was asked."""

    sandbox: Sandbox
    control: Client

    @property
    def issues(self) -> list[Issue]:
        return list(self.sandbox.site.jira.world.issues.values())

    def calls(self) -> list[str]:
        """The calls so far, without the prefix."""
        entries = self.sandbox.site.log.entries()
        asked = [one["summary"] for one in entries if one["kind"] == "jira"]
        return [one.replace("/jira/rest/api/2/", "") for one in asked]

    async def do(self, name: str, **body: Any) -> dict[str, Any]:
        """What a person does in Jira."""
        return await self.control.post(f"jira/{name}", 200, **body)

    async def trouble(self, mode: str, path: str, **more: Any) -> None:
        method = f"/jira/rest/api/*/{path}"
        await self.control.post("fault", 200, method=method, mode=mode, count=1, **more)


@pytest.fixture
def machine() -> Paced:
    return Paced()


@pytest.fixture(params=Deployment)
async def site(machine: Paced, request: pytest.FixtureRequest) -> AsyncIterator[Site]:
    calendar = MovableCalendar(machine, START)
    running = Sandbox(machine=machine, calendar=calendar, limits=False, deployment=request.param)
    await running.start()
    async with aiohttp.ClientSession() as session:
        yield Site(running, Client(running.url, session))
    await running.stop()


def reached(site: Site, token: str = TOKEN) -> Gateway:
    email = EMAIL if site.sandbox.site.jira.world.is_cloud else None
    return Gateway(site.sandbox.jira_url, token, email)


@pytest.fixture
async def jira(site: Site) -> AsyncIterator[Gateway]:
    made = reached(site)
    yield made
    await made.close()


def new(summary: str = "Ask for the missing labels", **more: Any) -> NewIssue:
    return NewIssue(**{"project_id": ML.id, "issue_type_id": TASK, "summary": summary, **more})


async def lena(jira: Gateway) -> Account:
    (found,) = await jira.people("lena@aurora-ml.example")
    return found


async def test_it_is_known_which_jira_and_who_we_are(site: Site, jira: Gateway) -> None:
    """And what we may do there."""
    server = await jira.server()
    assert server.cloud is site.sandbox.site.jira.world.is_cloud
    assert (await jira.me()).email == EMAIL
    assert await jira.rights() == set(Right)
    await site.do("project", project="ML", without=["CREATE_ISSUES"])
    assert await jira.rights(ML.id) == set(Right) - {Right.CREATE}


async def test_a_team_can_choose_from_what_exists(jira: Gateway) -> None:
    """Projects, types, and the fields of one."""
    assert await jira.projects() == (ML, DATA)
    assert await jira.projects("plat") == (DATA,)
    assert await jira.project(DATA.id) == DATA
    names = [one.name for one in await jira.issue_types(DATA.id) if not one.subtask]
    assert names == ["Task", "Bug", "Story"]
    fields = await jira.fields(DATA.id, BUG)
    assert (fields[0].name, fields[0].kind, fields[0].required) == (
        "Component area",
        Kind.ONE,
        True,
    )
    assert [one.name for one in fields[0].options] == ["Ingestion", "Warehouse", "Dashboards"]


async def test_an_issue_is_as_it_was_created(site: Site, jira: Gateway) -> None:
    """By one request; looked for by its label, and read by its number."""
    owner = await lena(jira)
    asked = len(site.calls())
    made = await jira.create(
        new(labels=("meridian-Zk3",), assignee=owner.id, due=date(2026, 4, 9), description="x")
    )
    assert site.calls()[asked:] == ["POST issue"]
    found = await jira.issue(made.id)
    assert await jira.find("meridian-Zk3") == (found,)
    assert (found.key, found.url) == (made.key, made.url)
    assert (found.project, found.summary) == (ML, "Ask for the missing labels")
    assert (found.category, found.due) == (Category.TODO, date(2026, 4, 9))
    assert found.labels == {"meridian-Zk3"}
    assert found.assignee is not None
    assert found.assignee.id == owner.id


async def test_what_people_write_does_nothing_there(site: Site, jira: Gateway) -> None:
    """It mentions nobody and runs no macro."""
    owner = await lena(jira)
    said = f"ping [~{owner.id}] [~accountid:{owner.id}] \\[~lena] {{code}}x{{code}} {{html}}"
    await jira.create(new(said, description=markup.inert(said)))
    (shown,) = (await site.control.session.get(f"{site.sandbox.url}/_control/jira/issues"),)
    (issue,) = (await shown.json())["issues"]
    assert (issue["mentions"], issue["macros"]) == ([], [])


async def test_what_jira_refuses_is_named(site: Site, jira: Gateway) -> None:
    """A field that is missing, somebody who can't be assigned, a project that is gone."""
    with pytest.raises(FieldsMissing) as missing:
        await jira.create(new(project_id=DATA.id, issue_type_id=BUG))
    assert missing.value.missing == {"customfield_10050"}
    (ines,) = await jira.people("Inês")
    with pytest.raises(JiraRefused) as refused:
        await jira.create(new(assignee=ines.id))
    assert not isinstance(refused.value, FieldsMissing)
    assert set(refused.value.fields) == {"assignee"}
    await site.do("project", project="ML", deleted=True)
    with pytest.raises(JiraRefused) as gone:
        await jira.create(new())
    assert not isinstance(gone.value, FieldsMissing)
    with pytest.raises(NotFound):
        await jira.project(ML.id)
    assert site.issues == []


async def test_changes_reach_jira(jira: Gateway) -> None:
    """Set, and cleared again."""
    owner, made = await lena(jira), await jira.create(new())
    await jira.update(made.id, Changes(assignee=owner.id, due=date(2026, 4, 9)))
    found = await jira.issue(made.id)
    assert found.assignee is not None
    assert (found.assignee.id, found.due) == (owner.id, date(2026, 4, 9))
    await jira.update(made.id, Changes(assignee=None))
    found = await jira.issue(made.id)
    assert (found.assignee, found.due) == (None, date(2026, 4, 9))
    await jira.update(made.id, Changes(due=None))
    assert (await jira.issue(made.id)).due is None


async def test_an_issue_is_moved_on_where_a_way_leads(jira: Gateway) -> None:
    """Not where none does (any more)."""
    made = await jira.create(new(project_id=DATA.id))
    ways = {one.to: one for one in await jira.transitions(made.id)}
    assert set(ways) == {Category.IN_PROGRESS}
    await jira.transition(made.id, ways[Category.IN_PROGRESS].id)
    assert (await jira.issue(made.id)).category is Category.IN_PROGRESS
    with pytest.raises(JiraRefused, match="not valid for the current state"):
        await jira.transition(made.id, ways[Category.IN_PROGRESS].id)


async def test_a_link_is_renewed_by_its_global_id(site: Site, jira: Gateway) -> None:
    """Two writes are one link."""
    made = await jira.create(new())
    for title in ("Stand-up", "Stand-up of 30 March"):
        await jira.link(made.id, RemoteLink("meridian-Zk3", "https://slack.example/1", title))
    (link,) = site.sandbox.site.jira.world.links[made.id]
    assert link.object["title"] == "Stand-up of 30 March"


async def test_a_moved_issue_is_followed_and_a_deleted_one_missed(
    site: Site, jira: Gateway
) -> None:
    """Its number stays."""
    made, other = await jira.create(new()), await jira.create(new())
    await site.do("move", key=made.key, project="DATA")
    moved = await jira.issue(made.id)
    assert (moved.id, moved.project) == (made.id, DATA)
    await site.do("delete", key=other.key)
    with pytest.raises(NotFound):
        await jira.issue(other.id)


async def test_many_issues_are_polled_at_once(site: Site, jira: Gateway) -> None:
    """The deleted one is no error, and is said to be absent."""
    made = [await jira.create(new(f"Item {n}")) for n in range(3)]
    await site.do("delete", key=made[1].key)
    asked = len(site.calls())
    polled = await jira.issues([one.id for one in made])
    assert {one.id for one in polled.found} == {made[0].id, made[2].id}
    assert polled.absent == {made[1].id}
    assert len(site.calls()) == asked + 1


async def test_searches_find_what_somebody_means(site: Site, jira: Gateway) -> None:
    """By words, the last of them half typed; by key; what is mine and in progress."""
    owner = await lena(jira)
    labels = await jira.create(new(assignee=owner.id))
    other = await jira.create(new("Tune the model"))
    keys = [labels.key, other.key]
    assert [one.key for one in await jira.search(ML, "the MISSING lab")] == keys[:1]
    assert [one.key for one in await jira.search(ML, labels.key.lower())] == keys[:1]
    assert [one.key for one in await jira.search(ML, other.key.partition("-")[2])] == keys[1:]
    assert {one.key for one in await jira.search(ML, "")} == set(keys)
    assert await jira.search(DATA, labels.key) == ()
    assert await jira.search(ML, "NOT (a) OR b*") == ()
    assert await jira.in_progress(owner.id) == ()
    await site.do("transition", key=labels.key, to="indeterminate")
    assert [one.key for one in await jira.in_progress(owner.id)] == keys[:1]


async def test_many_are_read_to_the_last(jira: Gateway) -> None:
    """A hundred at once; of those that are looked for, a few are enough."""
    made = [await jira.create(new(f"Item {number}", labels=("meridian",))) for number in range(103)]
    ids = {one.id for one in made}
    assert {one.id for one in (await jira.issues(ids)).found} == ids
    assert len(await jira.find("meridian")) == 10


async def test_the_index_lags(site: Site, jira: Gateway, machine: Paced) -> None:
    """A look-up finds nothing until then; the issue itself is there."""
    await site.do("lag", seconds=60)
    made = await jira.create(new(labels=("meridian-Zk3",)))
    assert await jira.find("meridian-Zk3") == ()
    assert (await jira.issue(made.id)).id == made.id
    machine.push(61)
    assert [one.id for one in await jira.find("meridian-Zk3")] == [made.id]


async def test_people_are_found_by_what_is_known_of_them(jira: Gateway) -> None:
    """An address that is hidden still matches as a whole."""
    (arjun,) = await jira.people("arjun@aurora-ml.example")
    assert (arjun.name, arjun.email) == ("Arjun Rao", None)
    assert await jira.people("rafael@aurora-ml.example") == ()
    assert (await jira.people("Lena")) == (await lena(jira),)


# --- trouble


async def test_a_reply_that_is_lost_leaves_one_issue(site: Site, jira: Gateway) -> None:
    """Nobody can tell; the label does."""
    await site.trouble("drop_after", "issue")
    with pytest.raises(OutcomeUnknown):
        await jira.create(new(labels=("meridian-Zk3",)))
    assert len(await jira.find("meridian-Zk3")) == len(site.issues) == 1


async def test_a_request_that_is_lost_leaves_none(site: Site, jira: Gateway) -> None:
    """Nobody can tell that either."""
    await site.trouble("drop_before", "issue")
    with pytest.raises(OutcomeUnknown):
        await jira.create(new())
    assert site.issues == []


async def test_a_pause_is_jira_s_to_choose(site: Site, jira: Gateway) -> None:
    """And nothing took effect."""
    await site.trouble("status", "issue", status=429, retry_after=7)
    with pytest.raises(RateLimited) as raised:
        await jira.create(new())
    assert (raised.value.retry_after, site.issues) == (7, [])


async def test_a_broken_jira_is_unknown(site: Site, jira: Gateway) -> None:
    """Then it works again."""
    await site.trouble("status", "issue", status=500)
    with pytest.raises(OutcomeUnknown):
        await jira.create(new())
    assert (await jira.create(new())).key == "ML-1"


@pytest.mark.parametrize("state", ["dead", "anonymous"])
async def test_a_token_that_died_is_told_from_a_deleted_issue(
    site: Site, jira: Gateway, state: str
) -> None:
    """Whatever is asked; repaired, it works again."""
    if state == "anonymous" and not site.sandbox.site.jira.world.is_cloud:
        pytest.skip("only Cloud serves a dead token as a stranger's")
    made = await jira.create(new(labels=("meridian-Zk3",)))
    await site.do("token", state=state)
    with pytest.raises(Unauthorised):
        await jira.issue(made.id)
    with pytest.raises(Unauthorised):
        await jira.find("meridian-Zk3")
    with pytest.raises(Unauthorised):
        await jira.create(new())
    with pytest.raises(Unauthorised):
        await jira.issues([made.id])
    await site.do("token", state="alive")
    assert (await jira.issue(made.id)).id == made.id
    assert len(site.issues) == 1


async def test_a_wrong_token_is_refused(site: Site) -> None:
    """From the beginning."""
    wrong = reached(site, "canary")
    with pytest.raises(Unauthorised):
        await wrong.me()
    await wrong.close()


async def test_a_jira_that_is_gone_was_sent_nothing(site: Site, jira: Gateway) -> None:
    """Connections that were kept are no help."""
    await jira.create(new())
    await site.sandbox.stop()
    with pytest.raises(NotSent):
        await jira.create(new())
