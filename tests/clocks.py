"""Machine time in the hand of a test."""

import asyncio
import heapq
import itertools
from datetime import UTC, datetime, timedelta

START = datetime(2026, 3, 30, 6, 0, tzinfo=UTC)
"""The Monday after Berlin's clocks went forward, 08:00 there."""


class HandMachine:
    """Machine time that stands still until the test lets some pass; then sleepers wake."""

    def __init__(self, start: datetime = START) -> None:
        self._start = start
        self._passed = timedelta()
        self._order = itertools.count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def utc(self) -> datetime:
        return self._start + self._passed

    def elapsed(self) -> float:
        return self._passed.total_seconds()

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.elapsed() + seconds, next(self._order), woken))
        await woken

    @property
    def asleep(self) -> int:
        """How many sleep now: time that passes before they do is lost on them."""
        return sum(not woken.done() for *_, woken in self._sleepers)

    def advance(self, seconds: float) -> None:
        """Let time pass, and wake whoever slept until then."""
        self._passed += timedelta(seconds=seconds)
        while self._sleepers and self._sleepers[0][0] <= self.elapsed() + 1e-9:
            *_, woken = heapq.heappop(self._sleepers)
            if not woken.done():
                woken.set_result(None)
