"""When somebody is told of their action items: once their day's card is there.

That is shortly after they are asked in a stand-up, or at 09:30 on days without one; Monday to
Friday, on no day off, outside their quiet hours.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking.excuses import excuses
from bot.asking.quiet import quiet_ends
from bot.core.cadence import Cadence, clocks, falls_on, instant, local_date, zone
from bot.core.states import RitualState
from bot.db.tables import Participant, Person, Ritual

_USUAL, _END = time(9, 30), time(18)
_LAST = time(23, 59)
_AFTER_ASKING = timedelta(minutes=15)
_SATURDAY = 5
_DAY = timedelta(days=1)
_HORIZON = 21  # days; whoever is away for longer is looked at again then
_LOOKED_UP = timedelta(minutes=15)  # their zone is not known yet

Cadences = Mapping[int, Sequence[Cadence]]
"""When people are asked, by their id."""


@dataclass(frozen=True)
class _Hours:
    """From when until when somebody may be told on one date."""

    begin: datetime
    end: datetime


def cadences(session: Session, people: Collection[Person]) -> Cadences:
    """The cadences of all that these people are asked in."""
    found: dict[int, list[Cadence]] = {}
    rows = session.execute(
        select(Participant.person_id, Ritual.cadence)
        .join(Ritual, Participant.ritual_id == Ritual.id)
        .where(
            Participant.person_id.in_([person.id for person in people]),
            Ritual.state == RitualState.ACTIVE,
        )
    )
    for person_id, cadence in rows:
        found.setdefault(person_id, []).append(Cadence.model_validate(cadence))
    return found


def morning(person: Person, on: date, asked: Cadences) -> datetime:
    """When somebody is told on a date of theirs, were it a working day."""
    return _hours(person, on, asked).begin


def _hours(person: Person, on: date, asked: Cadences) -> _Hours:
    there = zone(person.tz or "UTC")
    latest = instant(on, _LAST, there)
    moments = [at for one in asked.get(person.id, ()) for at in _asked(one, person, on)]
    begin = min(moments) + _AFTER_ASKING if moments else instant(on, _USUAL, there)
    begin = quiet_ends(person, min(begin, latest))
    return _Hours(begin, max(begin, instant(on, _END, there)))


def _asked(cadence: Cadence, person: Person, on: date) -> Iterator[datetime]:
    """When they are asked by a cadence on a date of theirs; in its own zone it may be another."""
    tz = person.tz or "UTC"
    there = zone(tz)
    near = (on,) if cadence.zone is None else (on - _DAY, on, on + _DAY)
    for day in near:
        at = instant(day, cadence.at, clocks(cadence, tz))
        if falls_on(cadence, day) and local_date(at, there) == on:
            yield at


def next_mornings(
    session: Session, at: datetime, people: Collection[Person]
) -> Mapping[int, datetime]:
    """When each of these may be told something: now, or when they next work; by their id."""
    known = [person for person in people if person.tz is not None]
    asked = cadences(session, known)
    ahead = {person.id: _workdays(person, at) for person in known}
    dates = [(person, day) for person in known for day in ahead[person.id]]
    off = excuses(session, at, dates)
    found = {person.id: at + _LOOKED_UP for person in people}
    for person in known:
        days = [day for day in ahead[person.id] if (person.id, day) not in off]
        found[person.id] = _first(person, at, days, asked)
    return found


def _workdays(person: Person, at: datetime) -> list[date]:
    today = local_date(at, zone(person.tz or "UTC"))
    days = (today + number * _DAY for number in range(_HORIZON))
    return [day for day in days if day.weekday() < _SATURDAY]


def _first(person: Person, at: datetime, days: Sequence[date], asked: Cadences) -> datetime:
    for day in days:
        hours = _hours(person, day, asked)
        when = quiet_ends(person, max(hours.begin, at))
        if when <= hours.end:
            return when
    return at + _HORIZON * _DAY
