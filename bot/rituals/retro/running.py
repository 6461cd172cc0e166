"""The messages of a retro: its own in the channel, and one for each topic that is discussed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.core.states import MirrorKind
from bot.db.tables import Mirror, Ritual, Run, Team
from bot.engine import mirrors
from bot.engine.mirrors import Mark, Urgency
from bot.engine.timers import Due
from bot.rituals.retro.finding import Place
from bot.rituals.retro.model import KIND, Stage
from bot.rituals.retro.tables import Retro, Topic

VIEW, TOPIC_VIEW = "retro.run", "retro.topic"


def mark(session: Session, at: datetime, place: Place, urgency: Urgency = Urgency.PROGRESS) -> None:
    """Let the retro's message, and those of its topics, show what is true now."""
    workspace_id = session.scalars(
        select(Team.workspace_id).join(Ritual).where(Ritual.id == place.ritual.id)
    ).one()

    def one(view: str, subject: int) -> Mark:
        return Mark(
            workspace_id,
            MirrorKind.MESSAGE,
            view,
            str(subject),
            place.run.channel,
            run_id=place.run.id,
            urgency=urgency,
        )

    # One that is closed before the discussion has no threads: its summary says all.
    talked = place.retro.stage in _TALKED and place.retro.discuss_run_id is not None
    topics = top_topics(session, place) if talked else ()
    marks = [one(VIEW, place.retro.id), *(one(TOPIC_VIEW, topic.id) for topic in topics)]
    mirrors.mark(session, at, marks)


def follow(session: Session, place: Place, run: Run) -> None:
    """Let the retro's message belong to the round that its people are in now.

    Who is excused from a round, or leaves it, changes what its message says.
    """
    session.execute(
        update(Mirror)
        .where(
            Mirror.kind == MirrorKind.MESSAGE,
            Mirror.view == VIEW,
            Mirror.subject == str(place.retro.id),
        )
        .values(run_id=run.id)
        .execution_options(synchronize_session="fetch")
    )


def run_of(session: Session, subject: str) -> int | None:
    """The run of a retro under way, by its id: in a summary others have nothing to say."""
    retro = session.get(Retro, int(subject))
    return None if retro is None or retro.stage is Stage.CLOSED else retro.run_id


_TALKED = frozenset({Stage.DISCUSS, Stage.CLOSED})


def timer(place: Place, step: str, when: datetime) -> Due:
    """A timer that is about a retro as a whole."""
    run = place.run
    return Due(
        KIND, step, when, run.ritual_id, run.id, local_date=run.local_date, ordinal=run.ordinal
    )


def top_topics(session: Session, place: Place) -> Sequence[Topic]:
    """The topics that are discussed, what has most votes first."""
    return session.scalars(
        select(Topic)
        .where(Topic.retro_id == place.retro.id, Topic.rank.is_not(None))
        .order_by(Topic.rank)
    ).all()
