"""Who looks after a ritual: its owner, and who takes over when the owner leaves."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking import cards
from bot.asking.askable import ASKABLE, is_askable
from bot.asking.views import TakenOver
from bot.core.states import RitualState
from bot.db.tables import Audit, Participant, Person, Ritual

_HANDED_ON = "ritual.handed_on"
_TOLD = timedelta(days=1)  # how long it stands on the new owner's card


def may_change(ritual: Ritual, person: Person | None) -> bool:
    """The owner and workspace admins may change a ritual."""
    if person is None or not is_askable(person):
        return False
    return person.id == ritual.owner_id or person.is_admin


def pass_on(session: Session, at: datetime, person: Person) -> None:
    """Somebody leaves: what they looked after passes to an admin on it, else to another on it.

    Of several it is whom Meridian has known longest, and a guest only where nobody else is left.
    Where nobody at all is left on it, it stays: there is nobody whom it asks.
    """
    theirs = session.scalars(
        select(Ritual)
        .where(Ritual.owner_id == person.id, Ritual.state != RitualState.DELETED)
        .order_by(Ritual.id)
    ).all()
    heirs = _heirs(session, [ritual.id for ritual in theirs], person) if theirs else {}
    for ritual in theirs:
        heir = heirs.get(ritual.id)
        if heir is not None:
            hand_on(session, at, ritual, heir)
    session.flush()
    if heirs:
        cards.tell(session, at, set(heirs.values()))


def hand_on(session: Session, at: datetime, ritual: Ritual, heir_id: int) -> None:
    """Somebody else looks after a ritual whose owner has left: their card says so for a day."""
    left, ritual.owner_id = ritual.owner_id, heir_id
    _note(session, at, ritual, left, heir_id)


def _heirs(session: Session, ritual_ids: list[int], left: Person) -> Mapping[int, int]:
    rows = session.execute(
        select(Participant.ritual_id, Person.id)
        .join(Person, Participant.person_id == Person.id)
        .where(
            Participant.ritual_id.in_(ritual_ids),
            Person.id != left.id,
            ASKABLE,
        )
        # The last one stays.
        .order_by(Person.is_admin, Person.is_external.desc(), Person.id.desc())
    )
    return dict(rows.all())


def _note(session: Session, at: datetime, ritual: Ritual, left: int, heir: int) -> None:
    session.add(
        Audit(
            at=at,
            actor_id=None,
            action=_HANDED_ON,
            subject=f"ritual:{ritual.id}",
            detail={"from": left, "to": heir},
        )
    )


def taken_over(session: Session, owner: Person, at: datetime) -> list[TakenOver]:
    """What somebody has come to look after lately, because its owner left."""
    mine = {
        f"ritual:{ritual.id}": ritual
        for ritual in session.scalars(
            select(Ritual).where(Ritual.owner_id == owner.id, Ritual.state != RitualState.DELETED)
        )
    }
    if not mine:
        return []
    notes = session.scalars(
        select(Audit)
        .where(Audit.action == _HANDED_ON, Audit.subject.in_(mine), Audit.at > at - _TOLD)
        .order_by(Audit.id)
    ).all()
    return [
        TakenOver(mine[one.subject].title, mine[one.subject].channel, name)
        for one in notes
        if one.detail["to"] == owner.id
        for name in session.scalars(select(Person.name).where(Person.id == one.detail["from"]))
    ]
