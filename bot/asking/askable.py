"""Whom Meridian may ask anything at all: no bot, nobody who left, no outsider."""

from sqlalchemy import ColumnElement

from bot.db.tables import Person

ASKABLE: ColumnElement[bool] = (
    Person.deleted.is_(False)
    & Person.is_bot.is_(False)
    & (Person.is_external.is_(False) | Person.is_admitted.is_(True))
)
"""The same as `is_askable`, for a query."""


def is_askable(person: Person) -> bool:
    """Whether somebody may be asked; a guest once an owner has admitted them."""
    return not (person.deleted or person.is_bot or is_outside(person))


def is_outside(person: Person) -> bool:
    """Whether somebody belongs to another organisation and was not admitted."""
    return person.is_external and not person.is_admitted
