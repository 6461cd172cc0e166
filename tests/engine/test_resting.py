"""When the relay looks for something to send, when it rests, and how it ends."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from bot.core.states import MirrorKind, Outcome
from bot.db.session import Database
from bot.db.tables import Mirror
from bot.engine import mirrors, rates, sending
from bot.engine.mirrors import Urgency
from bot.engine.outside import Outside
from bot.engine.rates import Rates
from bot.engine.sending import Again, Shown, Stopped
from tests.clocks import HandMachine
from tests.db import rows
from tests.engine.worlds import (
    AT,
    BREATH_SECONDS,
    Counting,
    Recorder,
    mark,
    relaying,
    remote_ids,
    until,
)

MESSAGE, ISSUE = MirrorKind.MESSAGE, MirrorKind.ISSUE


@pytest.fixture(autouse=True)
def workspace(session: Session) -> None:
    rows.workspace(session)
    session.commit()


# --- looking


async def test_with_nothing_to_send_it_looks_at_nothing(
    database: Database, machine: HandMachine
) -> None:
    """Until it is woken; then it looks once."""
    counting = Counting(database)
    async with relaying(counting, machine, {MESSAGE: Recorder()}) as relay:
        await until(lambda: "candidates" in counting.reads)
        for _ in range(3):
            counting.reads.clear()
            await asyncio.sleep(BREATH_SECONDS)
            assert counting.reads == []
            relay.wake()
            await until(lambda: counting.reads == ["candidates"])


async def test_what_a_rate_holds_goes_when_its_time_has_come(
    database: Database, machine: HandMachine
) -> None:
    """Nobody wakes the relay then; the rate that lets something through first counts."""
    messages, issues = Recorder(), Recorder(rates.ISSUE)
    limits = Rates(machine, limited=False)
    limits.pause(rates.ISSUE, machine.utc() + timedelta(seconds=60))
    limits.pause(rates.POST, machine.utc() + timedelta(seconds=30))
    counting = Counting(database)
    await database.write(mark, ISSUE, "a", urgency=Urgency.CLICKED)
    await database.write(mark, MESSAGE, "x")
    worlds: dict[MirrorKind, Outside] = {MESSAGE: messages, ISSUE: issues}
    async with relaying(counting, machine, worlds, limits) as relay:
        await until(lambda: "candidates" in counting.reads)
        await asyncio.sleep(BREATH_SECONDS)
        assert counting.reads.count("candidates") == 1
        tasks = len(asyncio.all_tasks())
        for _ in range(3):
            relay.wake()
            await asyncio.sleep(BREATH_SECONDS)
        assert len(asyncio.all_tasks()) == tasks  # each look has one alarm, not one more
        await until(lambda: machine.asleep == 1)
        machine.advance(30)
        await until(lambda: messages.stood == ["x"])
        assert issues.begun == []
        await until(lambda: not relay.busy and machine.asleep == 1)
        machine.advance(30)
        await until(lambda: issues.stood == ["a"])


async def test_what_it_began_to_send_is_looked_at_no_more(
    database: Database, machine: HandMachine
) -> None:
    """Though it is still a candidate while its claim waits to be written."""
    quick = Recorder(shut=True)
    await database.write(mark, MESSAGE, "x")
    async with relaying(database, machine, {MESSAGE: quick}) as relay:
        for _ in range(5):
            relay.wake()
            await asyncio.sleep(0)
        await until(lambda: quick.begun == ["x"])
        assert quick.looks == 1
        quick.gate.set()


async def test_only_what_goes_to_one_place_in_one_world_waits_its_turn(
    database: Database, machine: HandMachine
) -> None:
    """A channel and a project of the same name are two."""
    messages, issues = (Recorder(name, shut=True, alone="T") for name in (rates.POST, rates.ISSUE))
    await database.write(mark, MESSAGE, "xy")
    await database.write(mark, ISSUE, "ab")
    async with relaying(database, machine, {MESSAGE: messages, ISSUE: issues}) as relay:
        await until(lambda: bool(messages.begun and issues.begun))
        relay.wake()
        await asyncio.sleep(BREATH_SECONDS)
        assert (messages.begun, issues.begun) == (["x"], ["a"])
        messages.gate.set()
        issues.gate.set()
        await until(lambda: (messages.stood, issues.stood) == (["x", "y"], ["a", "b"]))


async def test_what_has_no_claim_to_a_place_waits_for_none(
    database: Database, machine: HandMachine
) -> None:
    """Changes go at once, as many as there may be."""
    quick = Recorder(shut=True)
    await database.write(mark, MESSAGE, "xyz")
    async with relaying(database, machine, {MESSAGE: quick}):
        await until(lambda: len(quick.begun) == 3)
        quick.gate.set()


async def test_what_fails_here_is_tried_again_after_a_while(
    database: Database, machine: HandMachine
) -> None:
    """Nothing was claimed; a second later it is looked at again, and no sooner."""
    broken = Recorder()
    broken.fails = True
    await database.write(mark, MESSAGE, "x")
    async with relaying(database, machine, {MESSAGE: broken}) as relay:
        await until(lambda: broken.looks == 1)
        relay.wake()
        await asyncio.sleep(BREATH_SECONDS)
        assert broken.looks == 1
        broken.fails = False
        machine.advance(1)
        await until(lambda: broken.stood == ["x"])


# --- what the world is told


@pytest.mark.parametrize(
    ("result", "stood", "ended"),
    [
        (Shown(remote_id="1"), ["x"], []),
        (Again(60), [], []),
        (Stopped(Outcome.PARKED, "no"), [], [("x", Outcome.PARKED)]),
    ],
)
async def test_what_comes_of_a_creation(
    database: Database,
    machine: HandMachine,
    result: Shown | Again | Stopped,
    stood: list[str],
    ended: list[tuple[str, Outcome]],
) -> None:
    """That it stands, or that it never will."""
    world = Recorder(result=result)
    await database.write(mark, MESSAGE, "x")
    async with relaying(database, machine, {MESSAGE: world}) as relay:
        await until(lambda: bool(world.begun) and not relay.busy)
    assert (world.stood, world.ended) == (stood, ended)


async def test_a_change_comes_to_stand_nowhere_new(
    database: Database, machine: HandMachine
) -> None:
    """What is to follow a creation followed it already."""
    world = Recorder()
    await database.write(mark, MESSAGE, "x")
    async with relaying(database, machine, {MESSAGE: world}) as relay:
        for times in (1, 2):
            await until(lambda times=times: len(world.begun) == times and not relay.busy)  # type: ignore[misc]
            await database.write(mark, MESSAGE, "x")
        await until(lambda: len(world.begun) == 3 and not relay.busy)
    assert world.stood == ["x"]


async def test_what_came_too_late_is_told(database: Database, machine: HandMachine) -> None:
    """And nothing is sent."""
    world = Recorder()
    await database.write(mark, MESSAGE, "x", not_after=AT)
    machine.advance(1)
    async with relaying(database, machine, {MESSAGE: world}):
        await until(lambda: bool(world.ended))
    assert (world.ended, world.begun) == ([("x", Outcome.MISSED)], [])


def _claim_all(session: Session) -> None:
    for one in mirrors.candidates(session, 9):
        sending.claim(session, one.id, AT)


def _delete_all(session: Session) -> None:
    session.execute(delete(Mirror))


@pytest.mark.parametrize("meanwhile", [_claim_all, _delete_all])
async def test_what_is_gone_when_its_turn_comes_is_let_go(
    database: Database, machine: HandMachine, meanwhile: Callable[[Session], None]
) -> None:
    """Another process claimed it, or a stand-up was deleted with all that shows it."""

    class Overtaken(Counting):
        async def read(self, work: Callable[..., Any], *args: Any) -> Any:
            found = await super().read(work, *args)
            if work is mirrors.candidates:
                await database.write(meanwhile)
            return found

    world = Recorder()
    await database.write(mark, MESSAGE, "x")
    async with relaying(Overtaken(database), machine, {MESSAGE: world}) as relay:
        await until(lambda: world.looks == 1 and not relay.busy)
    assert (world.begun, world.ended) == ([], [])


# --- resting


async def _half_a_second(machine: HandMachine) -> None:
    """In steps, so that whoever rests looks each time."""
    for _ in range(5):
        machine.advance(0.1)
        await asyncio.sleep(BREATH_SECONDS / 5)


async def _rested(machine: HandMachine, resting: asyncio.Future[int]) -> int:
    """What it answers, time passing until it does."""
    async with asyncio.timeout(5):
        while not resting.done():
            machine.advance(0.1)
            await asyncio.sleep(0.005)
    return await resting


async def test_resting_waits_for_what_is_under_way(
    database: Database, machine: HandMachine
) -> None:
    """And ends by itself once that is there."""
    world = Recorder(shut=True)
    await database.write(mark, MESSAGE, "x")
    async with relaying(database, machine, {MESSAGE: world}) as relay:
        await until(lambda: bool(world.begun))
        resting = asyncio.ensure_future(relay.rest())
        await _half_a_second(machine)
        assert not resting.done()
        world.gate.set()
        await until(lambda: not relay.busy)
        assert await _rested(machine, resting) == 0
    assert await database.read(remote_ids) == {"x": "id-x"}


async def test_resting_waits_for_what_a_rate_holds(
    database: Database, machine: HandMachine
) -> None:
    """Nothing is under way then, and nobody asked for a pause: it comes within seconds."""
    world = Recorder()
    await database.write(mark, MESSAGE, "xy")
    async with relaying(database, machine, {MESSAGE: world}, Rates(machine)) as relay:
        await until(lambda: machine.asleep == 1)
        machine.advance(1)
        await until(lambda: bool(world.stood) and not relay.busy and machine.asleep == 1)
        resting = asyncio.ensure_future(relay.rest())
        await _half_a_second(machine)
        assert not resting.done()
        assert await _rested(machine, resting) == 0
    assert world.stood == ["x", "y"]


async def test_resting_shows_progress_at_once(database: Database, machine: HandMachine) -> None:
    """It is throttled for people's sake, and they look at it now."""
    world = Recorder(result=Shown(remote_id="1", calm=True))
    await database.write(mark, MESSAGE, "x")
    async with relaying(database, machine, {MESSAGE: world}) as relay:
        await until(lambda: len(world.begun) == 1 and not relay.busy)
        await database.write(mark, MESSAGE, "x")
        await asyncio.sleep(BREATH_SECONDS)
        assert len(world.begun) == 1
        resting = asyncio.ensure_future(relay.rest())
        await until(lambda: len(world.begun) == 2 and not relay.busy)
        assert await _rested(machine, resting) == 0


@pytest.mark.parametrize("seconds", [0.5, 60])
async def test_resting_waits_for_no_pause(
    database: Database, machine: HandMachine, seconds: float
) -> None:
    """What is paused is counted; what no world takes is neither counted nor in the way."""
    limits = Rates(machine, limited=False)
    limits.pause(rates.POST, machine.utc() + timedelta(seconds=seconds))
    await database.write(mark, MESSAGE, "xy")
    await database.write(mark, ISSUE, "a")
    world: dict[MirrorKind, Outside] = {MESSAGE: Recorder()}
    async with relaying(database, machine, world, limits) as relay:
        assert await asyncio.wait_for(relay.rest(), 5) == 2


async def test_resting_counts_what_backs_off(database: Database, machine: HandMachine) -> None:
    """Beside what is paused."""
    limits = Rates(machine, limited=False)
    issues = Recorder(rates.ISSUE, result=Again(60))
    await database.write(mark, ISSUE, "a")
    outsides: dict[MirrorKind, Outside] = {MESSAGE: Recorder(), ISSUE: issues}
    async with relaying(database, machine, outsides, limits) as relay:
        await until(lambda: bool(issues.begun) and not relay.busy)
        limits.pause(rates.POST, machine.utc() + timedelta(seconds=60))
        await database.write(mark, MESSAGE, "xy")
        assert await asyncio.wait_for(relay.rest(), 5) == 3


# --- ending


async def test_its_end_waits_for_what_is_under_way(
    database: Database, machine: HandMachine
) -> None:
    """And is told to a relay that sleeps."""
    world = Recorder(shut=True)
    await database.write(mark, MESSAGE, "x")
    async with relaying(database, machine, {MESSAGE: world}) as relay:
        await until(lambda: bool(world.begun))
        stopping = asyncio.ensure_future(relay.stop())
        await asyncio.sleep(BREATH_SECONDS)
        assert not stopping.done()
        await database.write(mark, MESSAGE, "y")
        world.gate.set()
        await asyncio.wait_for(stopping, 5)
    assert await database.read(remote_ids) == {"x": "id-x", "y": None}
