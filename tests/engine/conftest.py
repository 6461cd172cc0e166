"""A relay between a real database and a Slack workspace over loopback, in the test's time."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.core.clock import MovableCalendar
from bot.core.content import Content, Home, Message
from bot.core.states import MirrorKind, Outcome
from bot.db.session import Database
from bot.db.tables import Mirror
from bot.engine import mirrors, sending
from bot.engine.mirrors import Mark
from bot.engine.rates import Rates
from bot.engine.relay import Relay
from bot.engine.ritual import View
from bot.engine.to_slack import ToSlack
from bot.sandbox import BOT_TOKEN, Sandbox
from bot.sandbox.world import Message as Seen
from bot.slack.gateway import Gateway
from tests.clocks import HandMachine
from tests.db import rows

CHANNEL, PRIVATE, PERSON, DM = "C01CHURN", "C01LEADS", "U01MEI", "D01MEI"
_SENDING_STEP, _WAITING_STEP = 0.5, 4.0  # seconds that a test lets pass at a time
# Looking for work: changes nothing, and is done over and over while there is none.
_LOOKING = {"read candidates", "read kept_pauses"}


class Bench:
    """The relay, what it is to show (`said`, by subject), and what came of it in Slack."""

    def __init__(
        self, database: Database, machine: HandMachine, calendar: MovableCalendar, slack: Sandbox
    ) -> None:
        self.database, self.machine, self.calendar, self.slack = database, machine, calendar, slack
        self.gateway = Gateway(BOT_TOKEN, calendar, f"{slack.url}/api/")
        self.said: dict[str, str | None] = {}
        self.told: list[tuple[str, Outcome]] = []
        self.on_told: Callable[[Session, Any, Mirror, Outcome], None] | None = None
        self._running: asyncio.Task[None] | None = None

    # --- the bot's side

    def views(self) -> Mapping[str, View]:
        def load(_session: Session, subject: str, _at: object) -> str | None:
            return self.said.get(subject)

        def draw(text: str) -> Content:
            if text == "defect":
                raise KeyError(text)
            blocks = [{"type": "section", "text": {"type": "plain_text", "text": text}}]
            return Message(text, tuple(blocks))

        def home(text: str) -> Content:
            blocks = [{"type": "section", "text": {"type": "plain_text", "text": text}}]
            return Home(tuple(blocks))

        return {
            "view": View(load, draw),
            "progress": View(load, draw, throttled=True),
            "home": View(load, home),
        }

    def start(self, database: Any = None, gateway: Any = None) -> Relay:
        """Start a relay; on a `database` and a `gateway` that a test wrapped, or plainly."""
        limits = Rates(self.machine)
        slack = ToSlack(
            database or self.database,
            gateway or self.gateway,
            self.views(),
            calendar=self.calendar,
            limits=limits,
            told=self._told,
            stands=lambda _session, _at, _mirror: None,
        )
        self.relay = Relay(
            database or self.database,
            dict.fromkeys(slack.kinds, slack),
            calendar=self.calendar,
            machine=self.machine,
            limits=limits,
        )
        loop = asyncio.get_running_loop()

        def wake() -> None:
            loop.call_soon_threadsafe(self.relay.wake)

        self.database.on_stale(wake)
        self._running = asyncio.create_task(self.relay.run())
        return self.relay

    def _told(self, session: Session, at: Any, mirror: Mirror, outcome: Outcome) -> None:
        self.told.append((mirror.subject, outcome))
        if self.on_told is not None:
            self.on_told(session, at, mirror, outcome)

    async def kill(self) -> None:
        """End the relay between two steps, as a power cut would: nothing is tidied up."""
        doomed = [*self.relay._in_flight.values(), *([self._running] if self._running else [])]
        for task in doomed:
            task.cancel()
        await asyncio.gather(*doomed, return_exceptions=True)
        self._running = None

    async def restart(self) -> None:
        """Start as a new process does: whoever holds the database alone frees the leases."""
        await self.database.write(sending.release)
        self.start()

    async def say(self, subject: str, text: str | None, target: str = CHANNEL, **mark: Any) -> None:
        """Change what a subject shows, and mark it stale."""
        self.said[subject] = text
        view, kind = mark.pop("view", "view"), mark.pop("kind", MirrorKind.MESSAGE)
        one = Mark(1, kind, view, subject, target, **mark)
        await self.database.write(mirrors.mark, self.calendar.now(), [one])

    # --- time

    async def settle(self, seconds: float = 120) -> None:
        """Let machine time pass until nothing is left to send; it stands still during a call."""
        passed = 0.0
        while True:
            ready, later = await self.database.read(mirrors.waiting)
            if self.relay.busy:
                await asyncio.sleep(0.001)
            elif not ready and not later:
                return
            else:
                assert passed < seconds, f"still to be sent: {ready} and {later} backing off"
                step = _SENDING_STEP if ready else _WAITING_STEP
                self.machine.advance(step)
                self.relay.wake()
                await self._looks()
                passed += step

    async def _looks(self) -> None:
        """Until the relay has begun to look: on a busy machine time would run ahead of it."""
        running = self._running
        while running and not running.done() and self.relay._woken.is_set():  # noqa: ASYNC110
            await asyncio.sleep(0.001)

    async def pass_time(self, seconds: float) -> None:
        """Let machine time pass, with the sweep that the heartbeat makes."""
        self.machine.advance(seconds)
        self.relay.wake()
        await self.database.read(mirrors.waiting)  # a turn of the database, in which it looks

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something that needs no machine time."""
        async with asyncio.timeout(10):
            while not condition():  # noqa: ASYNC110 - what is awaited is in Slack
                await asyncio.sleep(0.002)

    # --- what came of it

    async def mirror(self, subject: str) -> Mirror:
        def find(session: Session) -> Mirror:
            return session.scalars(select(Mirror).where(Mirror.subject == subject)).one()

        return await self.database.read(find)

    def seen(self, channel: str = CHANNEL) -> list[Seen]:
        """The bot's messages that stand in a channel, oldest first."""
        return [
            message
            for message in self.slack.site.world.messages(channel)
            if not message.deleted and message.bot_id
        ]

    def texts(self, channel: str = CHANNEL) -> list[str]:
        return [message.text for message in self.seen(channel)]

    def calls(self, method: str) -> list[str]:
        """How the calls of a method ended, in order."""
        return [
            entry["status"]
            for entry in self.slack.site.log.entries()
            if entry["kind"] == "api" and entry["summary"].split()[0] == method
        ]

    def trouble(self, mode: str, method: str = "chat.postMessage", **more: Any) -> None:
        """Let the next call of a method go wrong."""
        self.slack.site.faults.add({"method": method, "mode": mode, **more})

    async def struck(self) -> None:
        """Let time pass until the troubles have struck."""
        while self.slack.site.faults.shown():
            await (asyncio.sleep(0.001) if self.relay.busy else self.pass_time(0.25))

    async def idle(self) -> None:
        """Wait until no call is under way, in no machine time."""
        await self.until(lambda: not self.relay.busy)


@pytest.fixture
async def slack(machine: HandMachine, calendar: MovableCalendar) -> AsyncIterator[Sandbox]:
    """A Slack workspace in the same machine and calendar time, with Slack's own limits."""
    running = Sandbox(machine=machine, calendar=calendar)
    await running.start()
    yield running
    await running.stop()


@pytest.fixture
async def bench(
    database: Database, machine: HandMachine, calendar: MovableCalendar, slack: Sandbox
) -> AsyncIterator[Bench]:
    """A bench whose relay is not started yet."""
    await database.write(rows.workspace)
    made = Bench(database, machine, calendar, slack)
    await made.gateway.open()
    await made.gateway.identity()
    yield made
    if made._running is not None:
        await made.kill()
    await made.gateway.close()


class Steps:
    """The calls that sending makes; after the one numbered `stop_at` the process dies."""

    def __init__(self, stop_at: int | None = None) -> None:
        self.names: list[str] = []
        self.stop_at = stop_at
        self.died = asyncio.Event()

    async def reached(self, name: str) -> None:
        if not self.died.is_set():
            self.names.append(name)
            if len(self.names) == self.stop_at:
                self.died.set()
        if self.died.is_set():
            await asyncio.Event().wait()  # the dead do nothing more, not even tidy up


class Stepped:
    """Something whose calls are counted by `steps` once they took effect, or failed.

    Between the end of one and the beginning of the next nothing changes that outlives a process.
    """

    def __init__(self, inner: Any, steps: Steps) -> None:
        self._inner, self._steps = inner, steps

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._inner, name)
        if not asyncio.iscoroutinefunction(call):
            return call

        async def stepped(*args: Any, **kwargs: Any) -> Any:
            what = f"{name} {getattr(args[0], '__name__', '')}".strip()
            try:
                return await call(*args, **kwargs)
            finally:
                if what not in _LOOKING:
                    await self._steps.reached(what)

        return stepped
