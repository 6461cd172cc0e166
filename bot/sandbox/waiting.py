"""Waiting by machine time, and for the state to change."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from bot.core.clock import Machine

T = TypeVar("T")


async def within(machine: Machine, seconds: float, work: Awaitable[T]) -> T:
    """The result of `work`, or TimeoutError after `seconds` of machine time."""
    # asyncio.wait_for would measure the loop's time, which a simulation doesn't own.
    task = asyncio.ensure_future(work)
    timer = asyncio.ensure_future(machine.sleep(seconds))
    try:
        await asyncio.wait({task, timer}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise TimeoutError
        return task.result()
    finally:
        timer.cancel()
        task.cancel()


class Changes:
    """A counter that moves whenever the state does, and can be waited for."""

    def __init__(self) -> None:
        self.count = 0
        self._waiting: set[asyncio.Future[None]] = set()

    def bump(self) -> None:
        self.count += 1
        for future in self._waiting:
            if not future.done():
                future.set_result(None)
        self._waiting.clear()

    async def past(self, seen: int) -> int:
        """The counter once it is above `seen`."""
        while self.count <= seen:
            future = asyncio.get_running_loop().create_future()
            self._waiting.add(future)
            try:
                await future
            finally:
                self._waiting.discard(future)
        return self.count
