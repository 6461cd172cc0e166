"""Local times, reckoned by watching what clocks show; the bot's own arithmetic takes another way.

A wall time that a spring change skips comes later by as much as the clocks jumped, and of one that
an autumn change repeats it is the first.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
QUIET = (time(20), time(8))
"""In which nobody is disturbed, but for what is asked of them just then."""


def shown(at: datetime, zone: str) -> datetime:
    """What clocks in `zone` show at an instant: a naive wall time."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def local_date(at: datetime, zone: str) -> date:
    """The date that calendars in `zone` show at an instant."""
    return shown(at, zone).date()


def _ahead(at: datetime, zone: str) -> timedelta:
    return shown(at, zone) - at.replace(tzinfo=None)


@cache
def instant(day: date, at: time, zone: str) -> datetime:
    """When clocks in `zone` show `at` on `day`. At most one change a day is reckoned with."""
    wall = datetime.combine(day, at)
    about = wall.replace(tzinfo=UTC)
    before, after = _ahead(about - DAY, zone), _ahead(about + DAY, zone)
    fits = [about - one for one in (before, after) if shown(about - one, zone) == wall]
    return min(fits, default=about - before)


def spoken(day: date) -> str:
    """As a message names a date: Fri 27 March."""
    return f"{day:%a} {day.day} {day:%B}"


def between(at: datetime, zone: str, begins: time, ends: time) -> bool:
    """Whether clocks in `zone` show a time from `begins` on and before `ends`, maybe overnight."""
    now = shown(at, zone).time()
    return begins <= now < ends if begins < ends else now >= begins or now < ends


def awake(at: datetime, zone: str) -> datetime:
    """When somebody's quiet hours are over; at once where it is none of them."""
    if not between(at, zone, *QUIET):
        return at
    day = shown(at, zone).date()
    ends = (instant(on, QUIET[1], zone) for on in (day, day + DAY))
    return next(one for one in ends if one > at)
