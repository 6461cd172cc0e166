"""Sprints: which one a date is in. Dates alone, so that no change of clocks moves them."""

from datetime import date, time, timedelta
from typing import Protocol

from bot.core.cadence import Cadence

_WEEK, _DAY = timedelta(weeks=1), timedelta(days=1)
_FRIDAY = 4


class HasSprints(Protocol):
    """What keeps the first day of any one sprint, and how many weeks each takes."""

    @property
    def sprint_start(self) -> date | None: ...
    @property
    def sprint_weeks(self) -> int | None: ...


def sprint_of(team: HasSprints, day: date) -> tuple[date, date] | None:
    """The first and last day of the sprint that a team's local date is in; None without sprints.

    They follow one another in both directions: the day that is kept may be years ago, or to come.
    """
    if team.sprint_start is None or not team.sprint_weeks:
        return None
    length = team.sprint_weeks * _WEEK
    first = team.sprint_start + (day - team.sprint_start) // length * length
    return first, first + length - timedelta(days=1)


def at_the_end(team: HasSprints, at: time, zone: str | None) -> Cadence | None:
    """The cadence of the last working day, Monday to Friday, of each sprint; None without any."""
    if team.sprint_start is None or not team.sprint_weeks:
        return None
    last = team.sprint_start + team.sprint_weeks * _WEEK - _DAY
    last -= max(0, last.weekday() - _FRIDAY) * _DAY
    return Cadence(
        weekdays=(last.weekday(),),
        at=at,
        every_weeks=team.sprint_weeks,
        anchor=last,
        zone=zone,
        by_sprint=True,
    )
