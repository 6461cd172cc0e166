"""What stands on the card of whoever leads a retro: what waits for them alone."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking import cards
from bot.asking.askable import is_askable
from bot.core.content import Beside
from bot.core.states import RitualState
from bot.db.tables import Person, Ritual
from bot.engine.ritual import Offer
from bot.rituals.retro.calling import call_leader, show
from bot.rituals.retro.finding import leader, place_of
from bot.rituals.retro.model import Stage
from bot.rituals.retro.running import mark
from bot.rituals.retro.tables import Retro
from bot.rituals.retro.views.beside import Waiting, beside


def _on_card(session: Session, at: datetime, person_id: int, on: date) -> Beside | None:
    if on != cards.today(session.get_one(Person, person_id), at):
        return None
    return beside(_waiting(session, person_id))


def _on_home(session: Session, _at: datetime, person_id: int) -> Beside | None:
    return beside(_waiting(session, person_id))


def _waiting(session: Session, person_id: int) -> Sequence[Waiting]:
    """The retros that somebody leads, and that wait for what only they can do."""
    places = [place_of(session, one) for one in _that_wait(session)]
    return [
        Waiting(one.retro.id, one.ritual.title, one.run.channel, one.retro.held)
        for one in places
        if leader(session, one).id == person_id
    ]


def _that_wait(session: Session) -> Sequence[Retro]:
    """All that wait for whoever leads them."""
    return session.scalars(
        select(Retro)
        .join(Ritual, Retro.ritual_id == Ritual.id)
        .where(
            Ritual.state != RitualState.DELETED,
            (Retro.stage == Stage.SORT) | ((Retro.stage == Stage.COLLECT) & Retro.held),
        )
        .order_by(Retro.id)
    ).all()


def _changed(session: Session, at: datetime, person_ids: Collection[int]) -> None:
    """People have left, are back, or have another zone: who leads is shown, and called if need be.

    That is where whoever led it may no longer; whoever is back leads again, and reads so.
    """
    people = session.scalars(select(Person).where(Person.id.in_(person_ids))).all()
    out = {one.id for one in people if not is_askable(one)}
    for retro in _that_wait(session):
        place, theirs = place_of(session, retro), retro.facilitator_id in person_ids
        if out or theirs:
            mark(session, at, place)
        if retro.facilitator_id in out:
            call_leader(session, at, place)
        elif theirs:
            show(session, at, leader(session, place))
            show(session, at, session.get_one(Person, place.ritual.owner_id))


def settings_changed(session: Session, at: datetime, ritual: Ritual, before: int) -> None:
    """A retro's settings were changed; `before` is the id of whoever looked after it until now.

    Where another does, and leads what waits, they are called.
    """
    for retro in _that_wait(session):
        if retro.ritual_id != ritual.id:
            continue
        place = place_of(session, retro)
        mark(session, at, place)
        show(session, at, leader(session, place))
        if ritual.owner_id != before and leader(session, place).id != retro.facilitator_id:
            show(session, at, session.get_one(Person, before))
            call_leader(session, at, place)


OFFER = Offer(on_card=_on_card, on_home=_on_home, changed=_changed)
