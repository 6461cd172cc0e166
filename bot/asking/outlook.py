"""Who will be asked what and when, and who won't and why."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking.excuses import Excused, excuses
from bot.asking.planning import NO_SUCH_DATE
from bot.core.cadence import Cadence, date_exists, dates, falls_on, instant, local, moved_to, zone
from bot.core.states import PromptState, RitualState, RunState
from bot.db.tables import Participant, Person, Prompt, Ritual, Run

_DAY = timedelta(days=1)


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
    active = select(Ritual).where(Ritual.state == RitualState.ACTIVE).order_by(Ritual.id)
    if people is not None:
        theirs = select(Participant.ritual_id).where(Participant.person_id.in_(people))
        active = active.where(Ritual.id.in_(theirs))
    for ritual in session.scalars(active).all():
        on_it = _participants(session, ritual, people)
        plan = _plan(session, ritual, at, on_it, days)
        found = [
            occasion for person in on_it for occasion in _of_person(ritual, person, at, days, plan)
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


@dataclass(frozen=True)
class _Plan:
    """What is planned already and who is excused, by person and date; which runs have closed."""

    prompts: Mapping[tuple[int, date], Prompt]
    excused: Mapping[tuple[int, date], Excused]
    closed: Collection[date]


def _plan(
    session: Session, ritual: Ritual, at: datetime, people: Collection[Person], days: int
) -> _Plan:
    since = at.date() - 2 * _DAY
    mine = (Run.ritual_id == ritual.id) & (Run.ordinal == 0) & (Run.local_date >= since)
    rows = session.execute(
        select(Prompt, Run.local_date)
        .join(Run, Prompt.run_id == Run.id)
        .where(mine, Prompt.person_id.in_([person.id for person in people]))
    )
    closed = session.scalars(select(Run.local_date).where(mine, Run.state == RunState.CLOSED))
    cadence = Cadence.model_validate(ritual.cadence)
    ahead = dates(cadence, since, at.date() + (days + 1) * _DAY)  # wherever they are
    excused = excuses(session, at, list(product(people, ahead)))
    prompts = {(prompt.person_id, day): prompt for prompt, day in rows}
    return _Plan(prompts, excused, set(closed))


def _of_person(
    ritual: Ritual,
    person: Person,
    at: datetime,
    days: int,
    plan: _Plan,
) -> Iterator[Occasion]:
    cadence = Cadence.model_validate(ritual.cadence)
    today = local(at, zone(person.tz or "UTC")).date()
    earlier = sorted(
        day
        for (person_id, day), prompt in plan.prompts.items()
        if person_id == person.id and day < today and prompt.state is PromptState.WAITING
    )  # dated in a zone that is behind the one the person has come to
    for day in [*earlier, *(today + offset * _DAY for offset in range(days))]:
        due, remark = _when(cadence, person, day, at, plan)
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
    cadence: Cadence, person: Person, day: date, at: datetime, plan: _Plan
) -> tuple[datetime | None, str]:
    """The moment on the person's clock, or None and the reason; a remark may go with either."""
    if person.tz is None:
        return None, "time zone not known yet"
    there = zone(person.tz)
    prompt = plan.prompts.get((person.id, day))
    if prompt is not None and prompt.state is not PromptState.WAITING:
        return None, prompt.reason or f"{prompt.state} already"
    excused = plan.excused.get((person.id, day))
    if excused is not None and (prompt is not None or falls_on(cadence, day)):
        return None, excused.reason
    if prompt is not None:
        return local(prompt.due_at, there), _moved(cadence, day, zone(prompt.zone))
    if not falls_on(cadence, day):
        return None, f"{day:%A} is none of its days"
    if not date_exists(day, there):
        return None, NO_SUCH_DATE
    due = instant(day, cadence.at, there)
    if due <= at or day in plan.closed:
        return None, "its moment had passed when the stand-up was set"
    return local(due, there), _moved(cadence, day, there)


def _moved(cadence: Cadence, day: date, there: ZoneInfo) -> str:
    moved = moved_to(day, cadence.at, there)
    return f"{cadence.at:%H:%M} does not exist that day" if moved else ""
