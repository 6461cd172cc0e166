"""When a ritual recurs: each oddity of calendars by name."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.core.cadence import (
    Cadence,
    dates,
    falls_on,
    next_date,
)

WORKDAYS = (0, 1, 2, 3, 4)
NINE = time(9)
FORTNIGHTLY = Cadence(weekdays=(0, 3), at=NINE, every_weeks=2, anchor=date(2026, 3, 26))

some_dates = st.dates(date(1990, 1, 1), date(2060, 12, 31))
cadences = st.builds(
    Cadence,
    weekdays=st.sets(st.integers(0, 6), min_size=1).map(tuple),
    at=st.times(),
    every_weeks=st.integers(1, 6),
    anchor=some_dates,
)


# ---- the cadence itself


def test_json_round_trip() -> None:
    """What SQL stores is read back as the same cadence and written as the same text."""
    stored = FORTNIGHTLY.model_dump_json()
    assert stored == ('{"weekdays":[0,3],"at":"09:00:00","every_weeks":2,"anchor":"2026-03-26"}')
    assert Cadence.model_validate_json(stored) == FORTNIGHTLY


@given(cadences)
def test_any_cadence_survives_json(cadence: Cadence) -> None:
    """To the microsecond."""
    again = Cadence.model_validate_json(cadence.model_dump_json())
    assert again == cadence
    assert again.model_dump_json() == cadence.model_dump_json()


def test_weekdays_are_a_set() -> None:
    """Order and repetition don't matter, so equal cadences have equal JSON."""
    assert Cadence(weekdays=(4, 0, 4), at=NINE).weekdays == (0, 4)


@pytest.mark.parametrize(
    "wrong",
    [
        {"weekdays": []},
        {"weekdays": [7]},
        {"weekdays": [-1]},
        {"weekdays": [True]},
        {"weekdays": ["0"]},
        {"at": "09:00Z"},
        {"at": "24:00"},
        {"every_weeks": 0, "anchor": "2026-03-23"},
        {"every_weeks": 2},
        {"every_week": 2},
    ],
)
def test_refuses_nonsense(wrong: dict[str, object]) -> None:
    """A cadence that can't be meant is refused when it is made, not when it is due."""
    with pytest.raises(ValidationError):
        Cadence.model_validate({"weekdays": [0], "at": "09:00"} | wrong)


def test_the_fold_of_a_wall_time_is_dropped() -> None:
    """JSON couldn't keep it, and the rule is the first of two anyway."""
    assert Cadence(weekdays=(6,), at=time(2, 30, fold=1)).at.fold == 0


# ---- which dates


def test_monday_is_zero() -> None:
    """Python's numbers, not cron's: 2026-03-30 is a Monday."""
    assert falls_on(Cadence(weekdays=(0,), at=NINE), date(2026, 3, 30))
    assert not falls_on(Cadence(weekdays=(1,), at=NINE), date(2026, 3, 30))


def test_friday_to_monday() -> None:
    """After Friday's stand-up comes Monday's."""
    assert next_date(Cadence(weekdays=WORKDAYS, at=NINE), date(2026, 3, 27)) == date(2026, 3, 30)


def test_every_other_week_counts_iso_weeks() -> None:
    """The anchor is a Thursday; the Monday of its week belongs to it, the next one doesn't."""
    expected = [date(2026, 3, 23), date(2026, 3, 26), date(2026, 4, 6), date(2026, 4, 9)]
    assert list(dates(FORTNIGHTLY, date(2026, 3, 22), date(2026, 4, 19))) == expected


def test_every_other_week_runs_over_a_year_of_53_weeks() -> None:
    """2026 has 53 ISO weeks: whoever asked for even week numbers would skip or repeat one."""
    cadence = Cadence(weekdays=(0,), at=NINE, every_weeks=2, anchor=date(2026, 12, 14))
    assert next_date(cadence, date(2026, 12, 14)) == date(2026, 12, 28)
    assert next_date(cadence, date(2026, 12, 28)) == date(2027, 1, 11)


def test_weeks_before_the_anchor_count_too() -> None:
    """The anchor says which weeks are meant; it is no start."""
    assert falls_on(FORTNIGHTLY, date(2026, 3, 9))
    assert not falls_on(FORTNIGHTLY, date(2026, 3, 16))


@given(cadences, some_dates)
def test_next_date_is_the_first_of_dates(cadence: Cadence, after: date) -> None:
    """Strictly after, and none between is left out."""
    found = next_date(cadence, after)
    assert list(dates(cadence, after + timedelta(days=1), found)) == [found]


@given(cadences, some_dates, some_dates)
def test_the_weeks_of_two_dates_are_whole_intervals_apart(
    cadence: Cadence, one: date, other: date
) -> None:
    """Between the Mondays of any two dates lie a multiple of the cadence's weeks."""
    mondays = [
        date.fromisocalendar(*next_date(cadence, day).isocalendar()[:2], 1) for day in (one, other)
    ]
    assert (mondays[0] - mondays[1]).days % (7 * cadence.every_weeks) == 0
