"""What is late by a week, for the next message of the ritual that it came from."""

from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.actions import loading
from bot.actions.model import ItemShown
from bot.core.states import LIVE_ITEMS, RitualState
from bot.db.tables import ActionItem, Ritual

_A_WEEK = timedelta(weeks=1)


def week_late(session: Session, at: datetime, ritual: Ritual, on: date) -> tuple[ItemShown, ...]:
    """The items late by a week or more on a run's date: of the ritual, or of no other one.

    What came from no ritual, from one that was deleted, or from one of a kind that says nothing of
    it, is the team's: the oldest of its rituals of this kind says it.
    """
    standing = select(Ritual.id).where(
        Ritual.kind == ritual.kind, Ritual.state != RitualState.DELETED
    )
    oldest = standing.where(Ritual.team_id == ritual.team_id).order_by(Ritual.id).limit(1)
    own = ActionItem.ritual_id == ritual.id
    if session.scalar(oldest) == ritual.id:
        nobodys = or_(ActionItem.ritual_id.is_(None), ActionItem.ritual_id.not_in(standing))
        own = own | ((ActionItem.team_id == ritual.team_id) & nobodys)
    items = session.scalars(
        select(ActionItem)
        .where(own, ActionItem.state.in_(LIVE_ITEMS), ActionItem.due <= on - _A_WEEK)
        .order_by(ActionItem.due, ActionItem.id)
    ).all()
    return tuple(loading.shown(session, at, items))
