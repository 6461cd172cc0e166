"""A running sandbox, its clients, and a small Bolt app beside it."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.clock import MovableCalendar, SystemMachine
from bot.sandbox import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, Sandbox

ANY = re.compile("")

START = datetime(2026, 3, 30, 6, 0, tzinfo=UTC)


@dataclass
class Paced:
    """Machine time that a test may push forward; sleeps end when it gets there."""

    extra: float = 0.0
    real: SystemMachine = field(default_factory=SystemMachine)

    def utc(self) -> datetime:
        return self.real.utc()

    def elapsed(self) -> float:
        return self.real.elapsed() + self.extra

    async def sleep(self, seconds: float) -> None:
        end = self.elapsed() + seconds
        while (left := end - self.elapsed()) > 0:  # noqa: ASYNC110 - it may be pushed meanwhile
            await asyncio.sleep(min(left, 0.01))

    def push(self, seconds: float) -> None:
        self.extra += seconds


@dataclass
class Client:
    """The control API, as a script uses it."""

    url: str
    session: aiohttp.ClientSession

    async def post(self, name: str, status: int = 200, /, **body: Any) -> dict[str, Any]:
        async with self.session.post(f"{self.url}/_control/{name}", json=body) as reply:
            answer: dict[str, Any] = await reply.json()
            assert reply.status == status, answer
            return answer

    async def state(self) -> dict[str, Any]:
        async with self.session.get(f"{self.url}/_control/state") as reply:
            found: dict[str, Any] = await reply.json()
            return found

    async def messages(self, channel: str) -> list[dict[str, Any]]:
        return [m for m in (await self.state())["messages"] if m["channel"] == channel]

    async def log(self) -> list[dict[str, Any]]:
        async with self.session.get(f"{self.url}/_control/log") as reply:
            entries: list[dict[str, Any]] = (await reply.json())["entries"]
            return entries


@pytest.fixture
def machine() -> Paced:
    return Paced()


@pytest.fixture
async def sandbox(machine: Paced) -> AsyncIterator[Sandbox]:
    calendar = MovableCalendar(machine, START)
    running = Sandbox(machine=machine, calendar=calendar, commands=("/standup", "/slow"))
    running.site.silence = 0.1
    await running.start()
    yield running
    await running.stop()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
def control(sandbox: Sandbox, session: aiohttp.ClientSession) -> Client:
    return Client(sandbox.url, session)


@pytest.fixture
def slack(sandbox: Sandbox) -> AsyncWebClient:
    return AsyncWebClient(BOT_TOKEN, base_url=f"{sandbox.url}/api/", retry_handlers=[])


@pytest.fixture
def app(slack: AsyncWebClient) -> AsyncApp:
    """A Bolt app with no listeners yet, told to ack only when those are done."""
    return AsyncApp(
        client=slack,
        signing_secret=SIGNING_SECRET,
        process_before_response=True,
        logger=logging.getLogger("test-app"),
        ignoring_self_events_enabled=False,
    )


async def _heard() -> None:
    """Takes every event that a test has no listener for; without, the sandbox waits for an ack."""


@pytest.fixture
async def connect(app: AsyncApp, sandbox: Sandbox) -> AsyncIterator[Callable[[], Any]]:
    """Call it once the listeners are there to connect the app in Socket Mode."""
    handlers: list[AsyncSocketModeHandler] = []

    async def go() -> AsyncSocketModeHandler:
        app.event(ANY)(_heard)
        handler = AsyncSocketModeHandler(app, APP_TOKEN)
        handlers.append(handler)
        await handler.connect_async()  # type: ignore[no-untyped-call]
        return handler

    yield go
    for handler in handlers:
        await handler.close_async()  # type: ignore[no-untyped-call]
