"""Replies: messages below another one, their parent.

A reply is made once its parent stands. What keeps it from being made there, a channel that is shut
or a parent that somebody deleted, is its parent's outcome: a reply takes none of its own from it.
So the owner is told once, no try is counted, and lifting the parent lifts its replies.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from bot.core.states import MirrorKind, Outcome
from bot.db.session import machine_time, note_stale
from bot.db.tables import Mirror


@dataclass(frozen=True)
class Key:
    """What makes a mirror one."""

    kind: MirrorKind
    view: str
    subject: str
    target: str


_IDENTITY = (Mirror.kind, Mirror.view, Mirror.subject, Mirror.target)


def parents(session: Session, keys: Collection[Key]) -> Mapping[Key, int]:
    """The ids of parents by what makes them one; each must be there, and be no reply itself."""
    rows = session.execute(
        select(Mirror.id, Mirror.parent_id, *_IDENTITY).where(
            tuple_(*_IDENTITY).in_([(one.kind, one.view, one.subject, one.target) for one in keys])
        )
    ).all()
    found = {
        Key(kind, view, subject, target): mirror_id
        for mirror_id, above, kind, view, subject, target in rows
        if above is None
    }
    for key in keys:
        if key not in found:
            raise LookupError(f"no message that could have replies: {key}")
    return found


@cache
def may_go() -> ColumnElement[bool]:
    """Whether a mirror's parent, if it has one, lets it be sent. Kept, since building it takes ms.

    None is made but below a message that stands. Those that stand are changed like any other, and
    wait only where nothing at all can be written.
    """
    parent = aliased(Mirror)
    stands = and_(
        parent.remote_id.is_not(None),
        or_(parent.outcome.is_(None), parent.outcome == Outcome.PARKED),
    )
    open_to_changes = and_(
        Mirror.remote_id.is_not(None),
        or_(parent.outcome.is_(None), parent.outcome != Outcome.BLOCKED),
    )
    let_by_parent = (
        exists()
        .where(parent.id == Mirror.parent_id, or_(stands, open_to_changes))
        .correlate(Mirror)
    )
    return or_(Mirror.parent_id.is_(None), let_by_parent)


def make_again(session: Session, mirror_id: int) -> None:
    """Let a message that is lost, and all replies below it, be made anew.

    What is under way to the old ones counts no more.
    """
    session.flush()
    session.execute(
        update(Mirror)
        .where(or_(Mirror.id == mirror_id, Mirror.parent_id == mirror_id))
        .values(_anew(session))
        .execution_options(synchronize_session=False)
    )
    note_stale(session)


def rehang(session: Session, old: str, new: str) -> None:
    """Move replies whose parent stands in channel `new` too below that one, to be made there."""
    parent, other = aliased(Mirror), aliased(Mirror)
    same = [getattr(other, name) == getattr(parent, name) for name in ("kind", "view", "subject")]
    parent_there = (
        select(other.id)
        .join(parent, and_(*same))
        .where(parent.id == Mirror.parent_id, parent.target == old, other.target == new)
        .correlate(Mirror)
        .scalar_subquery()
    )
    session.execute(
        update(Mirror)
        .where(Mirror.target == old, parent_there.is_not(None))
        .values({**_anew(session), "parent_id": parent_there})
        .execution_options(synchronize_session=False)
    )
    note_stale(session)


_NOTHING = dict.fromkeys(
    (
        "channel",
        "remote_id",
        "outcome",
        "detail",
        "not_before",
        "not_after",
        "calm_until",
        "lease",
        "lease_until",
        "sent_at",
        "sent_since",
    )
)


def _anew(session: Session) -> dict[str, Any]:
    """The values of a mirror that is to be made, though it was before."""
    now = machine_time(session)
    return {**_NOTHING, "attempts": 0, "wanted": Mirror.wanted + 1, "stale_since": now}
