"""Due timers become steps: each batch in the one transaction that consumes it."""

from collections.abc import Mapping
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from bot.core.clock import Calendar, Machine
from bot.db.session import Database
from bot.engine import timers
from bot.engine.ritual import Step

_FIRST_BATCH = 100
_LARGEST_BATCH = 1000
_BATCH_SECONDS = 0.05  # a batch holds the writer no longer: people's answers wait behind it

log = structlog.get_logger()


class Timetable:
    """Runs what is due. `steps` is keyed by (kind, step)."""

    def __init__(
        self,
        database: Database,
        steps: Mapping[tuple[str, str], Step],
        *,
        calendar: Calendar,
        machine: Machine,
    ) -> None:
        self._database = database
        self._steps = steps
        self._calendar = calendar
        self._machine = machine
        self._batch = _FIRST_BATCH
        self._stopping = False

    def stop(self) -> None:
        """Begin no further batch."""
        self._stopping = True

    async def tick(self) -> int:
        """Run everything due now; answers how many timers were consumed."""
        total = 0
        while not self._stopping:
            began = self._machine.elapsed()
            done = await self._run_batch()
            if not done:
                break
            total += done
            self._adapt(done, self._machine.elapsed() - began)
        return total

    async def next_due(self) -> datetime | None:
        """The calendar instant of the next timer."""
        return await self._database.read(timers.next_due)

    async def _run_batch(self) -> int:
        at = self._calendar.now()
        due = await self._database.read(timers.next_due)
        if due is None or due > at:  # an idle tick only reads
            return 0
        try:
            return await self._database.write_later(self.run, at, self._batch)
        except Exception:
            log.exception("a batch of timers failed; trying one by one")
            return await self._run_one(at)

    async def _run_one(self, at: datetime) -> int:
        try:
            return await self._database.write_later(self.run, at, 1)
        except Exception as error:
            log.exception("a timer failed and is parked")
            await self._database.write(self._park_first, at, f"{type(error).__name__}: {error}")
            return 1

    def run(self, session: Session, at: datetime, limit: int) -> int:
        """One batch, in the caller's transaction: consume it and do its step."""
        due = timers.take_due(session, at, limit)
        if not due:
            return 0
        timers.consume(session, at, due)
        self._steps[due[0].kind, due[0].step](session, at, due)
        return len(due)

    def _park_first(self, session: Session, at: datetime, error: str) -> None:
        for timer in timers.take_due(session, at, 1):
            timers.park(session, timer.id, at, error)

    def _adapt(self, done: int, seconds: float) -> None:
        """Let the next batch be as large as keeps within its time."""
        if seconds > 0 and done == self._batch:
            fitting = int(done * _BATCH_SECONDS / seconds)
            self._batch = max(1, min(_LARGEST_BATCH, fitting, self._batch * 2))
