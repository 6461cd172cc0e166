"""`python -m tests.benchmarks.outside PEOPLE CHANNELS`: a Slack that size, in its own process."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from subprocess import PIPE, Popen

from bot.core.clock import SystemCalendar, SystemMachine
from bot.sandbox import BOT_USER_ID, Sandbox
from bot.sandbox.world import Channel, User


@contextmanager
def slack(people: int, channels: int) -> Iterator[str]:
    """Its address: people U0, U1 … in UTC, and channels C0, C1 … with all of them and the bot."""
    words = [sys.executable, "-m", __name__, str(people), str(channels)]
    with Popen(words, stdout=PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.kill()


async def _serve(people: int, channels: int) -> None:
    machine = SystemMachine()
    world = Sandbox(machine=machine, calendar=SystemCalendar(machine), limits=False)
    ids = [f"U{number}" for number in range(people)]
    for one in ids:
        world.site.world.users[one] = User(one, one.lower(), f"Person {one}", "UTC")
    for number in range(channels):
        name = f"C{number}"
        world.site.world.channels[name] = Channel(name, name.lower(), [*ids, BOT_USER_ID])
    await world.start()
    sys.stdout.write(f"{world.url}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(*map(int, sys.argv[1:])))
