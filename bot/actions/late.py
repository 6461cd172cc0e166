"""What is late by a week, for the next message of a ritual in its channel."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, aliased

from bot.actions import loading
from bot.actions.model import ItemShown
from bot.core.states import LIVE_ITEMS, RitualState
from bot.db.tables import ActionItem, Mirror, Ritual, Run

_A_WEEK = timedelta(weeks=1)
_SOONEST = "standup"  # speaks to its channel every day or so, other kinds every few weeks


def week_late(session: Session, at: datetime, ritual: Ritual, on: date) -> tuple[ItemShown, ...]:
    """The items late by a week or more on a run's date of which this ritual's next message speaks.

    Each is spoken of by one ritual: a stand-up of its team's where there is one, since that speaks
    soonest, else another; rather the one that it came from, and one that is paused only where
    nothing else is left. And once, unless it was put off since then.
    """
    return tuple(loading.shown(session, at, _unsaid(session, ritual, on)))


def say(session: Session, ritual: Ritual, run: Run) -> None:
    """Let the message of a run that begins say these."""
    session.flush()
    for one in _unsaid(session, ritual, run.local_date):
        one.late_run_id = run.id
    session.flush()


def said(session: Session, at: datetime, run: Run) -> tuple[ItemShown, ...]:
    """What a run's message says, however often it is drawn: of what is still late, and to do."""
    items = session.scalars(
        select(ActionItem)
        .where(ActionItem.late_run_id == run.id, *_late(run.local_date))
        .order_by(ActionItem.due, ActionItem.id)
    ).all()
    return tuple(loading.shown(session, at, items))


def _late(on: date) -> tuple[ColumnElement[bool], ...]:
    return ActionItem.state.in_(LIVE_ITEMS), ActionItem.due <= on - _A_WEEK


def _unsaid(session: Session, ritual: Ritual, on: date) -> Sequence[ActionItem]:
    items = session.scalars(
        select(ActionItem)
        .where(
            or_(ActionItem.ritual_id == ritual.id, ActionItem.team_id == ritual.team_id),
            *_late(on),
        )
        .order_by(ActionItem.due, ActionItem.id)
    ).all()
    told = _told(session, items)
    unsaid = [one for one in items if one.id not in told]
    others = _of_their_teams(session, unsaid)
    return [one for one in unsaid if _speaks(one, others) is ritual]


def _told(session: Session, items: Sequence[ActionItem]) -> set[int]:
    """Those of these of which a message speaks that stands, or a later one of its ritual does.

    A run in which nobody had anything to say has none, nor has one whose channel was archived.
    """
    spoken = {one.late_run_id for one in items if one.late_run_id is not None}
    if not spoken:
        return set()
    later = aliased(Run)
    stands = (
        select(Mirror.id)
        .join(later, Mirror.run_id == later.id)
        .where(
            later.ritual_id == Run.ritual_id,
            later.id >= Run.id,
            # Not by its kind or target: by an index of these SQLite would walk through all that
            # was ever posted, instead of what was of these few runs.
            Mirror.channel == later.channel,
            Mirror.remote_id.is_not(None),
        )
        .exists()
    )
    dates = dict(
        session.execute(select(Run.id, Run.local_date).where(Run.id.in_(spoken), stands)).all()
    )
    # Who moves what is late by a week to another day has heard of it; then it is told anew.
    return {
        one.id
        for one in items
        if one.late_run_id in dates
        and one.due is not None
        and dates[one.late_run_id] >= one.due + _A_WEEK
    }


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
