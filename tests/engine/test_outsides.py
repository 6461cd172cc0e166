"""Several worlds outside: none holds up another, and what none takes is left alone."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.core.clock import MovableCalendar
from bot.core.states import MirrorKind, Outcome
from bot.db.session import Database
from bot.db.tables import Mirror, Workspace
from bot.engine import mirrors, rates
from bot.engine.mirrors import Candidate, Mark
from bot.engine.outside import Outside
from bot.engine.rates import Rates
from bot.engine.relay import Relay
from bot.engine.sending import Claim, Result, Shown
from tests.clocks import HandMachine
from tests.db import rows

AT = datetime(2030, 1, 1, 12, tzinfo=UTC)


class Recorder:
    """A world that takes what it is sent, at once or when its gate opens."""

    def __init__(self, method: str, at_once: int) -> None:
        self.at_once = at_once
        self.gate = asyncio.Event()
        self.begun: list[str] = []
        self.stood: list[str] = []
        self.written: list[str] = []
        self._method = method

    def method(self, _candidate: Candidate) -> str:
        return self._method

    def one_at_a_time(self, _candidate: Candidate) -> str | None:
        return None

    def now(self) -> datetime:
        return AT

    async def send(self, claimed: Claim) -> Result:
        self.begun.append(claimed.subject)
        await self.gate.wait()
        return Shown(
            remote_id=f"id-{claimed.subject}",
            then=lambda _session: self.written.append(claimed.subject),
        )

    def stands(self, _session: Session, _at: datetime, mirror: Mirror) -> None:
        self.stood.append(mirror.subject)

    def stopped(self, *_: object) -> None:
        raise AssertionError("nothing stops here")


@asynccontextmanager
async def relaying(
    database: Database, machine: HandMachine, outsides: dict[MirrorKind, Outside]
) -> AsyncIterator[Relay]:
    calendar = MovableCalendar(machine, AT, running=False)
    limits = Rates(machine, limited=False)
    relay = Relay(database, outsides, calendar=calendar, machine=machine, limits=limits)
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


def mark(session: Session, kind: MirrorKind, subjects: str) -> None:
    mirrors.mark(session, AT, [Mark(1, kind, "view", one, "T") for one in subjects])


def remote_ids(session: Session) -> dict[str, str | None]:
    return {one.subject: one.remote_id for one in session.scalars(select(Mirror))}


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not is_so():  # noqa: ASYNC110 - the relay tells nobody
            await asyncio.sleep(0.005)


async def test_a_slow_world_holds_up_no_other(database: Database, machine: HandMachine) -> None:
    """It has so many under way and no more; meanwhile the other's get through."""
    slow, quick = Recorder(rates.ISSUE, 2), Recorder(rates.POST, 24)
    quick.gate.set()
    await database.write(rows.workspace)
    await database.write(mark, MirrorKind.ISSUE, "abcd")
    outsides: dict[MirrorKind, Outside] = {MirrorKind.ISSUE: slow, MirrorKind.MESSAGE: quick}
    async with relaying(database, machine, outsides):
        await until(lambda: len(slow.begun) == 2)
        await database.write(mark, MirrorKind.MESSAGE, "xyz")
        await until(lambda: len(quick.stood) == 3)
        assert len(slow.begun) == 2
        slow.gate.set()
        await until(lambda: len(slow.stood) == 4)
    assert sorted(slow.written) == list("abcd")
    assert (await database.read(remote_ids))["d"] == "id-d"


async def test_what_no_world_takes_is_left_alone(database: Database, machine: HandMachine) -> None:
    """An issue waits until there is a Jira, and goes out then."""
    quick, jira = Recorder(rates.POST, 24), Recorder(rates.ISSUE, 4)
    quick.gate.set()
    jira.gate.set()
    await database.write(rows.workspace)
    await database.write(mark, MirrorKind.ISSUE, "a")
    await database.write(mark, MirrorKind.MESSAGE, "x")
    async with relaying(database, machine, {MirrorKind.MESSAGE: quick}) as relay:
        await until(lambda: quick.stood == ["x"])
        assert await asyncio.wait_for(relay.rest(), 5) == 0
    assert (await database.read(remote_ids))["a"] is None
    both: dict[MirrorKind, Outside] = {MirrorKind.MESSAGE: quick, MirrorKind.ISSUE: jira}
    async with relaying(database, machine, both):
        await until(lambda: jira.stood == ["a"])


async def test_a_pause_of_one_world_is_no_other_s(database: Database, machine: HandMachine) -> None:
    """While Jira refuses the token, messages go out; it counts as nothing that waits to be sent."""
    quick, jira = Recorder(rates.POST, 24), Recorder(rates.ISSUE, 4)
    quick.gate.set()

    def pause(session: Session) -> None:
        session.get_one(Workspace, 1).jira_paused = "401"

    await database.write(rows.workspace)
    await database.write(pause)
    await database.write(mark, MirrorKind.ISSUE, "a")
    await database.write(mark, MirrorKind.MESSAGE, "x")
    both: dict[MirrorKind, Outside] = {MirrorKind.MESSAGE: quick, MirrorKind.ISSUE: jira}
    async with relaying(database, machine, both):
        await until(lambda: quick.stood == ["x"])
        await until(lambda: database.read_now(mirrors.waiting) == (0, 0))
    assert jira.begun == []


def test_an_outcome_of_an_issue_is_like_any_other(session: Session) -> None:
    """A blocked one is not due until it is lifted."""
    rows.workspace(session)
    mark(session, MirrorKind.ISSUE, "a")
    one = session.scalars(select(Mirror)).one()
    assert [found.creates for found in mirrors.candidates(session, 9)] == [True]
    one.outcome = Outcome.BLOCKED
    session.flush()
    assert mirrors.candidates(session, 9) == []
    mirrors.lift(session, Mirror.id == one.id)
    assert [found.kind for found in mirrors.candidates(session, 9)] == [MirrorKind.ISSUE]
