"""Mirrors: rows that say what must be shown outside. Mark stale, claim, settle.

Due is `shown < wanted`. A claim reads `wanted` under a lease before anything is rendered, and
settling writes that number to `shown`, only where the lease is still its own: a mark made while a
message is on its way stays visible. All instants here are machine time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from uuid import uuid4

from sqlalchemy import ColumnElement, and_, case, func, or_, select, update
from sqlalchemy.orm import Session

from bot.core.states import MirrorKind, Outcome, RunState
from bot.db.session import machine_time, note_stale
from bot.db.tables import Mirror, Run, Workspace
from bot.db.upsert import insert

LEASE = timedelta(seconds=40)  # longer than a time-out of the gateway and what follows it
SETTLING = timedelta(seconds=15)  # time-out + 5 s: an unknown call has taken effect by then, or not
_CALM_SECONDS = 10.0
_CALM_SECONDS_PER_RUN = 2.0


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


@dataclass(frozen=True)
class Claim:
    """A mirror under lease, as it was when it was claimed."""

    id: int
    uid: str
    lease: str
    kind: MirrorKind
    view: str
    subject: str
    target: str
    channel: str | None
    remote_id: str | None
    wanted: int
    attempts: int
    run_id: int | None
    sent_since: datetime | None  # of an earlier creation whose outcome is unknown

    @property
    def creates(self) -> bool:
        """Whether sending it makes something new outside."""
        return self.kind is MirrorKind.MESSAGE and self.remote_id is None


def mark(session: Session, at: datetime, marks: Iterable[Mark]) -> None:
    """Say that these views have changed, at calendar time `at`; creates what is not there yet."""
    now = machine_time(session)
    rows = [
        {
            "uid": uuid4().hex,
            "workspace_id": one.workspace_id,
            "run_id": one.run_id,
            "kind": one.kind,
            "view": one.view,
            "subject": one.subject,
            "target": one.target,
            "urgency": one.urgency,
            "not_after": one.not_after and now + (one.not_after - at),
            "stale_since": now,
            "wanted": 1,
            "shown": 0,
            "attempts": 0,
        }
        for one in marks
    ]
    if not rows:
        return
    statement = insert(session, Mirror)
    new = statement.excluded
    stale = Mirror.shown < Mirror.wanted
    more_urgent = and_(stale, Mirror.urgency < new.urgency)
    statement = statement.on_conflict_do_update(
        index_elements=["kind", "view", "subject", "target"],
        set_={
            "wanted": Mirror.wanted + 1,
            "urgency": case((more_urgent, Mirror.urgency), else_=new.urgency),
            "stale_since": case((stale, Mirror.stale_since), else_=new.stale_since),
            "calm_until": case((new.urgency < Urgency.PROGRESS, None), else_=Mirror.calm_until),
        },
    )
    session.flush()
    session.connection().execute(statement, rows)
    note_stale(session)


def touch(session: Session, where: ColumnElement[bool], urgency: Urgency) -> None:
    """Mark mirrors stale that exist already; creates none."""
    stale = Mirror.shown < Mirror.wanted
    session.flush()
    session.execute(
        update(Mirror)
        .where(where)
        .values(
            wanted=Mirror.wanted + 1,
            urgency=case((and_(stale, Mirror.urgency < urgency), Mirror.urgency), else_=urgency),
            stale_since=case((stale, Mirror.stale_since), else_=machine_time(session)),
            calm_until=None if urgency < Urgency.PROGRESS else Mirror.calm_until,
        )
        .execution_options(synchronize_session=False)
    )
    note_stale(session)


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


def due(now: datetime) -> ColumnElement[bool]:
    """Mirrors that could be sent at machine time `now`."""
    return and_(
        Mirror.shown < Mirror.wanted,
        Mirror.outcome.is_(None),
        or_(Mirror.not_before.is_(None), Mirror.not_before <= now),
        or_(Mirror.calm_until.is_(None), Mirror.calm_until <= now),
        or_(Mirror.lease_until.is_(None), Mirror.lease_until <= now),
    )


@dataclass(frozen=True)
class Candidate:
    """A mirror that a sweep found; claimed, or not, one by one."""

    id: int
    kind: MirrorKind
    target: str
    creates: bool


def candidates(session: Session, limit: int) -> list[Candidate]:
    """What is due: of creations, updates and Homes the `limit` most urgent each."""
    now = machine_time(session)
    message = Mirror.kind == MirrorKind.MESSAGE
    found: list[Candidate] = []
    for lane in (
        and_(message, Mirror.remote_id.is_(None)),
        and_(message, Mirror.remote_id.is_not(None)),
        Mirror.kind == MirrorKind.HOME,
    ):
        rows = session.execute(
            select(Mirror.id, Mirror.kind, Mirror.target, Mirror.remote_id)
            .join(Workspace)
            .where(due(now), lane, Workspace.paused.is_(None))
            .order_by(Mirror.urgency, Mirror.stale_since, Mirror.id)
            .limit(limit)
        )
        found += [
            Candidate(row.id, row.kind, row.target, row.kind != "home" and row.remote_id is None)
            for row in rows
        ]
    return found


def waiting(session: Session) -> tuple[int, int]:
    """How many mirrors could be sent or are being sent, and how many wait for back-off."""
    now = machine_time(session)
    stale = and_(Mirror.shown < Mirror.wanted, Mirror.outcome.is_(None))
    backing_off = and_(stale, Mirror.not_before > now)
    count = select(func.count()).select_from(Mirror).join(Workspace)
    total = session.scalar(count.where(stale, Workspace.paused.is_(None))) or 0
    later = session.scalar(count.where(backing_off, Workspace.paused.is_(None))) or 0
    return total - later, later


def flush_calm(session: Session) -> None:
    """Let throttled progress be shown at once."""
    session.execute(
        update(Mirror)
        .where(Mirror.shown < Mirror.wanted, Mirror.calm_until.is_not(None))
        .values(calm_until=None)
        .execution_options(synchronize_session=False)
    )
    note_stale(session)


def claim(session: Session, mirror_id: int, slack_time: datetime) -> Claim | None:
    """Take a mirror under lease, or answer None where there is nothing (more) to send.

    The fence: the row is locked, then written, in one transaction that commits before anything is
    sent. A creation notes when it began, so that whoever finds the lease expired looks before
    making it again.
    """
    now = machine_time(session)
    mirror = session.scalar(
        select(Mirror).where(Mirror.id == mirror_id, due(now)).with_for_update(skip_locked=True)
    )
    if mirror is None:
        return None
    creates = mirror.kind is MirrorKind.MESSAGE and mirror.remote_id is None
    if creates and not _may_create(mirror, now):
        return None
    mirror.lease = uuid4().hex
    mirror.lease_until = now + LEASE
    mirror.attempts += 1
    before = mirror.sent_since
    if creates and before is None:
        mirror.sent_at = now
        mirror.sent_since = slack_time
    return Claim(
        id=mirror.id,
        uid=mirror.uid,
        lease=mirror.lease,
        kind=mirror.kind,
        view=mirror.view,
        subject=mirror.subject,
        target=mirror.target,
        channel=mirror.channel,
        remote_id=mirror.remote_id,
        wanted=mirror.wanted,
        attempts=mirror.attempts,
        run_id=mirror.run_id,
        sent_since=before,
    )


def _may_create(mirror: Mirror, now: datetime) -> bool:
    if mirror.sent_at is not None and now < mirror.sent_at + SETTLING:
        mirror.not_before = mirror.sent_at + SETTLING
        return False
    if mirror.sent_at is None and mirror.not_after is not None and mirror.not_after < now:
        mirror.outcome = Outcome.MISSED
        return False
    return True


def release(session: Session) -> None:
    """Free what a dead process of this database held; only for whoever holds it alone.

    What that process had under way may still arrive for a while, so each waits for that.
    """
    session.execute(
        update(Mirror)
        .where(Mirror.lease.is_not(None))
        .values(lease=None, lease_until=None, not_before=machine_time(session) + SETTLING)
        .execution_options(synchronize_session=False)
    )


@dataclass(frozen=True)
class Shown:
    """It stands outside as of revision `claim.wanted`, or 0 for one found half-made."""

    channel: str | None = None
    remote_id: str | None = None
    adopted: bool = False
    calm: bool = False


@dataclass(frozen=True)
class Nothing:
    """The view drew nothing, so nothing was sent."""


@dataclass(frozen=True)
class Again:
    """Nothing took effect, or it may be repeated; not before so many seconds."""

    seconds: float


@dataclass(frozen=True)
class LookFirst:
    """A creation with an unknown outcome: to be looked up before it is made again."""


@dataclass(frozen=True)
class NotThere:
    """Looked up and not there: it may be made."""


@dataclass(frozen=True)
class Stopped:
    """It will not be sent any more."""

    outcome: Outcome
    detail: str


Result = Shown | Nothing | Again | LookFirst | NotThere | Stopped


def settle(session: Session, claimed: Claim, result: Result) -> Mirror | None:
    """Write down what came of sending; None where the lease was no longer our own."""
    mirror = session.scalar(
        select(Mirror)
        .where(Mirror.id == claimed.id, Mirror.lease == claimed.lease)
        .with_for_update()
    )
    if mirror is None:
        return None
    now = machine_time(session)
    mirror.lease = mirror.lease_until = mirror.not_before = None
    match result:
        case Shown():
            _settle_shown(session, mirror, claimed, result)
        case Nothing():
            mirror.shown = claimed.wanted
            _forget_sending(mirror)
        case Again(seconds):
            mirror.not_before = now + timedelta(seconds=seconds)
            if claimed.sent_since is None:
                _forget_sending(mirror)
        case LookFirst():
            mirror.not_before = max(now, mirror.sent_at or now) + SETTLING
        case NotThere():
            _forget_sending(mirror)
        case Stopped(outcome, detail):
            mirror.outcome = outcome
            mirror.detail = detail
            _forget_sending(mirror)
    if mirror.outcome is None and mirror.shown < mirror.wanted:
        note_stale(session)
    return mirror


def _settle_shown(session: Session, mirror: Mirror, claimed: Claim, result: Shown) -> None:
    mirror.shown = 0 if result.adopted else claimed.wanted
    mirror.channel = result.channel or mirror.channel
    mirror.remote_id = result.remote_id or mirror.remote_id
    mirror.attempts = 0
    _forget_sending(mirror)
    if mirror.shown >= mirror.wanted:
        mirror.urgency = Urgency.PROGRESS
    if result.calm and mirror.urgency is not Urgency.CLOSING:
        mirror.calm_until = machine_time(session) + timedelta(seconds=_calm_seconds(session))


def _calm_seconds(session: Session) -> float:
    """Seconds between two updates that only show progress; Slack grants 50 a minute to all."""
    live = session.scalar(select(func.count()).select_from(Run).where(Run.state == RunState.OPEN))
    return max(_CALM_SECONDS, _CALM_SECONDS_PER_RUN * (live or 0))


def _forget_sending(mirror: Mirror) -> None:
    mirror.sent_at = mirror.sent_since = None


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
