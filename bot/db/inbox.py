"""What came in from outside, so that a redelivery has no second effect, nor a late one any."""

from datetime import timedelta
from functools import cache

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from bot.db.session import machine_time
from bot.db.tables import Inbox
from bot.db.upsert import insert_into

RETENTION = timedelta(days=7)


def first_time(session: Session, source: str, event_id: str) -> bool:
    """Whether this event is new; notes it in the caller's own transaction.

    In a transaction of its own, a crash between the two would lose the event.
    """
    note = {"source": source, "event_id": event_id, "received_at": machine_time(session)}
    noting = _noting(session.get_bind().dialect.name)
    return session.connection().execute(noting, note).first() is not None


def has_come(session: Session, source: str, event_id: str) -> bool:
    """Whether this event was noted before."""
    noted = select(Inbox.id).where(Inbox.source == source, Inbox.event_id == event_id)
    return session.scalar(noted) is not None


def is_latest(session: Session, source: str, about: str, stamp: str) -> bool:
    """Whether nothing later of this source was taken about this; notes it, like `first_time`.

    Slack promises no order, and sends again what was not acknowledged: what it told since holds.
    Stamps are compared as text.
    """
    theirs = (Inbox.source == source) & Inbox.event_id.startswith(f"{about}/", autoescape=True)
    last = session.scalar(select(func.max(Inbox.event_id)).where(theirs))
    event_id = f"{about}/{stamp}"
    if last is not None and last > event_id:
        return False
    first_time(session, source, event_id)
    return True


@cache
def _noting(dialect: str) -> ReturningInsert[int]:
    """Kept, since to build it takes longer than to run it."""
    return insert_into(dialect, Inbox).on_conflict_do_nothing().returning(Inbox.id)


def forget_old(session: Session) -> None:
    """Delete what Slack can no longer redeliver (it gives up within ten minutes)."""
    session.execute(delete(Inbox).where(Inbox.received_at < machine_time(session) - RETENTION))
