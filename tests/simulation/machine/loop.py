"""An event loop whose time passes only while nobody has anything to do, and machine time on it.

With it all runs in one thread and in one order: a run can be repeated exactly.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bot.core.clock import Machine

_MOST_TURNS = 500_000  # without time passing


class Stuck(Exception):  # noqa: N818 - it names what happened
    """Nobody has anything to do and nobody waits, or somebody never lets time pass."""


class VirtualLoop(asyncio.BaseEventLoop):
    """It never waits: where nothing is ready, it is the time of the next thing at once."""

    def __init__(self) -> None:
        super().__init__()
        self._now = 0.0
        self._turns = 0
        self._selector = self

    def time(self) -> float:
        return self._now

    def select(self, timeout: float | None) -> list[Any]:
        """What a selector would answer once something is ready, or its time has come."""
        self._turns += 1
        if timeout is None or self._turns > _MOST_TURNS:
            raise Stuck
        if timeout > 0:
            self._turns = 0
            self._now = max(self._now, self._scheduled[0].when())  # type: ignore[attr-defined]
        return []

    def run_in_executor(  # type: ignore[override]
        self, executor: Any, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        """Work for another thread is done in this one, at the loop's next turn."""
        future = self.create_future()
        self.call_soon(_done, future, func, args)
        return future

    def _process_events(self, event_list: list[Any]) -> None:
        pass

    def _write_to_self(self) -> None:
        pass


def _done(future: asyncio.Future[Any], func: Callable[..., Any], args: tuple[Any, ...]) -> None:
    if future.cancelled():
        return
    try:
        future.set_result(func(*args))
    except Exception as error:
        future.set_exception(error)


class LoopMachine(Machine):
    """Machine time as the running loop has it, counted from `start`."""

    def __init__(self, loop: asyncio.AbstractEventLoop, start: datetime) -> None:
        self._loop = loop
        self._start = start

    def utc(self) -> datetime:
        return self._start + timedelta(seconds=self._loop.time())

    def elapsed(self) -> float:
        return self._loop.time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
