"""One mirror on its way: claim it, and settle what came of sending.

A claim reads `wanted` under a lease before anything is rendered, and settling writes that number to
`shown`, only where the lease is still its own: a mark made while a message is on its way stays
visible. All instants here are machine time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never
from uuid import uuid4

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.core.states import MirrorKind, Outcome, RunState
from bot.db.session import machine_time, note_stale
from bot.db.tables import Mirror, Run
from bot.engine.mirrors import Urgency, due

LEASE = timedelta(seconds=40)  # longer than a time-out of the gateway and what follows it
SETTLING = timedelta(seconds=15)  # time-out + 5 s: an unknown call has taken effect by then, or not
_CALM_SECONDS = 10.0
_CALM_SECONDS_PER_RUN = 2.0


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
    channel: str | None  # where it stands; of a reply to be made, where its parent does
    remote_id: str | None
    parent_id: int | None
    thread_ts: str | None  # of what it is a reply to
    wanted: int
    attempts: int
    run_id: int | None
    sent_at: datetime | None  # of an earlier creation whose outcome is unknown
    sent_since: datetime | None  # the same, by the clock outside

    @property
    def creates(self) -> bool:
        """Whether sending it makes something new outside."""
        return self.kind is not MirrorKind.HOME and self.remote_id is None

    @property
    def place(self) -> str:
        """Where it is sent to: a channel, or a person for the DM with them."""
        return self.channel or self.target


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
    creates = mirror.kind is not MirrorKind.HOME and mirror.remote_id is None
    if creates and _too_late(mirror, now):
        mirror.outcome = Outcome.MISSED
        return None
    channel, thread_ts = mirror.channel, mirror.thread_ts
    if mirror.parent_id is not None:
        parent = session.get_one(Mirror, mirror.parent_id)
        channel, thread_ts = channel or parent.channel, parent.remote_id
    mirror.lease = uuid4().hex
    mirror.lease_until = now + LEASE
    mirror.attempts += 1
    before = mirror.sent_at, mirror.sent_since
    if creates and mirror.sent_since is None:
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
        channel=channel,
        remote_id=mirror.remote_id,
        parent_id=mirror.parent_id,
        thread_ts=thread_ts,
        wanted=mirror.wanted,
        attempts=mirror.attempts,
        run_id=mirror.run_id,
        sent_at=before[0],
        sent_since=before[1],
    )


def _too_late(mirror: Mirror, now: datetime) -> bool:
    """Whether a creation stopped making sense before it began; one that began is looked for."""
    limit = mirror.not_after
    return mirror.sent_at is None and limit is not None and limit < now


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
    then: Callable[[Session], None] | None = None  # to be written down in the same transaction


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
    """Write down what came of sending; answers the mirror that it concerns.

    That is a reply's parent where what stopped the reply is the parent's outcome. None where the
    lease was no longer our own, or where nothing is new.
    """
    parent = _parent_to_blame(session, claimed, result)  # locked first, as `mirrors.mark` does
    mirror = session.scalar(
        select(Mirror)
        .where(Mirror.id == claimed.id, Mirror.lease == claimed.lease)
        .with_for_update()
    )
    if mirror is None:
        return None
    mirror.lease = mirror.lease_until = mirror.not_before = None
    if parent is not None and isinstance(result, Stopped):
        return _stop_parent(mirror, parent, claimed, result)
    _write_down(session, mirror, claimed, result)
    if mirror.outcome is None and (mirror.shown < mirror.wanted or claimed.creates):
        note_stale(session)  # more is to be shown of it, or its replies may follow
    return mirror


def _parent_to_blame(session: Session, claimed: Claim, result: Result) -> Mirror | None:
    """The parent whose outcome stopped a reply: its channel is shut, or it is gone itself."""
    if claimed.parent_id is None:
        return None
    match result:
        case Stopped(Outcome.BLOCKED):
            pass
        case Stopped(Outcome.GONE) if claimed.creates:
            pass
        case _:
            return None
    return session.scalar(select(Mirror).where(Mirror.id == claimed.parent_id).with_for_update())


def _stop_parent(mirror: Mirror, parent: Mirror, claimed: Claim, result: Stopped) -> Mirror | None:
    """A reply inherits its parent's outcome: it waits as if nothing had been tried."""
    mirror.attempts = claimed.attempts - 1
    if result.outcome is not Outcome.BLOCKED or claimed.sent_since is None:
        _forget_sending(mirror)
    if parent.outcome is not None:
        return None
    parent.outcome = result.outcome
    parent.detail = result.detail
    return parent


def _write_down(session: Session, mirror: Mirror, claimed: Claim, result: Result) -> None:
    now = machine_time(session)
    match result:
        case Shown():
            _settle_shown(session, mirror, claimed, result)
        case Nothing():
            mirror.shown = claimed.wanted
            mirror.attempts = 0
            _forget_moment(mirror)
            _forget_sending(mirror)
        case Again(seconds):
            mirror.not_before = now + timedelta(seconds=seconds)
            if claimed.sent_since is None:
                _forget_sending(mirror)
        case LookFirst():
            mirror.not_before = now + SETTLING
        case NotThere():
            _forget_sending(mirror)
        case Stopped(outcome, detail):
            mirror.outcome = outcome
            mirror.detail = detail
            if outcome is not Outcome.BLOCKED or claimed.sent_since is None:
                _forget_sending(mirror)  # else it is looked for once its channel opens again
        case _:
            assert_never(result)


def _settle_shown(session: Session, mirror: Mirror, claimed: Claim, result: Shown) -> None:
    mirror.shown = 0 if result.adopted else claimed.wanted
    mirror.channel = result.channel or mirror.channel
    mirror.remote_id = result.remote_id or mirror.remote_id
    mirror.attempts = 0
    _forget_sending(mirror)
    if mirror.shown >= mirror.wanted:
        mirror.urgency = Urgency.PROGRESS
    _forget_moment(mirror)
    if result.then is not None:
        result.then(session)
    if result.calm and mirror.urgency == Urgency.PROGRESS:
        mirror.calm_until = machine_time(session) + timedelta(seconds=_calm_seconds(session))


def _forget_moment(mirror: Mirror) -> None:
    """Of what is shown the day is enough: when a card changed is when its person did something.

    By an issue's moment it is told which of them was asked about last.
    """
    if mirror.kind is not MirrorKind.ISSUE and mirror.shown >= mirror.wanted:
        mirror.stale_since = mirror.stale_since.replace(hour=0, minute=0, second=0, microsecond=0)


def _calm_seconds(session: Session) -> float:
    """Seconds between two updates that only show progress; Slack grants 50 a minute to all."""
    count = select(func.count()).select_from(Run).where(Run.state == RunState.OPEN)
    return max(_CALM_SECONDS, _CALM_SECONDS_PER_RUN * session.scalars(count).one())


def _forget_sending(mirror: Mirror) -> None:
    mirror.sent_at = mirror.sent_since = None
