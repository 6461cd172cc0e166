"""Guests from other organisations: an owner admits them where an admin allows it.

They are admitted by being put on a ritual, and treated like members until they are on none, or
until the admin withdraws the permission.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.asking import changes, owners, rounds
from bot.asking.askable import is_askable, is_outside
from bot.core.states import RitualState
from bot.db.tables import Audit, Participant, Person, Ritual, Workspace


def outsiders(people: Iterable[Person]) -> list[Person]:
    """Those who would have to be admitted before they can be asked."""
    return [one for one in people if is_outside(one) and not one.deleted and not one.is_bot]


def are_allowed(session: Session, workspace_id: int) -> bool:
    """Whether an admin lets owners admit guests."""
    return session.get_one(Workspace, workspace_id).guests_allowed


def is_admitted(session: Session, workspace_id: int, slack_id: str) -> bool:
    """Whether a person from outside may come in."""
    person = session.scalar(
        select(Person).where(Person.workspace_id == workspace_id, Person.slack_id == slack_id)
    )
    return person is not None and person.is_admitted and is_askable(person)


def admit(session: Session, at: datetime, actor_id: int, people: Iterable[Person]) -> None:
    """Let these outsiders in; `actor_id` is the owner who chose them."""
    for person in outsiders(people):
        person.is_admitted = True
        _audit(session, at, actor_id, "guest.admitted", person)


def admit_chosen(session: Session, at: datetime, person: Person) -> None:
    """Let in whom an owner has put on a ritual before Slack told that they are from outside."""
    if not outsiders([person]) or not are_allowed(session, person.workspace_id):
        return
    owner = session.scalar(_rituals_of(person).with_only_columns(Ritual.owner_id))
    if owner is not None:
        admit(session, at, owner, [person])


def release(session: Session, at: datetime, workspace_id: int, actor_id: int | None) -> None:
    """End the admission of those who are on no ritual any more."""
    session.flush()
    for person in _admitted(session, workspace_id):
        if session.scalar(_rituals_of(person).with_only_columns(Ritual.id)) is None:
            end(session, at, person, actor_id)
            owners.pass_on(session, at, person)


def withdraw(session: Session, at: datetime, workspace_id: int, actor_id: int) -> None:
    """An admin allows guests no more: all of them leave."""
    leaving = _admitted(session, workspace_id)
    for person in leaving:  # all at once: what one looked after passes to none of the others
        end(session, at, person, actor_id)
    for person in leaving:
        rounds.leave(session, at, person)


def end(session: Session, at: datetime, person: Person, actor_id: int | None) -> None:
    """End somebody's admission; `actor_id` is None where nobody did it."""
    person.is_admitted = False
    session.flush()
    changes.note(session, at, person)
    _audit(session, at, actor_id, "guest.released", person)


def _admitted(session: Session, workspace_id: int) -> list[Person]:
    return list(
        session.scalars(
            select(Person)
            .where(Person.workspace_id == workspace_id, Person.is_admitted)
            .order_by(Person.id)
        )
    )


def _rituals_of(person: Person) -> Select[Ritual]:
    return (
        select(Ritual)
        .join(Participant, Participant.ritual_id == Ritual.id)
        .where(Participant.person_id == person.id, Ritual.state != RitualState.DELETED)
        .order_by(Ritual.id)
        .limit(1)
    )


def _audit(
    session: Session, at: datetime, actor_id: int | None, action: str, person: Person
) -> None:
    detail = {"slack_id": person.slack_id, "name": person.name}
    subject = f"person:{person.id}"
    session.add(Audit(at=at, actor_id=actor_id, action=action, subject=subject, detail=detail))
