"""How many notes there are, and how many people are done; and what of it may be told.

Of an anonymous retro nothing is told below three, and what is told changes every six hours: more
often would tell who wrote when.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.core.states import PromptState
from bot.db.tables import Prompt, Timer
from bot.engine import timers
from bot.rituals.retro import notes
from bot.rituals.retro.finding import Place, by_run, place_of
from bot.rituals.retro.model import FEWEST, Stage
from bot.rituals.retro.running import mark, timer

COUNT = "count"
_EVERY = timedelta(hours=6)


def begin(session: Session, at: datetime, place: Place) -> None:
    """Count for the first time in six hours."""
    timers.reset(session, [timer(place, COUNT, at + _EVERY)])


def count(session: Session, at: datetime, due: Sequence[Timer]) -> None:
    """Step: tell anew how many notes an anonymous retro has, and how many are done."""
    for one in due:
        retro = by_run(session, one.run_id or 0)
        if retro is None or retro.stage is not Stage.COLLECT:
            continue
        place = place_of(session, retro)
        if (done := done_in(session, place.run.id)) >= FEWEST:
            retro.notes_shown, retro.done_shown = notes.count(session, place), done
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


def too_few(session: Session, place: Place) -> bool:
    """Whether so few took part in an anonymous retro that its notes would tell who wrote them."""
    if not place.retro.anonymous or place.retro.few:
        return False
    return done_in(session, place.run.id) < FEWEST and notes.count(session, place) > 0
