"""Quiet hours: when a person is told nothing that can wait. Between wall times of their own clock.

They begin and end at instants, so that a clock change moves them as it moves any wall time; they
may go past midnight.
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from bot.core.cadence import instant, local_date, zone
from bot.db.tables import Person

USUAL = (time(20), time(8))
_DAY = timedelta(days=1)
Span = tuple[datetime, datetime]


def hours(person: Person) -> tuple[time, time] | None:
    """From when until when, on their clock; None for none."""
    if person.quiet_from is None or person.quiet_until is None:
        return USUAL
    same = person.quiet_from == person.quiet_until
    return None if same else (person.quiet_from, person.quiet_until)


def is_quiet(person: Person, at: datetime) -> bool:
    """Whether `at` lies in a person's quiet hours; their first instant does, their end doesn't."""
    return any(begins <= at < ends for begins, ends in _around(person, at))


def quiet_ends(person: Person, at: datetime) -> datetime:
    """When the quiet hours that `at` lies in end; `at` itself where it lies in none."""
    return next((ends for begins, ends in _around(person, at) if begins <= at < ends), at)


def quiet_begins(person: Person, at: datetime) -> datetime | None:
    """When the next quiet hours after `at` begin; None where there are none."""
    return min((begins for begins, _ends in _around(person, at) if begins > at), default=None)


def _around(person: Person, at: datetime) -> tuple[Span, ...]:
    """The quiet hours from yesterday on, by their first instant and their end."""
    span, tz = hours(person), person.tz or "UTC"
    return () if span is None else _spans(tz, *span, local_date(at, zone(tz)))


@lru_cache(maxsize=1024)  # hundreds are asked at once, and most have the same
def _spans(tz: str, first: time, end: time, today: date) -> tuple[Span, ...]:
    there = zone(tz)
    found = []
    for day in (today - _DAY, today, today + _DAY, today + 2 * _DAY):
        last = day if first < end else day + _DAY
        begins, ends = instant(day, first, there), instant(last, end, there)
        if begins < ends:  # a clock that goes forward may skip all of them
            found.append((begins, ends))
    return tuple(found)
