"""How a call of the bot crosses to the outside: it takes its time, and trouble may meet it."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from tests.simulation.borders.trouble import AFTER, Mode, Trouble
from tests.simulation.machine.life import Life

TIMEOUT_SECONDS = 10.0  # after which whoever called waits no longer
_SECONDS = (0.02, 0.25)

Reply = TypeVar("Reply")


async def cross(
    life: Life,
    trouble: Trouble | None,
    arrive: Callable[[], Reply],
    instead: Callable[[Trouble], Reply],
) -> Reply:
    """The reply of `arrive`, in which the call takes effect, or what comes `instead`."""
    there, back = life.moment(*_SECONDS), life.moment(*_SECONDS)
    if trouble is not None and trouble.mode is Mode.STALLED:
        return await _stalls(life, trouble, arrive, instead)
    if trouble is None or trouble.mode in AFTER:
        reply = await _arrives(life, arrive, there)
        await life.go_on(back)
        return reply if trouble is None else instead(trouble)
    await life.go_on(there + back)
    return instead(trouble)


async def _arrives(life: Life, arrive: Callable[[], Reply], seconds: float) -> Reply:
    """It is on its way, and gets there even if the process is gone by then."""
    loop = asyncio.get_running_loop()
    reply: asyncio.Future[Reply] = loop.create_future()

    def now() -> None:
        done = arrive()
        if not reply.done():
            reply.set_result(done)

    loop.call_later(seconds, now)
    found = await reply
    await life.go_on()
    return found


async def _stalls(
    life: Life,
    trouble: Trouble,
    arrive: Callable[[], Reply],
    instead: Callable[[Trouble], Reply],
) -> Reply:
    """It takes effect after so long; nobody waits for longer than the time-out."""
    arriving = asyncio.ensure_future(_arrives(life, arrive, trouble.seconds))
    await asyncio.wait({arriving}, timeout=TIMEOUT_SECONDS)
    return arriving.result() if arriving.done() else instead(trouble)
