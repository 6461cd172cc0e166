"""Use cases of merging: like notes become one topic before the vote, and may be parted again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.engine.mirrors import Urgency
from bot.rituals.retro.finding import Place, by_id, leader, may_lead, person_of
from bot.rituals.retro.model import NoRetro, NotLeading, Past, Stage
from bot.rituals.retro.running import mark
from bot.rituals.retro.tables import Topic
from bot.rituals.retro.views.shown import Table
from bot.rituals.retro.votes import options


@dataclass(frozen=True)
class TooFew:
    """It takes two to merge; nothing was done."""


def table(
    session: Session, _at: datetime, workspace_id: int, slack_id: str, retro_id: int
) -> Table | NotLeading | Past | NoRetro:
    """What the form for merging shows."""
    place = _place(session, workspace_id, slack_id, retro_id)
    return _table(session, place) if isinstance(place, Place) else place


def merge(
    session: Session,
    at: datetime,
    workspace_id: int,
    slack_id: str,
    retro_id: int,
    chosen: Collection[int],
) -> Table | TooFew | NotLeading | Past | NoRetro:
    """Make one topic of these: the first of them in their order holds the others."""
    place = _place(session, workspace_id, slack_id, retro_id)
    if not isinstance(place, Place):
        return place
    wanted = [one.id for one in options(session, retro_id) if one.id in set(chosen)]
    if len(wanted) < 2:
        return TooFew()
    first, *others = wanted
    moved = Topic.id.in_(others) | Topic.into_id.in_(others)
    session.execute(
        update(Topic)
        .where(Topic.retro_id == retro_id, moved)
        .values(into_id=first)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()
    mark(session, at, place, Urgency.CLICKED)
    return _table(session, place)


def part(
    session: Session, at: datetime, workspace_id: int, slack_id: str, retro_id: int, topic_id: int
) -> Table | NotLeading | Past | NoRetro:
    """Take a merged topic apart again."""
    place = _place(session, workspace_id, slack_id, retro_id)
    if not isinstance(place, Place):
        return place
    parts = select(Topic).where(Topic.retro_id == retro_id, Topic.into_id == topic_id)
    for one in session.scalars(parts).all():
        one.into_id = None
    session.flush()
    mark(session, at, place, Urgency.CLICKED)
    return _table(session, place)


def _table(session: Session, place: Place) -> Table:
    found = tuple(options(session, place.retro.id))
    return Table(place.retro.id, place.config.columns, found)


def _place(
    session: Session, workspace_id: int, slack_id: str, retro_id: int
) -> Place | NotLeading | Past | NoRetro:
    place = by_id(session, workspace_id, retro_id)
    if place is None:
        return NoRetro()
    if not may_lead(session, place, person_of(session, workspace_id, slack_id)):
        return NotLeading(leader(session, place).name)
    if place.retro.stage is not Stage.SORT:
        return Past(place.retro.stage, retro_id, place.retro.anonymous)
    return place
