"""People who move, leave, come back or change roles: slices hear of it a moment later, by timer."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from bot.asking.cards import KIND
from bot.db.tables import Person
from bot.engine import timers
from bot.engine.timers import Due

STEP, ROLES = "changed", "roles"


def note(session: Session, at: datetime, person: Person) -> None:
    """A person has another zone, or may be told things no longer, or again."""
    due = Due(KIND, STEP, at, person_id=person.id, local_date=at.date())
    timers.reset(session, [due])


def note_roles(session: Session, at: datetime, person_ids: Collection[int]) -> None:
    """These people have another role in a team, or one less."""
    days = ((one, at.date()) for one in sorted(person_ids))
    timers.reset(session, [Due(KIND, ROLES, at, person_id=one, local_date=on) for one, on in days])
