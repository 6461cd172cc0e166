"""Who will be asked what and when, and who won't and why."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking.excuses import Excused, excuses
from bot.asking.planning import NO_SUCH_DATE
from bot.asking.stopping import PAUSED
from bot.core.cadence import (
    Cadence,
    clocks,
    date_exists,
    dates,
    falls_on,
    instant,
    local,
    moved_to,
    next_date,
    run_date,
    zone,
)
from bot.core.states import PromptState, RitualState, RunState
from bot.db.tables import Participant, Person, Prompt, Ritual, Run

_DAY = timedelta(days=1)
# How far somebody's next moment is looked for: so long, and so many dates at least.
_HORIZON = 60 * _DAY
_FEWEST = 3
_GOING_ON = (RitualState.ACTIVE, RitualState.PAUSED)


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


@dataclass(frozen=True)
class Prospect:
    """A ritual as one person on it has it before them."""

    today: Occasion
    prompt: Prompt | None  # today's
    next: Occasion | None  # later than now


def outlook(
    session: Session, at: datetime, days: int, people: Collection[int] | None = None
) -> Iterator[Occasion]:
    """Every participant's next `days` local dates, each ritual by date and then by moment."""
    plans = _plans(session, (RitualState.ACTIVE,), people)
    last = at.date() + (days + 2) * _DAY  # wherever they are
    since = at.date() - 3 * _DAY
    known = _known(
        session, at, plans, {one: list(dates(one.cadence, since, last)) for one in plans}
    )
    for plan in plans:
        found = [
            occasion for person in plan.people for occasion in _ahead(plan, person, at, days, known)
        ]
        yield from sorted(found, key=lambda one: (one.day, one.due is None, one.due or at))


def next_of(session: Session, at: datetime, person_id: int) -> list[Occasion]:
    """A person's next occasion of each ritual they are on."""
    ahead = _prospects(session, at, person_id, (RitualState.ACTIVE,))
    return [one.next for one in ahead if one.next is not None]


def prospects(session: Session, at: datetime, person_id: int) -> list[Prospect]:
    """Today and what comes next, of each ritual that a person is on; paused ones among them."""
    return list(_prospects(session, at, person_id, _GOING_ON))


# --- what is known already, loaded for all rituals at once


@dataclass(frozen=True, eq=False)
class _Plan:
    """A ritual and who is on it."""

    ritual: Ritual
    cadence: Cadence
    people: Sequence[Person]


@dataclass(frozen=True)
class _Known:
    """What is planned already, by ritual and date; which runs have closed; who is excused when."""

    prompts: Mapping[tuple[int, int], Mapping[date, Prompt]]  # by ritual and person
    closed: Collection[tuple[int, date]]
    excused: Mapping[tuple[int, date], Excused]  # by person


def _plans(
    session: Session, states: Collection[RitualState], people: Collection[int] | None
) -> list[_Plan]:
    query = (
        select(Ritual, Person)
        .join(Participant, Participant.ritual_id == Ritual.id)
        .join(Person, Participant.person_id == Person.id)
        .where(Ritual.state.in_(states))
        .order_by(Ritual.id, Person.name)
    )
    if people is not None:
        query = query.where(Person.id.in_(people))
    found: dict[Ritual, list[Person]] = {}
    for ritual, person in session.execute(query):
        found.setdefault(ritual, []).append(person)
    return [
        _Plan(ritual, Cadence.model_validate(ritual.cadence), on_it)
        for ritual, on_it in found.items()
    ]


def _known(
    session: Session,
    at: datetime,
    plans: Collection[_Plan],
    ahead: Mapping[_Plan, Sequence[date]],
) -> _Known:
    """What is known of these rituals; `ahead` are the dates that somebody may be excused on."""
    since = at.date() - 3 * _DAY
    people = {person.id: person for plan in plans for person in plan.people}
    mine = (
        Run.ritual_id.in_([plan.ritual.id for plan in plans]),
        Run.ordinal == 0,
        Run.local_date >= since,
    )
    prompts: dict[tuple[int, int], dict[date, Prompt]] = {}
    rows = session.execute(
        select(Prompt, Run.ritual_id, Run.local_date)
        .join(Run, Prompt.run_id == Run.id)
        .where(*mine, Prompt.person_id.in_(people))
    )
    for prompt, ritual_id, day in rows:
        prompts.setdefault((ritual_id, prompt.person_id), {})[day] = prompt
    closed = session.execute(
        select(Run.ritual_id, Run.local_date).where(*mine, Run.state == RunState.CLOSED)
    )
    asked = {
        (person.id, day)
        for plan, days in ahead.items()
        for person in plan.people
        for day in days
        if day >= since
    }
    excused = excuses(session, at, [(people[who], day) for who, day in sorted(asked)])
    return _Known(prompts, {(ritual_id, day) for ritual_id, day in closed}, excused)


# --- one person


def _prospects(
    session: Session, at: datetime, person_id: int, states: Collection[RitualState]
) -> Iterator[Prospect]:
    plans = _plans(session, states, [person_id])
    ahead = {plan: _dates_ahead(plan.cadence, at.date()) for plan in plans}
    known = _known(session, at, plans, ahead)
    for plan in plans:
        (person,) = plan.people
        today = _today(plan, person, at)
        days = (*_earlier(plan, person, today, known), *(d for d in ahead[plan] if d >= today))
        coming = (_occasion(plan, person, day, at, known) for day in days)
        yield Prospect(
            _occasion(plan, person, today, at, known),
            known.prompts.get((plan.ritual.id, person.id), {}).get(today),
            next((one for one in coming if one.due is not None and one.due > at), None),
        )


def _dates_ahead(cadence: Cadence, today: date) -> list[date]:
    """Its dates from two days ago on, wherever somebody is."""
    found, day = list[date](), today - 2 * _DAY
    while day <= today + _HORIZON or len(found) < _FEWEST:
        day = next_date(cadence, day)
        found.append(day)
    return found


def _ahead(
    plan: _Plan, person: Person, at: datetime, days: int, known: _Known
) -> Iterator[Occasion]:
    today = _today(plan, person, at)
    coming = (today + offset * _DAY for offset in range(days))
    for day in (*_earlier(plan, person, today, known), *coming):
        yield _occasion(plan, person, day, at, known)


def _today(plan: _Plan, person: Person, at: datetime) -> date:
    there = zone(person.tz or "UTC")
    return run_date(plan.cadence, local(at, there).date(), there)


def _earlier(plan: _Plan, person: Person, today: date, known: _Known) -> list[date]:
    """Dates still to be asked: dated in a zone that is behind the one the person has come to."""
    prompts = known.prompts.get((plan.ritual.id, person.id), {})
    waiting = (day for day, one in prompts.items() if one.state is PromptState.WAITING)
    return sorted(day for day in waiting if day < today)


def _occasion(plan: _Plan, person: Person, day: date, at: datetime, known: _Known) -> Occasion:
    due, remark = _when(plan, person, day, at, known)
    return Occasion(
        ritual_id=plan.ritual.id,
        kind=plan.ritual.kind,
        title=plan.ritual.title,
        channel=plan.ritual.channel,
        day=day,
        person_id=person.id,
        person=person.name,
        zone=person.tz or "?",
        due=due,
        remark=remark,
    )


def _when(
    plan: _Plan, person: Person, day: date, at: datetime, known: _Known
) -> tuple[datetime | None, str]:
    """The moment on the person's clock, or None and the reason; a remark may go with either."""
    cadence = plan.cadence
    if person.tz is None:
        return None, "time zone not known yet"
    there = zone(person.tz)
    prompt = known.prompts.get((plan.ritual.id, person.id), {}).get(day)
    if prompt is not None and prompt.state is not PromptState.WAITING:
        return None, prompt.reason or f"{prompt.state} already"
    if plan.ritual.state is RitualState.PAUSED:
        return None, PAUSED
    excused = known.excused.get((person.id, day))
    if excused is not None and (prompt is not None or falls_on(cadence, day)):
        return None, excused.reason
    if prompt is not None:
        return local(prompt.due_at, there), _moved(cadence, day, zone(prompt.zone))
    if not falls_on(cadence, day):
        return None, f"{day:%A} is none of its days"
    asked_in = clocks(cadence, person.tz)
    if not date_exists(day, asked_in):
        return None, NO_SUCH_DATE
    due = instant(day, cadence.at, asked_in)
    if due <= at or (plan.ritual.id, day) in known.closed:
        return None, "its moment had passed when it was set"
    return local(due, there), _moved(cadence, day, asked_in)


def _moved(cadence: Cadence, day: date, there: ZoneInfo) -> str:
    moved = moved_to(day, cadence.at, there)
    return f"{cadence.at:%H:%M} does not exist that day" if moved else ""
