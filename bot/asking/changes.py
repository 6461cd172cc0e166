"""People who move, leave or come back: other slices hear of it a moment later, by a timer."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.asking.cards import KIND
from bot.db.tables import Person
from bot.engine import timers
from bot.engine.timers import Due

STEP = "changed"


def note(session: Session, at: datetime, person: Person) -> None:
    """A person has another zone, or may be told things no longer, or again."""
    due = Due(KIND, STEP, at, person_id=person.id, local_date=at.date())
    timers.reset(session, [due])
