"""`python -m tests.killing --kills 30`: kill -9 at random while a crowd answers, then look."""

import argparse
import asyncio
import random
import signal
import sys
import tempfile
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bot.core.clock import SystemMachine
from bot.db.schema import upgrade
from bot.db.session import Database
from bot.sandbox import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET
from bot.sandbox.jira import EMAIL, TOKEN
from bot.sandbox.jira import PATH as JIRA_PATH
from tests.killing import verdict
from tests.killing.crowd import Crowd
from tests.processes import Running, free_port, running

_READY_SECONDS, _DRAIN_SECONDS = 5.0, 10.0
_ALIVE_SECONDS = (0.3, 4.0)  # between ready and the kill
_REST_SECONDS = 1080.0

machine = SystemMachine()


@dataclass
class Found:
    """What came of it."""

    ready: list[float]
    drained: float
    status: int
    faults: list[str]
    answers: int
    tickets: int


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--kills", type=int, default=30)
    words.add_argument("--people", type=int, default=2000)
    words.add_argument("--seed", type=int, default=1)
    said = words.parse_args()
    found = asyncio.run(_run(said.kills, said.people, said.seed))
    return _tell(found, said.kills, said.people)


def _tell(found: Found, kills: int, people: int) -> int:
    slowest = max(found.ready)
    print(
        f"{kills} kills while {people:,} people were asked, saved {found.answers:,} answers and "
        f"had {found.tickets:,} tickets made."
    )
    print(f"Ready again after {slowest:.1f} s at the most; it should be {_READY_SECONDS:.0f} s.")
    print(f"SIGTERM to the end: {found.drained:.1f} s, exit status {found.status}.")
    for fault in found.faults[:20]:
        print(fault)
    print(f"Lost or twice: {len(found.faults)}.")
    slow = slowest > _READY_SECONDS or found.drained > _DRAIN_SECONDS
    return 1 if found.faults or slow or found.status else 0


async def _run(kills: int, people: int, seed: int) -> Found:
    chance = random.Random(seed)  # noqa: S311 - when to kill, no secret
    port, web = free_port(), free_port()
    url = f"http://127.0.0.1:{port}"
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        database_url = f"sqlite:///{folder / 'meridian.db'}"
        upgrade(database_url)
        words = ("sandbox", "--no-bot", "--limits", "off", "--port", str(port))
        sandbox = stack.enter_context(running(*words, cwd=folder))
        await asyncio.to_thread(sandbox.until_serves, url)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        crowd = Crowd(url, session, people, seed, machine.utc())
        await crowd.arrive()
        database = Database(database_url, machine)
        crowd.plan(database, machine)
        database.close()
        settings = _settings(url, database_url, web)
        answering = asyncio.create_task(crowd.answer())
        ready = await _kill(kills, folder, settings, chance)
        return await _end(crowd, answering, ready, folder, settings)


async def _kill(
    kills: int, folder: Path, settings: Mapping[str, str], chance: random.Random
) -> list[float]:
    """Start the bot and kill it, so many times; the seconds to ready of each start."""
    ready: list[float] = []
    for number in range(kills):
        with running("run", cwd=folder, settings=settings) as bot:
            ready.append(await _until_ready(bot, settings))
            await asyncio.sleep(chance.uniform(*_ALIVE_SECONDS))
            bot.process.send_signal(signal.SIGKILL)
        print(f"\rkilled {number + 1} of {kills}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return ready


async def _end(
    crowd: Crowd,
    answering: "asyncio.Task[None]",
    ready: list[float],
    folder: Path,
    settings: Mapping[str, str],
) -> Found:
    with running("run", cwd=folder, settings=settings) as bot:
        ready.append(await _until_ready(bot, settings))
        crowd.stop()
        await answering
        database = Database(settings["DATABASE_URL"], machine)
        await _until_all_shown(database)
        began = machine.elapsed()
        bot.process.send_signal(signal.SIGTERM)
        status = await asyncio.to_thread(bot.ends)
        drained = machine.elapsed() - began
        kept = await database.read(verdict.answers)
        marks = await database.read(verdict.asked)
        unasked = await database.read(verdict.unasked, machine.utc())
        items = await database.read(verdict.items)
        database.close()
    faults = list(verdict.faults(crowd, kept, marks, await crowd.state()))
    faults += verdict.lost_tickets(crowd, items, await crowd.issues())
    if unasked:
        faults.append(f"lost: {unasked} people were never asked")
    saved = sum(one.acked >= 0 for one in crowd.told.values())
    total = sum(len(one.tried) - one.refused for one in crowd.told.values())
    tickets = sum(key is not None for key in items.values())
    if saved < len(crowd.people):
        faults.append(f"{len(crowd.people) - saved} people never got their answer in")
    return Found(ready, drained, status, faults, total, tickets)


async def _until_ready(bot: Running, settings: Mapping[str, str]) -> float:
    began = machine.elapsed()
    page = f"http://127.0.0.1:{settings['PORT']}/health"
    await asyncio.to_thread(bot.until_serves, page)
    return machine.elapsed() - began


async def _until_all_shown(database: Database) -> None:
    """What a dead process had under way is looked for after 15 seconds, then sent or adopted.

    A ticket that is not found is looked for for as long as Jira's index may lag: fifteen minutes.
    """
    print("waiting until all is shown: fifteen minutes at the most", file=sys.stderr, flush=True)
    async with asyncio.timeout(_REST_SECONDS):
        while await database.read(verdict.unsent):  # noqa: ASYNC110 - it is in another process
            await asyncio.sleep(0.2)


def _settings(url: str, database_url: str, web: int) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_API_URL": f"{url}/api/",
        "SLACK_RATES": "off",
        "JIRA_URL": f"{url}{JIRA_PATH}",
        "JIRA_EMAIL": EMAIL,
        "JIRA_TOKEN": TOKEN,
        "DATABASE_URL": database_url,
        "PORT": str(web),
        "LOG_LEVEL": "warning",
    }


sys.exit(main())
