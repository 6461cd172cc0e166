"""Calling the facilitator, where only they can let a retro go on, or have something to do."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.asking import cards
from bot.asking.cards import Notice
from bot.asking.quiet import quiet_ends
from bot.db.tables import Person
from bot.engine import timers
from bot.engine.timers import Fired
from bot.rituals.retro.finding import Place, by_run, leader, place_of
from bot.rituals.retro.model import Stage
from bot.rituals.retro.running import timer
from bot.rituals.retro.tables import Retro

CALL = "call"
_LONGEST = 8  # days that a stage may last, with the one that it began on


def call_leader(session: Session, at: datetime, place: Place) -> None:
    """Bring what only the facilitator can do to their notice, on their card; not in quiet hours."""
    session.flush()
    person = leader(session, place)
    if (when := quiet_ends(person, at)) > at:
        timers.reset(session, [timer(place, CALL, when)])
        cards.refresh(session, at, [(person.id, cards.today(person, at))])  # silently
    else:
        cards.notify(session, at, [Notice(person.id, cards.today(person, at))])


def no_longer(session: Session, at: datetime, place: Place) -> None:
    """Nothing waits for the facilitator any more: their cards since it did say so."""
    show(session, at, leader(session, place))


def show(session: Session, at: datetime, person: Person) -> None:
    """Let the cards of somebody who leads a retro, or did, say what waits for them now."""
    today = cards.today(person, at)
    days = [(person.id, today - timedelta(days=ago)) for ago in range(_LONGEST)]
    cards.refresh(session, at, days)


def call(session: Session, at: datetime, due: Sequence[Fired]) -> None:
    """Step: the facilitator's quiet hours are over."""
    for one in due:
        retro = by_run(session, one.run_id or 0)
        if retro is not None and _waits(retro):
            call_leader(session, at, place_of(session, retro))


def _waits(retro: Retro) -> bool:
    """Whether it waits for its facilitator; `held` says of a closed one why it showed nothing."""
    return retro.stage is Stage.SORT or (retro.stage is Stage.COLLECT and retro.held)
