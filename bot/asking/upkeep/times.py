"""Times and zones on a setup screen: the zone somebody typed, and what clock changes do; pure."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import available_timezones

from bot.core.cadence import Cadence, dates, local_date, moved_to, zone
from bot.core.text import clamp, one_line, spoken_date

ZONE_INPUT = 64
_ZONE_SHOWN = 40
_A_YEAR = timedelta(days=366)


def skipped(cadence: Cadence, at: datetime) -> str:
    """When a time of one zone for all falls into a change of its clocks next; "" for never soon.

    With each person's own time that is different for each; their timetable says it.
    """
    if cadence.zone is None:
        return ""
    there = zone(cadence.zone)
    first = local_date(at, there)
    for day in dates(cadence, first, first + _A_YEAR):
        moved = moved_to(day, cadence.at, there)
        if moved is not None and moved > at:
            return (
                f"On {spoken_date(day)} {cadence.at:%H:%M} does not exist in {cadence.zone}; "
                f"people are asked at {moved:%H:%M} then."
            )
    return ""


def zone_typed(typed: str) -> str | None:
    """The IANA name of what somebody typed, in whatever case and with blanks; None for none."""
    return _zones().get("_".join(typed.split()).casefold())


def today(typed: str, own: str, at: datetime) -> date:
    """The date where a ritual is: in the zone typed for it, else in that of whoever sets it up.

    From it weeks are counted; in UTC it may be another week than the one on their clock.
    """
    return local_date(at, zone(zone_typed(typed) or own))


def unknown(typed: str) -> str:
    """What is said of a zone that there isn't, with the one of that city if there is one."""
    city = "/" + "_".join(typed.split()).casefold()
    alike = sorted(name for folded, name in _zones().items() if folded.endswith(city))
    said = clamp(one_line(typed), _ZONE_SHOWN)
    if alike:
        return f"“{said}” is no time zone. Do you mean {alike[0]}?"
    return f"“{said}” is no time zone Meridian knows. Names look like Europe/Berlin."


@cache
def _zones() -> Mapping[str, str]:
    """All names, by what they are without their cases."""
    return {name.casefold(): name for name in available_timezones()}
