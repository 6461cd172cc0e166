"""Use cases of voting: so many topics each, which may be changed until the vote is over."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.asking import agenda
from bot.db.tables import Person, Prompt
from bot.db.upsert import insert_missing
from bot.rituals.retro import settling
from bot.rituals.retro.finding import Place, by_id, is_on, person_of
from bot.rituals.retro.model import NoRetro, NotOnIt, Past, Stage
from bot.rituals.retro.tables import Ballot, Topic
from bot.rituals.retro.views.shown import Ballot as Booth
from bot.rituals.retro.views.shown import Votable


@dataclass(frozen=True)
class Voted:
    """It is kept."""


@dataclass(frozen=True)
class TooMany:
    """More than one has; nothing was kept."""

    votes: int
    chosen: int


def booth(
    session: Session, at: datetime, workspace_id: int, slack_id: str, retro_id: int
) -> Booth | Past | NotOnIt | NoRetro:
    """What the vote's form shows."""
    place = _place(session, workspace_id, slack_id, retro_id)
    if not isinstance(place, Place):
        return place
    person = person_of(session, workspace_id, slack_id)
    if person is None:
        return NotOnIt()
    mine = select(Ballot.topic_id).where(Ballot.person_id == person.id)
    run = settling.stage_run(session, place.retro) or place.run
    return Booth(
        retro_id=retro_id,
        title=place.ritual.title,
        channel=place.run.channel,
        columns=place.config.columns,
        votes=place.config.votes,
        window=agenda.window(session, at, run, person),
        options=tuple(options(session, retro_id)),
        chosen=frozenset(session.scalars(mine)),
    )


def options(session: Session, retro_id: int) -> Sequence[Votable]:
    """The topics there are, each with what was merged into it."""
    rows = session.scalars(
        select(Topic)
        .where(Topic.retro_id == retro_id, Topic.late.is_(False))
        .order_by(Topic.position)
    ).all()
    parts = Counter(one.into_id for one in rows if one.into_id is not None)
    return [
        Votable(one.id, one.column, one.text, parts[one.id]) for one in rows if one.into_id is None
    ]


def vote(
    session: Session,
    at: datetime,
    workspace_id: int,
    slack_id: str,
    retro_id: int,
    chosen: Collection[int],
) -> Voted | TooMany | Past | NotOnIt | NoRetro:
    """Keep what a person votes for, in place of what they chose before."""
    place = _place(session, workspace_id, slack_id, retro_id)
    if not isinstance(place, Place):
        return place
    there = {one.id for one in options(session, retro_id)}
    wanted = sorted(there.intersection(chosen))
    if len(wanted) > place.config.votes:
        return TooMany(place.config.votes, len(wanted))
    person = person_of(session, workspace_id, slack_id)
    if person is None:
        return NotOnIt()
    session.execute(delete(Ballot).where(Ballot.topic_id.in_(there), Ballot.person_id == person.id))
    rows = [{"topic_id": one, "person_id": person.id} for one in wanted]
    insert_missing(session, Ballot, rows)
    settling.settle(session, at, place, person)
    return Voted()


def _place(
    session: Session, workspace_id: int, slack_id: str, retro_id: int
) -> Place | Past | NotOnIt | NoRetro:
    place = by_id(session, workspace_id, retro_id)
    if place is None:
        return NoRetro()
    person = person_of(session, workspace_id, slack_id)
    if not is_on(session, place.retro, person) and not _is_asked(session, place, person):
        return NotOnIt()
    if place.retro.stage is not Stage.VOTE:
        return Past(place.retro.stage, retro_id, place.retro.anonymous)
    return place


def _is_asked(session: Session, place: Place, person: Person | None) -> bool:
    """Whether somebody is asked to vote who was not on it when notes were asked for."""
    who = person.id if person is not None else None
    mine = select(Prompt.id).where(
        Prompt.run_id == place.retro.vote_run_id, Prompt.person_id == who
    )
    return session.scalar(mine) is not None
