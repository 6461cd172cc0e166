"""A running sandbox with its Jira in either shape, reached by raw requests and by the library."""

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import aiohttp
import jira
import pytest

from bot.core.clock import MovableCalendar
from bot.sandbox import Sandbox
from bot.sandbox.jira import EMAIL, TOKEN, Deployment
from bot.sandbox.jira.aurora import account_id
from tests.sandbox.conftest import START, Client, Paced

T = TypeVar("T")
Json = dict[str, Any]

TASK, BUG, STORY, SUBTASK = "10001", "10002", "10003", "10004"
COMPONENT_AREA = "customfield_10050"


@dataclass
class Desk:
    """What a bot sends to Jira; the paths are below `/jira/rest/api/`."""

    sandbox: Sandbox
    session: aiohttp.ClientSession

    @property
    def is_cloud(self) -> bool:
        return self.sandbox.site.jira.world.is_cloud

    @property
    def authorization(self) -> str:
        if not self.is_cloud:
            return f"Bearer {TOKEN}"
        return "Basic " + base64.b64encode(f"{EMAIL}:{TOKEN}".encode()).decode()

    async def ask(
        self,
        verb: str,
        path: str,
        body: Any = None,
        *,
        headers: dict[str, str] | None = None,
        **query: Any,
    ) -> tuple[int, Any, Any]:
        """The status, what came with it, and the headers."""
        async with self.session.request(
            verb,
            f"{self.sandbox.jira_url}/rest/api/{path}",
            json=body,
            params={name: value for name, value in query.items() if value is not None},
            headers={"Authorization": self.authorization} if headers is None else headers,
        ) as reply:
            text = await reply.text()
            return reply.status, (await reply.json() if text else None), reply.headers

    async def get(self, path: str, status: int = 200, /, **query: Any) -> Any:
        found, body, _ = await self.ask("GET", path, **query)
        assert found == status, body
        return body

    async def send(self, verb: str, path: str, body: Any, status: int) -> Any:
        found, answer, _ = await self.ask(verb, path, body)
        assert found == status, answer
        return answer

    async def create(self, project: str = "ML", kind: str = TASK, **fields: Any) -> Json:
        """An issue, by version 2 of the API."""
        given = {"project": {"key": project}, "issuetype": {"id": kind}, "summary": "Try it",
                 **fields}  # fmt: skip
        made: Json = await self.send("POST", "2/issue", {"fields": given}, 201)
        return made

    async def refused(self, body: Json, *, version: int = 2, path: str = "issue") -> Json:
        """What is wrong with a body, by field or in general."""
        answer = await self.send("POST", f"{version}/{path}", body, 400)
        wrong: Json = answer["errors"] or {"": " ".join(answer["errorMessages"])}
        return wrong

    async def search(self, query: str, **more: Any) -> list[str]:
        """The keys that a search finds now."""
        path = "2/search/jql" if self.is_cloud else "2/search"
        found = await self.get(path, jql=query, fields="summary", **more)
        return [each["key"] for each in found["issues"]]

    def user(self, name: str) -> Json:
        """A user as an assignee is given."""
        return {"accountId": account_id(name)} if self.is_cloud else {"name": name}

    async def by_library(self, work: Callable[[jira.JIRA], T]) -> T:
        """Let the library do something, in a thread as it blocks."""

        def run() -> T:
            auth: Json = {"basic_auth": (EMAIL, TOKEN)} if self.is_cloud else {"token_auth": TOKEN}
            client = jira.JIRA(self.sandbox.jira_url, max_retries=0, timeout=20, **auth)
            try:
                return work(client)
            finally:
                client.close()  # type: ignore[no-untyped-call]

        return await asyncio.to_thread(run)


async def eventually(test: Callable[[], Awaitable[T]]) -> T:
    """What the test answers, once that is something."""
    for _ in range(400):
        if found := await test():
            return found
        await asyncio.sleep(0.01)
    raise AssertionError("it never came")


@pytest.fixture(params=[Deployment.CLOUD, Deployment.SERVER])
def deployment(request: pytest.FixtureRequest) -> Deployment:
    """Both shapes, one after the other."""
    found: Deployment = request.param
    return found


@pytest.fixture
async def sandbox(machine: Paced, deployment: Deployment) -> AsyncIterator[Sandbox]:
    calendar = MovableCalendar(machine, START)
    running = Sandbox(machine=machine, calendar=calendar, deployment=deployment)
    await running.start()
    yield running
    await running.stop()


@pytest.fixture
def desk(sandbox: Sandbox, session: aiohttp.ClientSession) -> Desk:
    return Desk(sandbox, session)


@pytest.fixture
def control(sandbox: Sandbox, session: aiohttp.ClientSession) -> Client:
    return Client(sandbox.url, session)
