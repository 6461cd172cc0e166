"""Quiet hours: when a person is told nothing that can wait. Between wall times of their own clock.

They begin and end at instants, so that a clock change moves them as it moves any wall time; they
may go past midnight.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from bot.core.cadence import instant, local_date, zone
from bot.db.tables import Person

USUAL = (time(20), time(8))
_DAY = timedelta(days=1)


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


def _around(person: Person, at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The quiet hours from yesterday on, by their first instant and their end."""
    if (span := hours(person)) is None:
        return
    there = zone(person.tz or "UTC")
    today = local_date(at, there)
    for day in (today - _DAY, today, today + _DAY, today + 2 * _DAY):
        last = day if span[0] < span[1] else day + _DAY
        begins, ends = instant(day, span[0], there), instant(last, span[1], there)
        if begins < ends:  # a clock that goes forward may skip all of them
            yield begins, ends
