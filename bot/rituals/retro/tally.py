"""Ballots: whose they are is kept until the vote is over, then only how many each topic has."""

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from bot.rituals.retro.model import TOP
from bot.rituals.retro.tables import Ballot, Topic
from bot.rituals.retro.wiping import wipe


def count(session: Session, retro_id: int) -> int:
    """How many topics there are to vote for."""
    mine = (Topic.retro_id == retro_id) & Topic.into_id.is_(None)
    return session.scalar(select(func.count(Topic.id)).where(mine)) or 0


def settle(session: Session, retro_id: int) -> None:
    """Count the votes, rank what is discussed, and forget whose they were. Twice is as once."""
    mine = select(Topic.id).where(Topic.retro_id == retro_id)
    votes = dict(
        session.execute(
            select(Ballot.topic_id, func.count())
            .where(Ballot.topic_id.in_(mine))
            .group_by(Ballot.topic_id)
        ).all()
    )
    parts = dict(
        session.execute(
            select(Topic.into_id, func.count())
            .where(Topic.retro_id == retro_id, Topic.into_id.is_not(None))
            .group_by(Topic.into_id)
        ).all()
    )
    topics = session.scalars(
        select(Topic.id)
        .where(Topic.retro_id == retro_id, Topic.into_id.is_(None), Topic.votes.is_(None))
        .order_by(Topic.position)
    ).all()
    # Of as many votes each, what more people wrote of comes first.
    order = sorted(topics, key=lambda one: (-votes.get(one, 0), -parts.get(one, 0)))
    chosen = [one for one in order if votes.get(one)] or order  # nobody voted: all are as good
    ranks = {one: number for number, one in enumerate(chosen[:TOP], 1)}
    if topics:
        session.connection().execute(
            update(Topic.__table__)  # type: ignore[arg-type]  # of many rows at once
            .where(Topic.__table__.c.id == bindparam("topic"))
            .values(votes=bindparam("tally"), rank=bindparam("place")),
            [{"topic": one, "tally": votes.get(one, 0), "place": ranks.get(one)} for one in topics],
        )
        session.expire_all()
    forget(session, retro_id)


def forget(session: Session, retro_id: int) -> None:
    """Forget who voted for what, and what was voted for."""
    mine = select(Topic.id).where(Topic.retro_id == retro_id)
    wipe(session, Ballot, Ballot.topic_id.in_(mine))
