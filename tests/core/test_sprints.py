"""Which sprint a date is in, whatever clocks and calendars do."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.cadence import dates, local_date
from bot.core.sprints import at_the_end, sprint_of


@dataclass
class Team:
    sprint_start: date | None = date(2026, 3, 23)  # a Monday
    sprint_weeks: int | None = 2


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("on", "first", "last"),
    [
        ("2026-03-23", "2026-03-23", "2026-04-05"),
        ("2026-04-05", "2026-03-23", "2026-04-05"),
        ("2026-04-06", "2026-04-06", "2026-04-19"),
        ("2026-03-22", "2026-03-09", "2026-03-22"),  # before the day that is kept
        ("2026-12-31", "2026-12-28", "2027-01-10"),  # over the new year
        ("2028-02-29", "2028-02-21", "2028-03-05"),  # through a leap day, years on
        ("2024-02-29", "2024-02-26", "2024-03-10"),
    ],
)
def test_the_sprint_of_a_date(on: str, first: str, last: str) -> None:
    """The first and last day, both included."""
    assert sprint_of(Team(), day(on)) == (day(first), day(last))


@pytest.mark.parametrize(
    "team", [Team(sprint_start=None), Team(sprint_weeks=None), Team(None, None)]
)
def test_without_sprints_there_is_none(team: Team) -> None:
    """Nor with half of what it takes."""
    assert sprint_of(team, day("2026-03-23")) is None


@given(
    st.dates(date(1990, 1, 1), date(2090, 1, 1)),
    st.integers(1, 8),
    st.dates(date(1990, 1, 1), date(2090, 1, 1)),
)
def test_sprints_follow_one_another(start: date, weeks: int, on: date) -> None:
    """Each date is in one; the next begins the day after, on the same weekday."""
    team = Team(start, weeks)
    found = sprint_of(team, on)
    assert found is not None
    first, last = found
    assert first <= on <= last
    assert first.weekday() == start.weekday()
    assert last - first == timedelta(days=7 * weeks - 1)
    following = sprint_of(team, last + timedelta(days=1))
    assert following is not None
    assert following[0] == last + timedelta(days=1)


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        ("Europe/Berlin", "2026-04-05T21:59:59", "2026-04-05T22:00"),  # since the clocks' change
        ("Europe/Berlin", "2026-03-22T22:59:59", "2026-03-22T23:00"),  # before it
        ("America/Sao_Paulo", "2018-11-04T02:59:59", "2018-11-04T03:00"),  # midnight left out
        ("Pacific/Kiritimati", "2026-04-05T09:59:59", "2026-04-05T10:00"),
    ],
)
def test_a_sprint_turns_at_the_team_s_own_midnight(zone: str, before: str, after: str) -> None:
    """An instant is in the sprint of the team's local date then."""
    sunday = datetime.fromisoformat(f"{before}+00:00")
    monday = datetime.fromisoformat(f"{after}+00:00")
    there = ZoneInfo(zone)
    start = local_date(monday.astimezone(UTC), there) - timedelta(weeks=4)
    team = Team(start, 2)
    ended, begun = (sprint_of(team, local_date(at, there)) for at in (sunday, monday))
    assert ended is not None
    assert begun is not None
    assert ended[1] + timedelta(days=1) == begun[0] == local_date(monday, there)


@given(
    start=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    weeks=st.integers(1, 8),
    on=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
)
def test_the_end_of_a_sprint_is_its_last_working_day(start: date, weeks: int, on: date) -> None:
    """In every sprint exactly one day, Monday to Friday, and never one behind it that is so too."""
    team = Team(start, weeks)
    cadence = at_the_end(team, time(10), None)
    found = sprint_of(team, on)
    assert cadence is not None
    assert found is not None
    first, last = found
    (end,) = dates(cadence, first, last)
    assert end.weekday() < 5
    assert all((end + timedelta(days=n)).weekday() > 4 for n in range(1, (last - end).days + 1))


def test_without_sprints_there_is_no_end() -> None:
    """Neither without a first day nor without a length."""
    assert at_the_end(Team(None, 2), time(10), None) is None
    assert at_the_end(Team(date(2026, 3, 23), None), time(10), None) is None
