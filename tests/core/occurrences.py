"""The occurrences of a cadence in one zone, put together as planning does."""

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.core.cadence import Cadence, date_exists, dates, instant


def due(
    cadence: Cadence, zone: ZoneInfo, first: date, last: date
) -> Iterator[tuple[date, datetime]]:
    """Its local dates from `first` to `last`, each with its instant; without those left out."""
    for day in dates(cadence, first, last):
        if date_exists(day, zone):
            yield day, instant(day, cadence.at, zone)
