"""10,000 people due at one instant, against one APScheduler job for each in its SQL store."""

import asyncio
import tempfile
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.core.clock import MovableCalendar
from bot.db.session import Database
from tests.benchmarks.bare import machine
from tests.benchmarks.report import Row, middle, milliseconds
from tests.benchmarks.team import crowd, database, timetable

EVENING = datetime(2026, 3, 29, 20, tzinfo=UTC)
PLANNED, DUE, LATER = time(3), time(9, 30), time(15)
_ROUNDS = 3
_IDLE = 200
_AIM_SECONDS, _AIM_TIMES, _AIM_IDLE = 1.0, 20.0, 0.010


def run(*, quick: bool) -> list[Row]:
    tenth = 10 if quick else 1
    due, all_people = 10 // tenth, 100 // tenth
    found = [_ours(due, all_people) for _ in range(1 if quick else _ROUNDS)]
    ours = middle([seconds for seconds, _idle in found])
    idle = middle([idle for _seconds, idle in found])
    theirs = asyncio.run(_scheduler(due * 1000))
    times = theirs / ours
    what = f"{due * 1000:,} of {all_people * 1000:,} people due at one instant, committed"
    return [
        Row(
            "tick_due",
            what,
            f"{ours:.2f} s",
            f"a job each {theirs:.1f} s",
            f"{times:.0f} times faster",
            f"≤ {_AIM_SECONDS:.0f} s, ≥ {_AIM_TIMES:.0f} times",
            ours <= _AIM_SECONDS and times >= _AIM_TIMES,
        ),
        Row(
            "tick_due",
            "a tick with nothing due",
            milliseconds(idle),
            aim=f"≤ {_AIM_IDLE * 1000:.0f} ms",
            met=idle <= _AIM_IDLE,
        ),
    ]


def _ours(due: int, all_people: int) -> tuple[float, float]:
    with database() as opened:
        crowd(opened, EVENING, [DUE] * due + [LATER] * (all_people - due))
        return asyncio.run(tick(opened, due * 1000))


async def tick(opened: Database, expected: int) -> tuple[float, float]:
    """The seconds until all that is due at half past nine is committed, and of an idle tick.

    The day after is planned by then, as everywhere: at two in the morning UTC.
    """
    calendar = MovableCalendar(machine, EVENING, running=False)
    found = timetable(opened, calendar)
    calendar.move_to(datetime.combine(EVENING.date() + timedelta(days=1), PLANNED, UTC))
    await found.tick()
    calendar.move_to(datetime.combine(EVENING.date() + timedelta(days=1), DUE, UTC))
    began = machine.elapsed()
    done = await found.tick()
    seconds = machine.elapsed() - began
    if done < expected:
        raise RuntimeError(f"{done} timers, not {expected}")
    began = machine.elapsed()
    for _ in range(_IDLE):
        await found.tick()
    return seconds, (machine.elapsed() - began) / _IDLE


_done = 0


def _job() -> None:
    global _done
    _done += 1


async def _scheduler(number: int) -> float:
    """Seconds from the due instant until APScheduler has run a job for each."""
    with tempfile.TemporaryDirectory() as folder:
        store = SQLAlchemyJobStore(f"sqlite:///{Path(folder) / 'jobs.db'}")
        scheduler = AsyncIOScheduler(jobstores={"default": store}, timezone=UTC)
        scheduler.start(paused=True)
        due = machine.utc()
        for one in range(number):
            scheduler.add_job(_job, "date", run_date=due, id=str(one), misfire_grace_time=None)
        began = machine.elapsed()
        scheduler.resume()
        while _done < number:  # noqa: ASYNC110 - the scheduler tells nobody
            await asyncio.sleep(0.005)
        seconds = machine.elapsed() - began
        scheduler.shutdown(wait=False)
        return seconds
