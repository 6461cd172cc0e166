"""What is late by a week, for the next message of a ritual in its channel."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.actions import loading
from bot.actions.model import ItemShown
from bot.core.states import LIVE_ITEMS, RitualState
from bot.db.tables import ActionItem, Ritual

_A_WEEK = timedelta(weeks=1)
_SOONEST = "standup"  # speaks to its channel every day or so, other kinds every few weeks


def week_late(session: Session, at: datetime, ritual: Ritual, on: date) -> tuple[ItemShown, ...]:
    """The items late by a week or more on a run's date of which this ritual speaks.

    Each is spoken of by one ritual: a stand-up of its team's where there is one, since that speaks
    soonest, else another; rather the one that it came from, and one that is paused only where
    nothing else is left.
    """
    items = session.scalars(
        select(ActionItem)
        .where(
            or_(ActionItem.ritual_id == ritual.id, ActionItem.team_id == ritual.team_id),
            ActionItem.state.in_(LIVE_ITEMS),
            ActionItem.due <= on - _A_WEEK,
        )
        .order_by(ActionItem.due, ActionItem.id)
    ).all()
    others = _of_their_teams(session, items)
    mine = [one for one in items if _speaks(one, others) is ritual]
    return tuple(loading.shown(session, at, mine))


def _of_their_teams(session: Session, items: Sequence[ActionItem]) -> Sequence[Ritual]:
    """The rituals that could speak of these."""
    if not items:
        return ()
    theirs = or_(
        Ritual.team_id.in_({one.team_id for one in items}),
        Ritual.id.in_({one.ritual_id for one in items}),
    )
    return session.scalars(
        select(Ritual).where(theirs, Ritual.state != RitualState.DELETED).order_by(Ritual.id)
    ).all()


def _speaks(item: ActionItem, rituals: Sequence[Ritual]) -> Ritual | None:
    """The one ritual that speaks of an item."""
    able = [one for one in rituals if one.id == item.ritual_id or one.team_id == item.team_id]
    return min(
        able,
        key=lambda one: (
            one.state is not RitualState.ACTIVE,
            one.kind != _SOONEST,
            one.id != item.ritual_id,
            one.id,
        ),
        default=None,
    )
