"""Cards and Homes that nobody needs any more are forgotten; what people said is kept for good.

A run's message, with its replies, is kept too: marking it again would post a second one.
"""

from datetime import datetime, timedelta

from sqlalchemy import and_, delete, or_
from sqlalchemy.orm import Session

from bot.asking import deck, home
from bot.core.states import MirrorKind
from bot.db.session import machine_time
from bot.db.tables import Mirror

KEPT = timedelta(days=30)  # what a card asked for is closed long before
_HOMES = and_(Mirror.kind == MirrorKind.HOME, Mirror.view == home.VIEW)


def forget_old(session: Session, _at: datetime) -> None:
    """Delete the mirrors of cards and Homes that did not change for long.

    A card stays in Slack as it is. A Home is made anew for whoever opens it.
    """
    now = machine_time(session)
    session.execute(
        delete(Mirror)
        .where(
            or_(deck.CARDS, _HOMES),
            Mirror.stale_since < now - KEPT,
            or_(Mirror.lease_until.is_(None), Mirror.lease_until <= now),
        )
        .execution_options(synchronize_session=False)
    )
