"""A relay between a real database and worlds outside that do as a test says."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.core.clock import MovableCalendar
from bot.core.states import MirrorKind, Outcome
from bot.db.session import Database
from bot.db.tables import Mirror
from bot.engine import mirrors, rates
from bot.engine.mirrors import Candidate, Mark, Urgency
from bot.engine.outside import Outside
from bot.engine.rates import Rates
from bot.engine.relay import Relay
from bot.engine.sending import Claim, Result, Shown
from tests.clocks import HandMachine

AT = datetime(2030, 1, 1, 12, tzinfo=UTC)
BREATH_SECONDS = 0.05
"""Long enough for a relay that does not rest to be caught at it."""


class Recorder:
    """A world that takes what it is sent, at once or when its gate opens."""

    def __init__(
        self,
        method: str = rates.POST,
        at_once: int = 24,
        *,
        shut: bool = False,
        alone: str | None = None,
        result: Result | None = None,
    ) -> None:
        """`alone`: what each has for itself; `result`: what comes of each instead of standing."""
        self.at_once = at_once
        self.gate = asyncio.Event()
        if not shut:
            self.gate.set()
        self.looks = 0
        self.fails = False
        self.begun: list[str] = []
        self.stood: list[str] = []
        self.written: list[str] = []
        self.ended: list[tuple[str, Outcome]] = []
        self._method = method
        self._alone = alone
        self._result = result

    def method(self, _candidate: Candidate) -> str:
        return self._method

    def one_at_a_time(self, _candidate: Candidate) -> str | None:
        return self._alone

    def now(self) -> datetime:
        self.looks += 1
        if self.fails:
            raise OSError("no clock")
        return AT

    async def send(self, claimed: Claim) -> Result:
        self.begun.append(claimed.subject)
        await self.gate.wait()
        return self._result or Shown(
            remote_id=f"id-{claimed.subject}",
            then=lambda _session: self.written.append(claimed.subject),
        )

    def stands(self, _session: Session, _at: datetime, mirror: Mirror) -> None:
        self.stood.append(mirror.subject)

    def stopped(self, _session: Session, _at: datetime, mirror: Mirror, outcome: Outcome) -> None:
        self.ended.append((mirror.subject, outcome))


class Counting:
    """A database that counts what is read of it, by name."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.reads: list[str] = []

    async def read(self, work: Callable[..., Any], *args: Any) -> Any:
        self.reads.append(work.__name__)
        return await self._database.read(work, *args)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)


@asynccontextmanager
async def relaying(
    database: Any,
    machine: HandMachine,
    outsides: Mapping[MirrorKind, Outside],
    limits: Rates | None = None,
) -> AsyncIterator[Relay]:
    """A relay at work; no rate holds unless `limits` says so."""
    calendar = MovableCalendar(machine, AT, running=False)
    relay = Relay(
        database,
        outsides,
        calendar=calendar,
        machine=machine,
        limits=limits or Rates(machine, limited=False),
    )
    loop = asyncio.get_running_loop()

    def wake() -> None:
        loop.call_soon_threadsafe(relay.wake)

    database.on_stale(wake)
    running = asyncio.create_task(relay.run())
    try:
        yield relay
    finally:
        await relay.stop()
        await running


def mark(
    session: Session,
    /,
    kind: MirrorKind,
    subjects: str,
    *,
    urgency: Urgency = Urgency.PROGRESS,
    not_after: datetime | None = None,
) -> None:
    """Mark a mirror of each letter stale."""
    marks = [
        Mark(1, kind, "view", one, "T", urgency=urgency, not_after=not_after) for one in subjects
    ]
    mirrors.mark(session, AT, marks)


def remote_ids(session: Session) -> dict[str, str | None]:
    return {one.subject: one.remote_id for one in session.scalars(select(Mirror))}


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not is_so():  # noqa: ASYNC110 - the relay tells nobody
            await asyncio.sleep(0.005)
