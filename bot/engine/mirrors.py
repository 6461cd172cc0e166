"""Mirrors: rows that say what must be shown outside. Mark stale, and find what is due.

Due is `shown < wanted`; `sending` says how one comes to be shown. All instants here are machine
time.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    SQLColumnExpression,
    Update,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Session

from bot.core.states import MirrorKind, Outcome
from bot.db.session import machine_time, note_stale
from bot.db.tables import Mirror, Workspace
from bot.db.upsert import insert_into
from bot.engine import threads
from bot.engine.threads import Key

if TYPE_CHECKING:
    from bot.db.upsert import Insert


_GATHERING = timedelta(seconds=1)  # a crowd that is due at one moment is asked within it


class Urgency(IntEnum):
    """What is sent first where Slack's rate is short."""

    CLICKED = 0  # the card of whoever clicked
    CLOSING = 1
    PROGRESS = 2


@dataclass(frozen=True)
class Mark:
    """A view of a subject that has changed, and where it is shown."""

    workspace_id: int
    kind: MirrorKind
    view: str
    subject: str
    target: str
    run_id: int | None = None
    urgency: Urgency = Urgency.PROGRESS
    not_after: datetime | None = None  # calendar time; see `mark`
    gathers: bool = False  # what comes at the same moment joins it before it is made
    parent: Key | None = None  # the message it is a reply to, in the same target
    thread_ts: str | None = None  # likewise, where that message is not ours

    def __post_init__(self) -> None:
        if self.parent is not None and self.parent.target != self.target:
            raise ValueError("a reply stands where its parent does")

    @property
    def key(self) -> Key:
        """What makes its mirror one."""
        return Key(self.kind, self.view, self.subject, self.target)


def mark(session: Session, at: datetime, marks: Iterable[Mark]) -> None:
    """Say that these views have changed, at calendar time `at`; creates what is not there yet.

    A reply's parent must be there, or be marked in the same call. A message that is there already
    keeps the parent that it has, since Slack moves none. One that came too late goes after all, by
    its new limit.
    """
    told = list(marks)
    if not told:
        return
    session.flush()
    _upsert(session, at, [(one, None) for one in told if one.parent is None])
    if replies := [(one, one.parent) for one in told if one.parent is not None]:
        parents = threads.parents(session, {parent for _one, parent in replies})
        _upsert(session, at, [(one, parents[parent]) for one, parent in replies])
    note_stale(session)


def _upsert(session: Session, at: datetime, marks: Sequence[tuple[Mark, int | None]]) -> None:
    now = machine_time(session)
    rows = [
        {
            "uid": uuid4().hex,
            "workspace_id": one.workspace_id,
            "run_id": one.run_id,
            "parent_id": parent_id,
            "thread_ts": one.thread_ts,
            "kind": one.kind,
            "view": one.view,
            "subject": one.subject,
            "target": one.target,
            "urgency": one.urgency,
            "not_after": one.not_after and now + (one.not_after - at),
            "calm_until": now + _GATHERING if one.gathers else None,
            "stale_since": now,
            "wanted": 1,
            "shown": 0,
            "attempts": 0,
        }
        for one, parent_id in marks
    ]
    if rows:
        session.connection().execute(_marking(session.get_bind().dialect.name), rows)


@cache
def _marking(dialect: str) -> "Insert":
    """The upsert of a mark. Kept, since to build it takes longer than to run it."""
    statement = insert_into(dialect, Mirror)
    new = statement.excluded
    stale = Mirror.shown < Mirror.wanted
    more_urgent = and_(stale, Mirror.urgency < new.urgency)
    missed = Mirror.outcome == Outcome.MISSED
    return statement.on_conflict_do_update(
        index_elements=["kind", "view", "subject", "target"],
        set_={
            "wanted": Mirror.wanted + 1,
            "urgency": case((more_urgent, Mirror.urgency), else_=new.urgency),
            "stale_since": case((stale, Mirror.stale_since), else_=new.stale_since),
            "calm_until": case((new.urgency < Urgency.PROGRESS, None), else_=Mirror.calm_until),
            "not_after": case(
                (missed, new.not_after), else_=_later(Mirror.not_after, new.not_after)
            ),
            "outcome": case((missed, None), else_=Mirror.outcome),
        },
    )


def _later(one: SQLColumnExpression[Any], other: SQLColumnExpression[Any]) -> ColumnElement[Any]:
    """The later of two limits, where none is the latest."""
    return case((one.is_(None) | other.is_(None), None), (one > other, one), else_=other)


def touch(session: Session, where: ColumnElement[bool], urgency: Urgency) -> None:
    """Mark mirrors stale that exist already; creates none."""
    session.flush()
    session.execute(_touching().where(where), _touch(session, urgency))
    note_stale(session)


def touch_these(session: Session, ids: Collection[int], urgency: Urgency) -> None:
    """The same by their ids."""
    if ids:
        session.flush()
        told = _touch(session, urgency) | {"ids": list(ids)}
        session.connection().execute(_touching_these(), told)  # a session would copy it each time
        note_stale(session)


def _touch(session: Session, urgency: Urgency) -> dict[str, Any]:
    return {"new_urgency": urgency, "now": machine_time(session)}


@cache
def _touching() -> Update:
    stale, urgency = Mirror.shown < Mirror.wanted, bindparam("new_urgency", type_=Integer)
    more_urgent = and_(stale, Mirror.urgency < urgency)
    now = bindparam("now", type_=Mirror.stale_since.type)
    return (
        update(Mirror)
        .values(
            wanted=Mirror.wanted + 1,
            urgency=case((more_urgent, Mirror.urgency), else_=urgency),
            stale_since=case((stale, Mirror.stale_since), else_=now),
            calm_until=case((urgency < Urgency.PROGRESS, None), else_=Mirror.calm_until),
        )
        .execution_options(synchronize_session=False)
    )


@cache
def _touching_these() -> Update:
    return _touching().where(Mirror.id.in_(bindparam("ids", expanding=True)))


def lift(session: Session, where: ColumnElement[bool]) -> None:
    """Make mirrors live again that an outcome had stopped, and show what is true now."""
    session.execute(
        update(Mirror)
        .where(Mirror.outcome.is_not(None), where)
        .values(
            outcome=None,
            detail=None,
            attempts=0,
            not_before=None,
            not_after=None,
            wanted=Mirror.wanted + 1,
            stale_since=machine_time(session),
        )
        .execution_options(synchronize_session=False)
    )
    note_stale(session)


def due(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Mirrors that could be sent at machine time `now`."""
    return and_(
        Mirror.shown < Mirror.wanted,
        Mirror.outcome.is_(None),
        or_(Mirror.not_before.is_(None), Mirror.not_before <= now),
        or_(Mirror.calm_until.is_(None), Mirror.calm_until <= now),
        or_(Mirror.lease_until.is_(None), Mirror.lease_until <= now),
        threads.may_go(),
    )


@dataclass(frozen=True)
class Candidate:
    """A mirror that a sweep found; claimed, or not, one by one."""

    id: int
    kind: MirrorKind
    target: str
    creates: bool


def candidates(session: Session, limit: int) -> list[Candidate]:
    """What is due: of creations, updates, Homes and issues the `limit` most urgent each."""
    rows = session.execute(_finding(limit), {"now": machine_time(session)})
    return [
        Candidate(
            row.id, row.kind, row.target, row.kind != MirrorKind.HOME and row.remote_id is None
        )
        for row in rows
    ]


@cache
def _finding(limit: int) -> CompoundSelect[Any]:
    """The query for candidates, kept: the relay asks at every wake-up, mostly for nothing.

    In ms, with 30,000 mirrors of which none, 30 or 5,000 are stale: 0.13, 0.33 and 3 on SQLite,
    1.2, 2.5 and 3.7 on PostgreSQL; as three queries built anew 2.1, 4.3 and 5.4; 5.4, 11 and 17.
    """
    message = Mirror.kind == MirrorKind.MESSAGE
    now = bindparam("now", type_=Mirror.stale_since.type)
    found = (Mirror.id, Mirror.kind, Mirror.target, Mirror.remote_id)
    order = (Mirror.urgency, Mirror.stale_since, Mirror.id)
    lanes = (
        select(*found, *order)
        .join(Workspace)
        .where(due(now), lane)
        .order_by(*order)
        .limit(limit)
        .subquery()
        for lane in (
            and_(message, Mirror.remote_id.is_(None), Workspace.paused.is_(None)),
            and_(message, Mirror.remote_id.is_not(None), Workspace.paused.is_(None)),
            and_(Mirror.kind == MirrorKind.HOME, Workspace.paused.is_(None)),
            and_(Mirror.kind == MirrorKind.ISSUE, Workspace.jira_paused.is_(None)),
        )
    )
    return union_all(*(select(lane) for lane in lanes)).order_by("urgency", "stale_since", "id")


def waiting(session: Session, kinds: Collection[MirrorKind] = tuple(MirrorKind)) -> tuple[int, int]:
    """How many mirrors of some kinds could be or are being sent, and how many wait for back-off.

    A reply that waits for its parent is neither.
    """
    told = {"now": machine_time(session)}
    total, later = session.execute(_counting(tuple(kinds)), told).one()
    return total - later, later


@cache
def _counting(kinds: tuple[MirrorKind, ...]) -> Select[int, int]:
    """The query for both, kept: whoever waits for rest asks over and over."""
    backing_off = Mirror.not_before > bindparam("now", type_=Mirror.stale_since.type)
    paused = case((Mirror.kind == MirrorKind.ISSUE, Workspace.jira_paused), else_=Workspace.paused)
    return (
        select(func.count(), func.count(case((backing_off, 1))))
        .select_from(Mirror)
        .join(Workspace)
        .where(
            Mirror.kind.in_(kinds),
            Mirror.shown < Mirror.wanted,
            Mirror.outcome.is_(None),
            threads.may_go(),
            paused.is_(None),
        )
    )


def flush_calm(session: Session) -> None:
    """Let throttled progress be shown at once."""
    session.execute(
        update(Mirror)
        .where(Mirror.shown < Mirror.wanted, Mirror.calm_until.is_not(None))
        .values(calm_until=None)
        .execution_options(synchronize_session=False)
    )
    note_stale(session)


def blocked_elsewhere(session: Session, mirror: Mirror) -> bool:
    """Whether another mirror of its target is blocked already, so that its owner has been told."""
    others: Sequence[int] = session.scalars(
        select(Mirror.id)
        .where(
            Mirror.target == mirror.target,
            Mirror.outcome == Outcome.BLOCKED,
            Mirror.id != mirror.id,
        )
        .limit(1)
    ).all()
    return bool(others)
