"""Who will be asked what and when, and who won't and why."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.core.cadence import Cadence, date_exists, falls_on, instant, local, moved_to, zone
from bot.core.states import PromptState, RitualState
from bot.db.tables import Participant, Person, Prompt, Ritual, Run


@dataclass(frozen=True)
class Occasion:
    """One person on one date of a ritual: when they are asked, or why not."""

    ritual_id: int
    kind: str
    title: str
    channel: str
    day: date
    person_id: int
    person: str
    zone: str
    due: datetime | None  # on the person's own clock; None: not asked
    remark: str = ""


def outlook(
    session: Session, at: datetime, days: int, people: Collection[int] | None = None
) -> Iterator[Occasion]:
    """Every participant's next `days` local dates, each ritual by date and then by moment."""
    rituals = session.scalars(
        select(Ritual).where(Ritual.state == RitualState.ACTIVE).order_by(Ritual.id)
    ).all()
    for ritual in rituals:
        planned = _planned(session, ritual)
        found = [
            occasion
            for person in _participants(session, ritual, people)
            for occasion in _of_person(ritual, person, at, days, planned)
        ]
        yield from sorted(found, key=lambda one: (one.day, one.due is None, one.due or at))


def next_of(session: Session, at: datetime, person_id: int) -> list[Occasion]:
    """A person's next occasion of each ritual they are on."""
    first: dict[int, Occasion] = {}
    for occasion in outlook(session, at, 60, [person_id]):
        if occasion.due is not None and occasion.due > at:
            first.setdefault(occasion.ritual_id, occasion)
    return list(first.values())


def _participants(session: Session, ritual: Ritual, people: Collection[int] | None) -> list[Person]:
    query = (
        select(Person)
        .join(Participant, Participant.person_id == Person.id)
        .where(Participant.ritual_id == ritual.id)
        .order_by(Person.name)
    )
    if people is not None:
        query = query.where(Person.id.in_(people))
    return list(session.scalars(query))


def _planned(session: Session, ritual: Ritual) -> Mapping[tuple[int, date], Prompt]:
    rows = session.execute(
        select(Prompt, Run.local_date)
        .join(Run, Prompt.run_id == Run.id)
        .where(Run.ritual_id == ritual.id, Run.ordinal == 0)
    )
    return {(prompt.person_id, day): prompt for prompt, day in rows}


def _of_person(
    ritual: Ritual,
    person: Person,
    at: datetime,
    days: int,
    planned: Mapping[tuple[int, date], Prompt],
) -> Iterator[Occasion]:
    cadence = Cadence.model_validate(ritual.cadence)
    today = local(at, zone(person.tz or "UTC")).date()
    for offset in range(days):
        day = today + timedelta(days=offset)
        due, remark = _when(cadence, person, day, at, planned.get((person.id, day)))
        yield Occasion(
            ritual_id=ritual.id,
            kind=ritual.kind,
            title=ritual.title,
            channel=ritual.channel,
            day=day,
            person_id=person.id,
            person=person.name,
            zone=person.tz or "?",
            due=due,
            remark=remark,
        )


def _when(
    cadence: Cadence, person: Person, day: date, at: datetime, prompt: Prompt | None
) -> tuple[datetime | None, str]:
    """The moment on the person's clock, or None and the reason; a remark may go with either."""
    if person.tz is None:
        return None, "time zone not known yet"
    there = zone(person.tz)
    if prompt is not None and prompt.state is not PromptState.WAITING:
        return None, prompt.reason or f"{prompt.state} already"
    if prompt is not None:
        return local(prompt.due_at, zone(prompt.zone)), ""
    if not falls_on(cadence, day):
        return None, f"{day:%A} is none of its days"
    if not date_exists(day, there):
        return None, "the date does not exist there"
    due = instant(day, cadence.at, there)
    if due <= at:
        return None, "its moment had passed when the stand-up was set"
    moved = moved_to(day, cadence.at, there)
    remark = f"{cadence.at:%H:%M} does not exist that day" if moved else ""
    return local(due, there), remark
