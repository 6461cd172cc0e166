"""Due timers become steps: each batch in the one transaction that consumes it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.core.clock import Calendar, Machine
from bot.core.noted import noted
from bot.db.session import Database
from bot.engine import timers
from bot.engine.ritual import Step
from bot.engine.timers import Fired

_FIRST_BATCH = 4  # of a step nobody has measured yet: to plan one date may be hundreds of prompts
_LARGEST_BATCH = 500  # a step names them all in one statement, whose variables are limited
_BATCH_SECONDS = 0.05  # a batch holds the writer no longer: people's answers wait behind it
_AGAIN = timedelta(hours=1)  # what failed may be mended by then, by an update or by its data

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
        in_passing: Collection[str] = (),
        recurring: Collection[str] = (),
    ) -> None:
        """Take in which kinds of timers are special.

        Nobody waits for the moment of those done `in_passing`. The step of one that is `recurring`
        sets the next, so that it must not end: where it fails, it is tried again.
        """
        self._in_passing = tuple(in_passing)
        self._recurring = frozenset(recurring)
        self._database = database
        self._steps = steps
        self._calendar = calendar
        self._machine = machine
        self._batches: dict[timers.StepKey, int] = {}  # how many of a step at once
        self._stopping = False

    def stop(self) -> None:
        """Begin no further batch."""
        self._stopping = True

    async def tick(self) -> int:
        """Run everything due now; answers how many timers were consumed."""
        total = 0
        while not self._stopping and (done := await self._run_batch()):
            total += done
        return total

    async def next_due(self) -> datetime | None:
        """The calendar instant of the next timer; what is done in passing is no moment to stop at.

        A clock that is moved by a day would stop at hundreds of them.
        """
        return await self._database.read(timers.next_due, self._in_passing)

    async def _run_batch(self) -> int:
        at = self._calendar.now()
        step = await self._database.read(timers.first_due, at)
        if step is None:  # an idle tick only reads
            return 0
        size = self._batches.get(step, _FIRST_BATCH)
        began = self._machine.elapsed()
        try:
            done = await self._write_batch(at, size)
        except OperationalError:
            # The database's trouble and not a timer's: the next tick tries, with fewer at once,
            # for it may be that these were too many.
            self._batches[step] = max(1, size // 2)
            log.exception("the timetable could not be written", next_batch=self._batches[step])
            return 0
        self._batches[step] = _adapted(size, done, self._machine.elapsed() - began)
        return done

    async def _write_batch(self, at: datetime, size: int) -> int:
        try:
            return await self._database.write_later(self.run, at, size)
        except OperationalError:
            raise
        except Exception:
            log.exception("a batch of timers failed; trying one by one")
            return await self._one_by_one(at, size)

    async def _one_by_one(self, at: datetime, size: int) -> int:
        done = 0
        while done < size and not self._stopping:
            one = await self._database.write_later(self._run_or_park, at)
            if not one:
                break
            done += one
        return done

    def run(self, session: Session, at: datetime, limit: int) -> int:
        """One batch, in the caller's transaction: consume it and do its step."""
        due = timers.take_due(session, at, limit)
        if due:
            self._do(session, at, due)
        return len(due)

    def _run_or_park(self, session: Session, at: datetime) -> int:
        """The first due timer alone; where its step fails, it is set aside and reported."""
        due = timers.take_due(session, at, 1)
        for timer in due:
            timer_id, key, recurs = timer.id, timer.key, timer.kind in self._recurring
            try:
                with session.begin_nested():
                    self._do(session, at, due)
            except OperationalError:
                raise
            except Exception as error:
                if recurs:
                    log.exception("a timer failed and is tried again in an hour", key=key)
                    timers.put_off(session, timer_id, at + _AGAIN, noted(error))
                else:
                    log.exception("a timer failed and is parked", key=key)
                    timers.park(session, timer_id, at, noted(error))
        return len(due)

    def _do(self, session: Session, at: datetime, due: Sequence[Fired]) -> None:
        timers.consume(session, at, due)
        self._steps[due[0].kind, due[0].step](session, at, due)


def _adapted(size: int, done: int, seconds: float) -> int:
    """How large the next batch of a step may be to keep within its time."""
    if seconds > _BATCH_SECONDS or (seconds > 0 and done == size):
        fitting = int(done * _BATCH_SECONDS / seconds)
        return max(1, min(_LARGEST_BATCH, fitting, size * 2))
    return size
