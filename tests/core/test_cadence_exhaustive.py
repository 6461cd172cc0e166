"""Local times against clocks that were watched: every half-hour around every change of offset."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from bot.core.cadence import Cadence, date_exists, instant, local_date, moved_to
from tests.core import wall_clock
from tests.core.occurrences import due

FIRST_YEAR, LAST_YEAR = 2024, 2037

# Half-hour and two-hour changes, changes at midnight and over it, odd offsets, changes for Ramadan
# and by government decree, summer time that is called standard, both hemispheres, and none at all.
SAMPLE = [
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Havana",
    "America/New_York",
    "America/Nuuk",
    "America/Santiago",
    "America/Scoresbysund",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Europe/Dublin",
    "Europe/London",
    "Pacific/Apia",
    "Pacific/Chatham",
    "UTC",
]


def agrees_with_the_clocks(zone: ZoneInfo, change: datetime) -> None:
    """Every half-hour of the three dates around a change has the instant the clocks tell."""
    day = local_date(change, zone)
    expected = wall_clock.around(day, zone, change)
    for wall, at in expected.items():
        assert instant(wall.date(), wall.time(), zone) == at, (zone.key, wall)
        after = wall_clock.shown(at, zone)
        moved = moved_to(wall.date(), wall.time(), zone)
        assert (moved.replace(tzinfo=None) if moved else wall) == after, (zone.key, wall)


def asks_once_a_day(zone: ZoneInfo, change: datetime) -> None:
    """Each of 48 daily cadences has one occurrence a date, each later than the one before."""
    day = local_date(change, zone)
    days = [day - timedelta(days=1), day, day + timedelta(days=1)]
    for half in range(48):
        at = time(half // 2, half % 2 * 30)
        daily = Cadence(weekdays=tuple(range(7)), at=at)
        occurrences = list(due(daily, zone, days[0], days[-1]))
        assert [date for date, _ in occurrences] == days, (zone.key, at)
        instants = [instant for _, instant in occurrences]
        assert instants == sorted(set(instants)), (zone.key, at)


def check(name: str, every: int) -> None:
    """Look at every n-th change of a zone, and at a day without any."""
    zone = ZoneInfo(name)
    found = wall_clock.changes(zone, FIRST_YEAR, LAST_YEAR)
    ordinary = datetime(2026, 1, 15, tzinfo=UTC)
    for change in (*found[::every], ordinary):
        assert date_exists(local_date(change, zone), zone)
        agrees_with_the_clocks(zone, change)
        asks_once_a_day(zone, change)


def test_the_changes_are_found() -> None:
    """Germany changes its clocks twice a year, and the second of them is known to everybody."""
    found = wall_clock.changes(ZoneInfo("Europe/Berlin"), FIRST_YEAR, LAST_YEAR)
    assert len(found) == 2 * (LAST_YEAR - FIRST_YEAR + 1)
    assert datetime(2026, 3, 29, 1, tzinfo=UTC) in found
    assert wall_clock.changes(ZoneInfo("Asia/Kathmandu"), FIRST_YEAR, LAST_YEAR) == ()


@pytest.mark.parametrize("name", SAMPLE)
def test_a_sample_of_zones(name: str) -> None:
    """Zones whose changes are peculiar; every fifth is a spring's and an autumn's by turns."""
    check(name, every=5)


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", sorted(available_timezones()))
def test_every_zone(name: str) -> None:
    """All zones there are, and all their changes."""
    check(name, every=1)
