"""When a person works: Monday to Friday, 09:00 to 18:00 on their clock, outside quiet hours."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from bot.asking.excuses import excuses
from bot.asking.quiet import quiet_ends
from bot.core.cadence import instant, local_date, zone
from bot.db.tables import Person

_BEGIN, _END = time(9), time(18)
_SATURDAY = 5
_DAY = timedelta(days=1)
_HORIZON = 30  # days; whoever is away for longer is looked at again then
_LOOKED_UP = timedelta(minutes=15)  # their zone is not known yet


def working_hours(session: Session, at: datetime, person: Person) -> tuple[datetime, datetime]:
    """The hours in which a person works at `at` or next: from `at` on at the earliest.

    Days off are passed over.
    """
    if person.tz is None:
        return at + _LOOKED_UP, at + _LOOKED_UP
    days = _days(person, at)
    workdays = [(person, day) for day in days if day.weekday() < _SATURDAY]
    off = excuses(session, at, workdays)
    return _first(person, at, [day for _who, day in workdays if (person.id, day) not in off])


def next_working(at: datetime, person: Person) -> datetime:
    """When a person works at `at` or next, were it no day off; `at` itself where they do."""
    if person.tz is None:
        return at
    begins, _ends = _first(
        person, at, [day for day in _days(person, at) if day.weekday() < _SATURDAY]
    )
    return begins


def _days(person: Person, at: datetime) -> list[date]:
    today = local_date(at, zone(person.tz or "UTC"))
    return [today + number * _DAY for number in range(_HORIZON)]


def _first(person: Person, at: datetime, workdays: Collection[date]) -> tuple[datetime, datetime]:
    there = zone(person.tz or "UTC")
    for day in workdays:
        begins, ends = instant(day, _BEGIN, there), instant(day, _END, there)
        begins = quiet_ends(person, max(begins, at))
        if begins < ends:
            return begins, ends
    later = instant(local_date(at, there) + _HORIZON * _DAY, _BEGIN, there)
    return later, later
