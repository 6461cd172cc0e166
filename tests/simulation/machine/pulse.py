"""The heartbeat without its idle beats: the same beats, at the times that have something to do."""

import asyncio
import math
import sqlite3
from collections.abc import Callable
from datetime import datetime

from bot.core.clock import Calendar
from bot.engine.heartbeat import Heartbeat, Work
from tests.simulation.machine.life import Life

_TICK_SECONDS, _SWEEP_SECONDS = 0.25, 1.0
_RESTS = "SELECT 1 FROM workspaces WHERE paused IS NOT NULL OR jira_paused IS NOT NULL"
_NEXT_DUE = "SELECT min(due_at) FROM timers WHERE consumed_at IS NULL AND parked_at IS NULL"
_BOUNDARY = """
    WITH stale AS (SELECT * FROM mirrors WHERE shown < wanted AND outcome IS NULL)
    SELECT (SELECT min(not_before) FROM stale WHERE not_before > :now),
           (SELECT min(calm_until) FROM stale WHERE calm_until > :now),
           (SELECT min(lease_until) FROM stale WHERE lease_until > :now)
"""


class Pulse(Heartbeat):
    """Beats when a timer is due, when a mirror's waiting ends, and after every commit."""

    def __init__(
        self,
        tick: Work,
        sweep: Work,
        *,
        file: str,
        life: Life,
        calendar: Calendar,
        utc: Callable[[], datetime],
    ) -> None:
        self._tick, self._sweep = tick, sweep
        self._life = life
        self._calendar = calendar
        self._utc = utc
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = False
        self._rows = sqlite3.connect(file)

    @property
    def rests(self) -> bool:
        """Whether sending rests, since Slack or Jira refuses the token."""
        return self._rows.execute(_RESTS).fetchone() is not None

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._go_on())]

    async def stop(self) -> None:
        self._stopping = True
        self._life.committed.set()
        await asyncio.gather(*self._tasks)

    async def _go_on(self) -> None:
        loop = asyncio.get_running_loop()
        swept = True
        while not self._stopping and self._life.alive:
            if self._life.committed.is_set():
                swept = False
                self._life.committed.clear()
            tick = _on_grid(self._next_due(loop.time()), loop.time(), _TICK_SECONDS)
            boundary = self._next_boundary(loop.time()) if swept else loop.time()
            sweep = _on_grid(boundary, loop.time(), _SWEEP_SECONDS)
            if await self._interrupted(min(tick, sweep)):
                continue
            if loop.time() >= sweep:
                swept = True
                await self._sweep()
            if loop.time() >= tick:
                await self._tick()
        self._rows.close()

    async def _interrupted(self, until: float) -> bool:
        """Wait until then; whether a commit came before."""
        loop = asyncio.get_running_loop()
        if until <= loop.time():
            return False
        wait = None if until == math.inf else until - loop.time()
        waking = asyncio.ensure_future(self._life.committed.wait())
        await asyncio.wait({waking}, timeout=wait)
        waking.cancel()
        return self._life.committed.is_set()

    def _next_due(self, now: float) -> float:
        """When the next timer is due, in the loop's time."""
        return _after(self._rows.execute(_NEXT_DUE).fetchone()[0], self._calendar.now(), now)

    def _next_boundary(self, now: float) -> float:
        """When the next stale mirror has waited long enough, in the loop's time."""
        utc = self._utc()
        found = self._rows.execute(_BOUNDARY, {"now": _written(utc)}).fetchone()
        return min(_after(one, utc, now) for one in found)


def _after(text: str | None, at: datetime, now: float) -> float:
    if text is None:
        return math.inf
    instant = datetime.fromisoformat(text).replace(tzinfo=at.tzinfo)
    return now + (instant - at).total_seconds()


def _written(at: datetime) -> str:
    """As SQLAlchemy writes it into SQLite."""
    return at.strftime("%Y-%m-%d %H:%M:%S.%f")


def _on_grid(when: float, now: float, step: float) -> float:
    """The first beat no sooner than `when`, and not sooner than the next one."""
    if when == math.inf:
        return when
    return max(math.ceil(when / step), math.floor(now / step) + 1) * step
