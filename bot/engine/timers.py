"""Timers: rows that say what is due when, by calendar time."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Integer, bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from bot.db.tables import Timer
from bot.db.upsert import insert_into, insert_missing

if TYPE_CHECKING:
    from bot.db.upsert import Insert

RETENTION = timedelta(days=30)


@dataclass(frozen=True)
class Due:
    """A timer to be set. Its key makes it one: setting it again changes nothing."""

    kind: str
    step: str
    due_at: datetime
    ritual_id: int | None = None
    run_id: int | None = None
    person_id: int | None = None
    local_date: date | None = None
    ordinal: int = 0  # its run's: above 0 for one started by hand


class Fired(NamedTuple):
    """A timer whose moment has come, as it was when it was taken."""

    id: int
    key: str
    kind: str
    step: str
    due_at: datetime
    ritual_id: int | None
    run_id: int | None
    person_id: int | None
    local_date: date | None


def key(due: Due) -> str:
    """The one name of a timer: kind:ritual/date/step/person, without what it has none of.

    After the date comes the ordinal of a run that was started by hand, beside that day's planned
    one.
    """
    parts = [f"{due.kind}:{due.ritual_id or ''}"]
    if due.local_date is not None:
        parts.append(due.local_date.isoformat())
    if due.ordinal > 0:
        parts.append(str(due.ordinal))
    parts.append(due.step)
    if due.person_id is not None:
        parts.append(f"person:{due.person_id}")
    return "/".join(parts)


def set_timers(session: Session, timers: Iterable[Due]) -> None:
    """Set timers that are not set yet."""
    session.flush()
    insert_missing(session, Timer, [_row(due) for due in timers])


def reset(session: Session, timers: Iterable[Due]) -> None:
    """Set timers, those too that are set for another instant or have fired already."""
    rows = [_row(due) for due in timers]
    if rows:
        session.flush()
        session.connection().execute(_resetting(session.get_bind().dialect.name), rows)


# These statements are kept, since to build them takes longer than to run them.


@cache
def _resetting(dialect: str) -> "Insert":
    statement = insert_into(dialect, Timer)
    again = {
        "due_at": statement.excluded.due_at,
        "consumed_at": None,
        "parked_at": None,
        "error": None,
    }
    return statement.on_conflict_do_update(index_elements=["key"], set_=again)


_WAITING = Timer.consumed_at.is_(None) & Timer.parked_at.is_(None)
_FIRST = (
    select(Timer.due_at, Timer.kind, Timer.step)
    .where(_WAITING)
    .order_by(Timer.due_at, Timer.kind, Timer.step, Timer.id)
    .limit(1)
)
_FIRED = [getattr(Timer, name) for name in Fired._fields]  # whole entities take twice the time
_DUE = (
    select(*_FIRED)
    .where(_WAITING, Timer.due_at <= bindparam("at", type_=Timer.due_at.type))
    .order_by(Timer.due_at, Timer.kind, Timer.step, Timer.id)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
)
_CONSUMING = (
    update(Timer)
    .where(Timer.id.in_(bindparam("ids", expanding=True)))
    .values(consumed_at=bindparam("at", type_=Timer.due_at.type))
    .execution_options(synchronize_session=False)
)


def _row(due: Due) -> dict[str, object]:
    return {
        "key": key(due),
        "kind": due.kind,
        "step": due.step,
        "due_at": due.due_at,
        "ritual_id": due.ritual_id,
        "run_id": due.run_id,
        "person_id": due.person_id,
        "local_date": due.local_date,
    }


def move(session: Session, due: Due) -> None:
    """Let a timer that has not fired yet fire at another instant."""
    session.execute(
        update(Timer)
        .where(Timer.key == key(due), Timer.consumed_at.is_(None))
        .values(due_at=due.due_at)
    )


StepKey = tuple[str, str]
"""A kind of ritual, or what else has timers, and the name of a step."""


def first_due(session: Session, at: datetime) -> StepKey | None:
    """Which step is the next to do at `at`, if there is one."""
    row = session.execute(_FIRST).first()
    return None if row is None or row.due_at > at else (row.kind, row.step)


def take_due(session: Session, at: datetime, limit: int) -> Sequence[Fired]:
    """The next due timers of one kind and step, earliest first, locked for this transaction."""
    session.flush()
    found = session.connection().execute(_DUE, {"at": at, "most": limit})
    rows = [Fired(*row) for row in found]
    return list(takewhile(lambda one: _sort(one) == _sort(rows[0]), rows))


def consume(session: Session, at: datetime, timers: Sequence[Fired]) -> None:
    """Mark timers as done."""
    session.execute(_CONSUMING, {"ids": [timer.id for timer in timers], "at": at})


def park(session: Session, timer_id: int, at: datetime, error: str) -> None:
    """Set a timer aside whose step fails, so that it holds up no other."""
    session.execute(
        update(Timer).where(Timer.id == timer_id).values(parked_at=at, error=error[:2000])
    )


def put_off(session: Session, timer_id: int, until: datetime, error: str) -> None:
    """Let a timer whose step fails fire once more, later."""
    session.execute(
        update(Timer).where(Timer.id == timer_id).values(due_at=until, error=error[:2000])
    )


def next_due(session: Session, but: Collection[str] = ()) -> datetime | None:
    """When the earliest timer is due, in calendar time; `but` names kinds that don't count."""
    return session.scalar(
        select(func.min(Timer.due_at)).where(
            Timer.consumed_at.is_(None), Timer.parked_at.is_(None), Timer.kind.not_in(but)
        )
    )


def drop(session: Session, kind: str) -> None:
    """Take away the timers of a kind that nobody serves any more."""
    session.execute(delete(Timer).where(Timer.kind == kind, Timer.consumed_at.is_(None)))


def forget_old(session: Session, at: datetime) -> None:
    """Delete timers done or set aside long ago; their keys are of dates that never come again."""
    since = at - RETENTION
    session.execute(delete(Timer).where((Timer.consumed_at < since) | (Timer.parked_at < since)))


def _sort(timer: Fired) -> StepKey:
    return timer.kind, timer.step
