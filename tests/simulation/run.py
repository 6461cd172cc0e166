"""One run of a plan, from its first moment to its verdict."""

import asyncio
import gc
import tempfile
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy.orm import Session

from bot.db.schema import upgrade
from bot.engine import mirrors
from tests import compiled
from tests.simulation import logs
from tests.simulation.evidence import Evidence
from tests.simulation.invariants import ALL_ALONG, AT_THE_END, Invariant, complaints
from tests.simulation.machine.life import Dies, never
from tests.simulation.machine.loop import VirtualLoop
from tests.simulation.machine.process import Bot
from tests.simulation.people.act import Act, told
from tests.simulation.people.acts.channels import LookHome
from tests.simulation.plan import Plan
from tests.simulation.world import World

_REST = timedelta(minutes=16)
"""By then all back-off is over, and what Slack sends again has been sent."""
_LONGEST_REST, _PATIENCE, _LOOK_SECONDS = 120, 8, 15.0
_FIRST_LOOK, _BETWEEN_LOOKS = timedelta(hours=5, minutes=43), timedelta(hours=13)
_SOON = timedelta(seconds=5)


@dataclass(frozen=True)
class Verdict:
    """What came of a run."""

    complaints: tuple[str, ...]
    trace: tuple[str, ...]
    points: int  # at which the process could have ended
    hours: float  # of calendar time


def run(plan: Plan, *, dies: Dies = never) -> Verdict:
    """Run a plan; the process is killed where `dies` says so, too."""
    compiled.share("sqlite://")
    with _folder() as folder, logs.kept() as kept, _collecting_once():
        try:
            with asyncio.Runner(loop_factory=VirtualLoop) as runner:
                return runner.run(_run(plan, folder / "meridian.db", kept, dies))
        except Exception:
            return Verdict((traceback.format_exc(),), (), 0, 0.0)


async def _run(plan: Plan, database: Path, kept: logs.Kept, dies: Dies) -> Verdict:
    world = World(plan, database, dies)
    world.prepare(template())
    kept.note = world.note
    world.fate.begin(world.process, world.site)
    doing = [asyncio.create_task(_perform(world, act)) for act in plan.acts]
    looking = [asyncio.create_task(_look_in(world, at)) for at in _looks(plan)]
    await _until(world, plan.setting.end)
    await asyncio.gather(*doing)
    found = [words for seen in await asyncio.gather(*looking) for words in seen]
    at_rest = await _come_to_rest(world)
    world.fate.check()
    return Verdict(
        complaints=(*kept.errors, *found, *_judged(world, AT_THE_END, at_rest=at_rest)),
        trace=tuple(world.trace),
        points=world.fate.points.count,
        hours=(world.calendar.now() - plan.setting.start) / timedelta(hours=1),
    )


async def _perform(world: World, act: Act) -> None:
    await asyncio.sleep((act.at - world.calendar.now()).total_seconds())
    async with world.office.alone(act.who):
        world.note(told(act))
        await act.perform(world.office)


async def _until(world: World, at: datetime) -> None:
    await asyncio.sleep((at - world.calendar.now()).total_seconds())


def _looks(plan: Plan) -> Iterator[datetime]:
    """When to look whether all is as it must be, beside the end."""
    at = plan.setting.start + _FIRST_LOOK
    while at < plan.setting.end:
        yield at
        at += _BETWEEN_LOOKS


async def _look_in(world: World, at: datetime) -> tuple[str, ...]:
    """What is wrong now that nothing should be; nothing where something is under way."""
    await _until(world, at)
    for _ in range(_PATIENCE):
        now = world.calendar.now()
        if world.weather.fair(now, now) and await _rests(world):
            found = _judged(world, ALL_ALONG, at_rest=True)
            return tuple(f"at {now}: {words}" for words in found)
        await asyncio.sleep(_LOOK_SECONDS)
    return ()


def _judged(world: World, invariants: Iterable[Invariant], *, at_rest: bool) -> tuple[str, ...]:
    bot = world.process.bot
    if bot is None or not world.process.up:
        return ("the bot doesn't come up",)
    return bot.database.read_now(
        lambda session: tuple(complaints(_evidence(world, bot, session, at_rest), invariants))
    )


def _evidence(world: World, bot: Bot, session: Session, at_rest: bool) -> Evidence:
    return Evidence(
        books=world.books,
        weather=world.weather,
        weather_of_jira=world.weather_of_jira,
        slack=world.slack,
        jira=world.jira,
        site=world.site,
        session=session,
        views=bot.views,
        now=world.calendar.now(),
        at_rest=at_rest,
        logged=[line for line in world.trace if " log: " in line],
    )


async def _come_to_rest(world: World) -> bool:
    """All goes well from now on, until nothing is left to do; whether that comes."""
    world.all_is_well()
    await asyncio.sleep(_REST.total_seconds() / 2)
    for person in world.plan.setting.people:
        await LookHome(world.calendar.now(), person.id).perform(world.office)
    await asyncio.sleep(_REST.total_seconds() / 2)
    for _ in range(_LONGEST_REST):
        if await _rests(world):
            return True
        await asyncio.sleep(_LOOK_SECONDS)
    return False


async def _rests(world: World) -> bool:
    bot = world.process.bot
    if bot is None or not world.process.up:
        return False
    due = await bot.next_due()
    sending = sum(await bot.database.read(mirrors.waiting))
    soon = due is not None and due < world.calendar.now() + _SOON
    return not (soon or sending or bot.relay.busy or bot.front.busy)


@cache
def template() -> Path:
    """A migrated database without a row, made once."""
    file = Path(tempfile.mkdtemp(prefix="meridian-simulation-")) / "template.db"
    upgrade(f"sqlite:///{file}")
    return file


@contextmanager
def _folder() -> Iterator[Path]:
    """In memory where the system has such files: a run commits thousands of times."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        yield Path(name)


@contextmanager
def _collecting_once() -> Iterator[None]:
    """What a run leaves is collected at its end, without what was there before any of them."""
    if gc.get_freeze_count() == 0:
        gc.collect()
        gc.freeze()
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.collect()
        if enabled:
            gc.enable()
