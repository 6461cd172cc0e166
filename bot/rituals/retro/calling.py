"""Calling the facilitator, where only they can let a retro go on, or have something to do."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bot.asking import cards
from bot.asking.cards import Notice
from bot.asking.quiet import quiet_ends
from bot.db.tables import Timer
from bot.engine import timers
from bot.rituals.retro.finding import Place, by_run, leader, place_of
from bot.rituals.retro.model import Stage
from bot.rituals.retro.running import timer
from bot.rituals.retro.tables import Retro

CALL = "call"


def call_leader(session: Session, at: datetime, place: Place) -> None:
    """Bring what only the facilitator can do to their notice, on their card; not in quiet hours."""
    session.flush()
    person = leader(session, place)
    if (when := quiet_ends(person, at)) > at:
        timers.reset(session, [timer(place, CALL, when)])
    else:
        cards.notify(session, at, [Notice(person.id, cards.today(person, at))])


def call(session: Session, at: datetime, due: Sequence[Timer]) -> None:
    """Step: the facilitator's quiet hours are over."""
    for one in due:
        retro = by_run(session, one.run_id or 0)
        if retro is not None and _waits(retro):
            call_leader(session, at, place_of(session, retro))


def _waits(retro: Retro) -> bool:
    """Whether it waits for its facilitator; `held` says of a closed one why it showed nothing."""
    return retro.stage is Stage.SORT or (retro.stage is Stage.COLLECT and retro.held)
