"""When a ritual recurs, and the instants at which a zone's clocks show its local wall time.

The rules are those of RFC 5545, section 3.3.5, held to one occurrence per local date:

- A wall time that a spring change skips moves forward by the length of the gap: 02:30 in
  Europe/Berlin on 2026-03-29 is asked at 03:30. The occurrence keeps its date, even where the gap
  ends the day: in America/Nuuk 23:30 on 2026-03-28 is asked at 00:30, dated the 28th.
- A wall time that an autumn change repeats is the first of the two.
- A date that a zone leaves out (Pacific/Apia had no 2011-12-30, Pacific/Kwajalein no 1993-08-21)
  has no occurrence there: `date_exists` tells. `instant` alone moves its times forward by the gap
  like any other, onto the next date.

Zones come from the standard library's `zoneinfo`. It reads the system's data first, which the
administrator keeps current, and the `tzdata` package where a system has none; PYTHONTZPATH set to
the empty string gives every machine the package's data.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from bot.core.errors import Refused

Weekday = Annotated[int, Field(ge=0, le=6, strict=True)]
Nth = Annotated[int, Field(ge=-1, le=5, strict=True)]
LAST = -1

_DAY = timedelta(days=1)
# The longest name in the IANA data has 32 characters; a file system fails on one of hundreds.
_LONGEST_NAME = 64


class UnknownZone(Refused):
    """That is no time zone Meridian knows."""


class Cadence(BaseModel):
    """The weekdays (0 is Monday) and the local wall time at which a ritual recurs.

    Every `every_weeks` weeks, counted by ISO weeks (Monday to Sunday) from the one that holds
    `anchor`. The anchor says which weeks are meant, not when the ritual starts: they are counted
    backwards too.

    Or with `nth` on those of its weekdays alone that are the first to fifth of their kind in the
    month, or the last (-1), as BYDAY says in RFC 5545: of Monday and Friday with 1 and -1, the
    first and the last Monday and the first and the last Friday.

    With `by_sprint` it is the last working day of each of its team's sprints: weekday, weeks and
    anchor follow from them, and are set anew when the sprints change.

    The time is each person's own, or with `zone`, an IANA name, that zone's for everybody; dates
    are then that zone's too. Weekdays are kept sorted, so that equal cadences have the same JSON.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    weekdays: tuple[Weekday, ...] = Field(min_length=1)
    at: time
    every_weeks: int = Field(default=1, ge=1, le=52)
    anchor: date | None = None
    nth: tuple[Nth, ...] = ()
    zone: str | None = None
    by_sprint: bool = False

    @field_validator("weekdays")
    @classmethod
    def _sorted_once(cls, days: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(sorted(set(days)))

    @field_validator("nth")
    @classmethod
    def _counted(cls, nth: tuple[int, ...]) -> tuple[int, ...]:
        if 0 in nth:
            raise ValueError("the first in a month is 1, and the last is -1")
        return tuple(sorted(set(nth), key=lambda one: (one == LAST, one)))

    @field_validator("zone")
    @classmethod
    def _known(cls, name: str | None) -> str | None:
        try:
            return None if name is None else zone(name).key
        except UnknownZone as error:
            raise ValueError(error.message) from error

    @field_validator("at")
    @classmethod
    def _wall_time(cls, at: time) -> time:
        if at.tzinfo is not None:
            raise ValueError("a cadence has a wall time without a zone")
        return at.replace(fold=0)

    @model_validator(mode="after")
    def _anchored(self) -> Self:
        if self.every_weeks > 1 and self.anchor is None:
            raise ValueError("every few weeks needs an anchor: a date in a week that is meant")
        if self.every_weeks > 1 and self.nth:
            raise ValueError("weeks are counted in the month, or every few of them; not both")
        return self


def falls_on(cadence: Cadence, day: date) -> bool:
    """Whether the cadence recurs on `day`, a local date in any zone."""
    if day.weekday() not in cadence.weekdays:
        return False
    if cadence.nth and not _counts(day, cadence.nth):
        return False
    if cadence.anchor is None:
        return True
    return (_week(day) - _week(cadence.anchor)) % cadence.every_weeks == 0


def _counts(day: date, nth: tuple[int, ...]) -> bool:
    """Whether a date is one of the nth of its weekday in its month."""
    _first, days = monthrange(day.year, day.month)
    is_last = day.day + 7 > days
    return (day.day - 1) // 7 + 1 in nth or (is_last and LAST in nth)


def next_date(cadence: Cadence, after: date) -> date:
    """The first date strictly after `after`; raises OverflowError past the year 9999."""
    day = after + _DAY
    while not falls_on(cadence, day):
        day += _DAY
    return day


def dates(cadence: Cadence, first: date, last: date) -> Iterator[date]:
    """The dates of the cadence from `first` to `last`, both included."""
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        if falls_on(cadence, day):
            yield day


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which clocks in `zone` show the wall time `at` on `day`.

    Skipped and repeated times follow the rules at the head of this module. Raises ValueError for
    an `at` that carries a zone of its own.
    """
    if at.tzinfo is not None:
        raise ValueError("a wall time has no zone of its own")
    # fold=0 is the offset before the change (PEP 495): the first of a repeated time, and for a
    # skipped one the instant that lies the gap's length after the clocks' jump.
    return datetime.combine(day, at.replace(fold=0), tzinfo=zone).astimezone(UTC)


def moved_to(day: date, at: time, zone: ZoneInfo) -> datetime | None:
    """What clocks in `zone` show instead, where `at` doesn't exist there on `day`; else None.

    The answer is aware, in `zone`, and may lie on the next date.
    """
    shown = local(instant(day, at, zone), zone)
    return None if shown.replace(tzinfo=None) == datetime.combine(day, at) else shown


def date_exists(day: date, zone: ZoneInfo) -> bool:
    """Whether `zone` has the date at all; it hasn't where a change of the date line skipped it."""
    return any(moved_to(day, at, zone) is None for at in (time.min, time.max))


def local(at: datetime, zone: ZoneInfo) -> datetime:
    """The aware instant `at` on the clocks of `zone`; raises ValueError for a naive one."""
    if at.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return at.astimezone(zone)


def local_date(at: datetime, zone: ZoneInfo) -> date:
    """The date in `zone` at the aware instant `at`; raises ValueError for a naive one."""
    return local(at, zone).date()


def clocks(cadence: Cadence, tz: str) -> ZoneInfo:
    """The zone in which the cadence's times and dates are read for somebody in `tz`."""
    return zone(cadence.zone or tz)


def run_date(cadence: Cadence, today: date, there: ZoneInfo) -> date:
    """The date of the occurrence that comes on `today`, a date in `there`.

    That is `today` itself, but with a zone of the cadence's own maybe the one before or after. On
    a day without an occurrence: the date that it would have had, or `today`.
    """
    if cadence.zone is None:
        return today
    at, asked_in = cadence.at, zone(cadence.zone)
    near = (today + offset * _DAY for offset in (0, -1, 1))
    seen = (day for day in near if local_date(instant(day, at, asked_in), there) == today)
    return next(seen, today)


def zone(name: str) -> ZoneInfo:
    """The zone of an IANA name such as "Europe/Berlin"; raises UnknownZone for any other text.

    The zone's rules are read from disk at its first use and kept in memory.
    """
    try:
        if len(name) <= _LONGEST_NAME:
            return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, IsADirectoryError) as error:
        raise _unknown(name) from error
    raise _unknown(name)


def _unknown(name: str) -> UnknownZone:
    return UnknownZone(
        f"“{name[:_LONGEST_NAME]}” is no time zone Meridian knows. Names look like Europe/Berlin."
    )


def _week(day: date) -> int:
    """A running number of the ISO week: 0001-01-01, ordinal 1, is a Monday."""
    return (day.toordinal() - 1) // 7
