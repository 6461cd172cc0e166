"""Sprints: which one a date is in. Dates alone, so that no change of clocks moves them."""

from datetime import date, timedelta
from typing import Protocol

_WEEK = timedelta(weeks=1)


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
