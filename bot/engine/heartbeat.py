"""The heartbeat: the only import of APScheduler. It asks the rows; it holds no timetable itself."""

import asyncio
from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler

_TICK_SECONDS = 0.25
_SWEEP_SECONDS = 1.0


Work = Callable[[], Awaitable[object]]


class Heartbeat:
    """Two jobs in memory: the tick of the timetable, and the sweep that wakes the relay.

    A job that is late is run once, whenever that is: APScheduler would drop it after a second.
    """

    def __init__(self, tick: Work, sweep: Work) -> None:
        self._beating: set[asyncio.Task[object]] = set()
        self._scheduler = AsyncIOScheduler(
            timezone="UTC",
            job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None},
        )
        for name, work, seconds in (
            ("tick", tick, _TICK_SECONDS),
            ("sweep", sweep, _SWEEP_SECONDS),
        ):
            self._scheduler.add_job(self._beat, "interval", (work,), seconds=seconds, id=name)

    def start(self) -> None:
        self._scheduler.start()

    async def stop(self) -> None:
        """Begin no further beat, and let the one under way end: APScheduler would cut it off."""
        if self._scheduler.running:
            self._scheduler.pause()
            await asyncio.gather(*self._beating, return_exceptions=True)
            self._scheduler.shutdown(wait=False)

    async def _beat(self, work: Work) -> None:
        beat = asyncio.ensure_future(work())
        self._beating.add(beat)
        beat.add_done_callback(self._beating.discard)
        await beat
