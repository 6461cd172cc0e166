"""The heartbeat: the only import of APScheduler. It asks the rows; it holds no timetable itself."""

from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler

_TICK_SECONDS = 0.25
_SWEEP_SECONDS = 1.0


class Heartbeat:
    """Two jobs in memory: the tick of the timetable, and the sweep that wakes the relay.

    A job that is late is run once, whenever that is: APScheduler would drop it after a second.
    """

    def __init__(
        self, tick: Callable[[], Awaitable[object]], sweep: Callable[[], Awaitable[object]]
    ) -> None:
        self._scheduler = AsyncIOScheduler(
            timezone="UTC",
            job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None},
        )
        self._scheduler.add_job(tick, "interval", seconds=_TICK_SECONDS, id="tick")
        self._scheduler.add_job(sweep, "interval", seconds=_SWEEP_SECONDS, id="sweep")

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
