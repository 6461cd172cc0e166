"""How many notes there are, how many people are done or took part; and what of it may be told.

Of an anonymous retro nothing is told below three of either, and what is told changes every six
hours: more often would tell who wrote when.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select, union
from sqlalchemy.orm import Session

from bot.core.states import PromptState
from bot.db.tables import Prompt
from bot.engine import timers
from bot.engine.timers import Fired
from bot.rituals.retro import notes
from bot.rituals.retro.finding import Place, by_run, place_of
from bot.rituals.retro.model import FEWEST, Stage
from bot.rituals.retro.running import mark, timer
from bot.rituals.retro.tables import Reply, Retro, Topic

COUNT = "count"
_EVERY = timedelta(hours=6)


def begin(session: Session, at: datetime, place: Place) -> None:
    """Count for the first time in six hours."""
    timers.reset(session, [timer(place, COUNT, at + _EVERY)])


def count(session: Session, at: datetime, due: Sequence[Fired]) -> None:
    """Step: tell anew how many notes an anonymous retro has, and how many are done."""
    for one in due:
        retro = by_run(session, one.run_id or 0)
        if retro is None or retro.stage is not Stage.COLLECT:
            continue
        place = place_of(session, retro)
        written, done = notes.count(session, place), done_in(session, place.run.id)
        if min(written, done) >= FEWEST:
            retro.notes_shown, retro.done_shown = written, done
            session.flush()
            mark(session, at, place)
        begin(session, at, place)


def done_in(session: Session, run_id: int) -> int:
    """How many have said that they are done in a round."""
    return (
        session.scalar(
            select(func.count()).where(
                Prompt.run_id == run_id, Prompt.state == PromptState.ANSWERED
            )
        )
        or 0
    )


def took_part(session: Session, retro: Retro) -> int:
    """How many on it have written, voted, said that they are done, or talked in a topic's thread.

    Whoever wrote a note of an anonymous retro counts by what else they did: nobody knows more.
    """
    rounds = [retro.run_id, retro.vote_run_id, retro.discuss_run_id]
    on_it = select(Prompt.person_id).where(Prompt.run_id.in_(rounds))
    topics = select(Topic.id).where(Topic.retro_id == retro.id)
    talked = select(Reply.person_id).where(Reply.topic_id.in_(topics), Reply.deleted.is_(False))
    people = union(
        on_it.where(Prompt.state == PromptState.ANSWERED),
        select(Topic.person_id).where(Topic.retro_id == retro.id),
        talked.where(Reply.person_id.in_(on_it)),
    ).subquery()
    return session.scalar(select(func.count(people.c.person_id))) or 0


def too_few(session: Session, place: Place) -> bool:
    """Whether so few took part in an anonymous retro that its notes would tell who wrote them.

    Who is done may have written nothing, so fewer than three notes are too few as well.
    """
    if not place.retro.anonymous or place.retro.few:
        return False
    written = notes.count(session, place)
    return written > 0 and min(written, done_in(session, place.run.id)) < FEWEST
