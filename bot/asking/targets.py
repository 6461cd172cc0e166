"""Where things are shown: channels that open again, move, or lose a message."""

from datetime import datetime

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session, aliased

from bot.asking import cards
from bot.core.states import Outcome
from bot.db.tables import ActionItem, Mirror, Person, Ritual, Run, Team
from bot.engine import mirrors, threads

_NOT_THERE = (Outcome.GONE, Outcome.UNKNOWN)  # a new message is made; the others stand or will


def lift(session: Session, at: datetime, channel: str) -> None:
    """A channel can be written to again: show there what is true now."""
    owners = session.scalars(
        select(Ritual.owner_id)
        .join(Run, Run.ritual_id == Ritual.id)
        .join(Mirror, Mirror.run_id == Run.id)
        .where(Mirror.target == channel, Mirror.outcome == Outcome.BLOCKED)
        .distinct()
    ).all()
    mirrors.lift(session, (Mirror.target == channel) & (Mirror.outcome == Outcome.BLOCKED))
    cards.follow_trouble(session, at, owners)


def renumber(session: Session, at: datetime, old: str, new: str) -> None:
    """Slack gave a channel another id (it was shared with, or taken from, another workspace).

    Where the new one is in use already, because the news came late, what has it keeps it.
    """
    there, team_there = aliased(Mirror), aliased(Team)
    same = [getattr(there, name) == getattr(Mirror, name) for name in ("kind", "view", "subject")]
    shown = exists().where(there.target == new, *same)
    threads.rehang(session, old, new)
    session.execute(
        delete(Mirror)
        .where(Mirror.target == old, shown)
        .execution_options(synchronize_session=False)
    )
    session.execute(update(Mirror).where(Mirror.target == old).values(target=new))
    session.execute(update(Mirror).where(Mirror.channel == old).values(channel=new))
    session.execute(update(Run).where(Run.channel == old).values(channel=new))
    session.execute(update(Ritual).where(Ritual.channel == old).values(channel=new))
    session.execute(update(ActionItem).where(ActionItem.channel == old).values(channel=new))
    taken = exists().where(team_there.workspace_id == Team.workspace_id, team_there.channel == new)
    session.execute(
        update(Team)
        .where(Team.channel == old, ~taken)
        .values(channel=new)
        .execution_options(synchronize_session=False)
    )
    lift(session, at, new)


def post_again(
    session: Session, at: datetime, workspace_id: int, slack_id: str, mirror_id: int
) -> None:
    """An owner wants a message back that somebody deleted, or that could not be posted."""
    row = session.execute(
        select(Mirror, Person)
        .join(Run, Mirror.run_id == Run.id)
        .join(Ritual, Run.ritual_id == Ritual.id)
        .join(Person, Ritual.owner_id == Person.id)
        .where(
            Mirror.id == mirror_id,
            Mirror.outcome.in_([*_NOT_THERE, Outcome.BLOCKED, Outcome.PARKED]),
            Person.workspace_id == workspace_id,
            Person.slack_id == slack_id,
        )
    ).first()
    if row is None:
        return
    mirror, owner = row
    if mirror.outcome in _NOT_THERE:
        threads.make_again(session, mirror.id)
    else:
        mirrors.lift(session, Mirror.id == mirror.id)
    cards.follow_trouble(session, at, [owner.id])
