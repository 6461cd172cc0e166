"""A second, slower way from wall times to instants, which watches a zone's clocks go round.

It only ever asks what a clock shows at an instant, never which instant a wall time means: that is
the question under test.
"""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

# All offsets of today's zones are whole quarters of an hour.
TICK = timedelta(minutes=15)
HALF_HOUR = timedelta(minutes=30)
HALF_DAY = timedelta(hours=12)
DAY = timedelta(days=1)


def shown(at: datetime, zone: ZoneInfo) -> datetime:
    """What a clock in `zone` shows at an instant: a naive wall time."""
    return at.astimezone(zone).replace(tzinfo=None)


def offset(at: datetime, zone: ZoneInfo) -> timedelta:
    """How far the clocks of `zone` are ahead of UTC at an instant."""
    ahead = at.astimezone(zone).utcoffset()
    assert ahead is not None
    return ahead


@cache
def changes(zone: ZoneInfo, first_year: int, last_year: int) -> tuple[datetime, ...]:
    """The first ticks, in UTC, of every new offset in these years, both included."""
    start, end = (datetime(year, 1, 1, tzinfo=UTC) for year in (first_year, last_year + 1))
    looks = [start + half * HALF_DAY for half in range((end - start) // HALF_DAY + 1)]
    offsets = [offset(at, zone) for at in looks]
    return tuple(
        _change_after(at, zone)
        for at, before, after in zip(looks, offsets, offsets[1:], strict=False)
        if before != after
    )


def _change_after(at: datetime, zone: ZoneInfo) -> datetime:
    while offset(at + TICK, zone) == offset(at, zone):
        at += TICK
    return at + TICK


def around(day: date, zone: ZoneInfo, change: datetime) -> dict[datetime, datetime]:
    """The instant of every half-hour of wall time from the day before `day` to the day after.

    Watches the clocks from four days before to four days after. A time they never showed is
    looked up later by as much as they jumped at `change`.
    """
    first_shown: dict[datetime, datetime] = {}
    for tick in range(-4 * 96, 4 * 96 + 1):
        at = change + tick * TICK
        first_shown.setdefault(shown(at, zone), at)
    jump = offset(change, zone) - offset(change - TICK, zone)
    start = datetime(day.year, day.month, day.day) - DAY  # noqa: DTZ001 - a wall time is naive
    walls = [start + half * HALF_HOUR for half in range(3 * 48)]
    return {
        wall: first_shown[wall] if wall in first_shown else first_shown[wall + jump]
        for wall in walls
    }
