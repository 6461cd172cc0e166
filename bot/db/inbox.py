"""What came in from outside, so that a redelivery has no second effect."""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bot.db.session import machine_time
from bot.db.tables import Inbox
from bot.db.upsert import insert

RETENTION = timedelta(days=7)


def first_time(session: Session, source: str, event_id: str) -> bool:
    """Whether this event is new; notes it in the caller's own transaction.

    In a transaction of its own, a crash between the two would lose the event.
    """
    statement = (
        insert(session, Inbox)
        .values(source=source, event_id=event_id, received_at=machine_time(session))
        .on_conflict_do_nothing()
        .returning(Inbox.id)
    )
    return session.execute(statement).first() is not None


def forget_old(session: Session) -> None:
    """Delete what Slack can no longer redeliver (it gives up within ten minutes)."""
    session.execute(delete(Inbox).where(Inbox.received_at < machine_time(session) - RETENTION))
