"""Where action items are shown."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking import home
from bot.db.tables import ActionItem
from bot.engine.mirrors import Urgency


def refresh(
    session: Session,
    at: datetime,
    item_ids: Collection[int],
    urgency: Urgency = Urgency.PROGRESS,
) -> None:
    """Show what is true now of these items wherever they stand."""
    owners = select(ActionItem.owner_id).where(ActionItem.id.in_(item_ids))
    found = [one for one in session.scalars(owners) if one is not None]
    home.refresh(session, at, found, urgency)
