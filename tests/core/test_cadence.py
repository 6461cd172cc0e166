"""When a ritual recurs: each oddity of calendars by name."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.core.cadence import (
    LAST,
    Cadence,
    clocks,
    dates,
    falls_on,
    instant,
    local_date,
    next_date,
    run_date,
    zone,
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
monthly = st.builds(
    Cadence,
    weekdays=st.sets(st.integers(0, 6), min_size=1).map(tuple),
    at=st.times(),
    nth=st.sets(st.sampled_from((1, 2, 3, 4, 5, LAST)), min_size=1).map(tuple),
    zone=st.sampled_from((None, "Europe/Berlin", "Pacific/Apia")),
)
any_cadence = cadences | monthly


# ---- the cadence itself


def test_json_round_trip() -> None:
    """What SQL stores is read back as the same cadence and written as the same text."""
    stored = FORTNIGHTLY.model_dump_json()
    assert stored == (
        '{"weekdays":[0,3],"at":"09:00:00","every_weeks":2,"anchor":"2026-03-26",'
        '"nth":[],"zone":null,"by_sprint":false}'
    )
    assert Cadence.model_validate_json(stored) == FORTNIGHTLY


def test_what_was_stored_before_there_was_more_to_say() -> None:
    """An older row says neither which of a month nor whose zone."""
    older = '{"weekdays":[0],"at":"09:00:00","every_weeks":1,"anchor":null}'
    assert Cadence.model_validate_json(older) == Cadence(weekdays=(0,), at=NINE)


@given(any_cadence)
def test_any_cadence_survives_json(cadence: Cadence) -> None:
    """To the microsecond."""
    again = Cadence.model_validate_json(cadence.model_dump_json())
    assert again == cadence
    assert again.model_dump_json() == cadence.model_dump_json()


def test_weekdays_are_a_set() -> None:
    """Order and repetition don't matter, so equal cadences have equal JSON."""
    assert Cadence(weekdays=(4, 0, 4), at=NINE).weekdays == (0, 4)


def test_a_cadence_is_a_value() -> None:
    """Nothing changes one that others hold; equal ones are one key."""
    with pytest.raises(ValidationError):
        FORTNIGHTLY.at = time(10)
    assert len({FORTNIGHTLY, FORTNIGHTLY.model_copy()}) == 1
    assert FORTNIGHTLY.model_copy(update={"every_weeks": 52}).every_weeks == 52


def test_every_three_weeks_before_its_anchor_and_after() -> None:
    """Counted backwards too."""
    third = Cadence(weekdays=(3,), at=NINE, every_weeks=3, anchor=date(2026, 3, 26))
    found = list(dates(third, date(2026, 2, 20), date(2026, 5, 1)))
    assert found == [date(2026, 3, 5), date(2026, 3, 26), date(2026, 4, 16)]


def test_whose_clocks_it_is_read_on() -> None:
    """Each person's own, or with a zone of its own that one for everybody."""
    assert clocks(FORTNIGHTLY, "Asia/Tokyo").key == "Asia/Tokyo"
    shared = FORTNIGHTLY.model_copy(update={"zone": "Europe/Berlin"})
    assert clocks(shared, "Asia/Tokyo").key == "Europe/Berlin"


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
        {"every_weeks": 53, "anchor": "2026-03-23"},
        {"every_weeks": 2},
        {"every_week": 2},
        {"nth": [0]},
        {"nth": [6]},
        {"nth": [-2]},
        {"nth": [1], "every_weeks": 2, "anchor": "2026-03-23"},
        {"zone": "Europe/Atlantis"},
        {"zone": ""},
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


@given(any_cadence, some_dates)
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


# ---- of the month


@given(monthly, st.integers(1990, 2060), st.integers(1, 12))
def test_the_nth_of_a_month_are_counted_off_its_calendar(
    cadence: Cadence, year: int, month: int
) -> None:
    """Each weekday's dates in a month stand in a list: of it come the nth, and the last."""
    first = date(year, month, 1)
    whole = [first + timedelta(days=n) for n in range(31) if (first + timedelta(n)).month == month]
    expected = set[date]()
    for weekday in cadence.weekdays:
        theirs = [day for day in whole if day.weekday() == weekday]
        expected |= {theirs[n - 1] for n in cadence.nth if 0 < n <= len(theirs)}
        expected |= {theirs[-1]} if LAST in cadence.nth else set()
    assert set(dates(cadence, whole[0], whole[-1])) == expected


@pytest.mark.parametrize(
    ("nth", "after", "found"),
    [
        pytest.param((1,), date(2026, 3, 2), date(2026, 4, 6), id="the first Monday, once a month"),
        pytest.param((1, 3), date(2026, 3, 2), date(2026, 3, 16), id="the first and the third"),
        pytest.param(
            (5,), date(2026, 3, 30), date(2026, 6, 29), id="a fifth, which few months have"
        ),
        pytest.param((LAST,), date(2026, 3, 29), date(2026, 3, 30), id="the last may be a fifth"),
        pytest.param((LAST,), date(2026, 3, 30), date(2026, 4, 27), id="or a fourth"),
        pytest.param(
            (4, LAST), date(2026, 3, 22), date(2026, 3, 23), id="a fourth that isn't last"
        ),
    ],
)
def test_some_mondays(nth: tuple[int, ...], after: date, found: date) -> None:
    """March 2026 has Mondays from the 2nd to the 30th."""
    assert next_date(Cadence(weekdays=(0,), at=NINE, nth=nth), after) == found


def test_the_last_comes_last() -> None:
    """As people say it: the first and the last; and equal cadences have equal JSON."""
    assert Cadence(weekdays=(0,), at=NINE, nth=(LAST, 3, 1, 3)).nth == (1, 3, LAST)


# ---- one zone for everybody


ZONES = ("Europe/Berlin", "Asia/Tokyo", "America/Los_Angeles", "Pacific/Kiritimati", "Etc/GMT+12")


@given(some_dates, st.times(), st.sampled_from(ZONES), st.sampled_from(ZONES))
def test_the_date_of_what_is_asked_today(today: date, at: time, asked_in: str, there: str) -> None:
    """Whatever comes on somebody's date is the occurrence of the date found."""
    cadence = Cadence(weekdays=tuple(range(7)), at=at, zone=asked_in)
    found = run_date(cadence, today, zone(there))
    near = [today + timedelta(days=offset) for offset in (-1, 0, 1)]
    seen = {
        day for day in near if local_date(instant(day, at, zone(asked_in)), zone(there)) == today
    }
    assert found in seen if seen else found == today


def test_monday_in_tokyo_is_asked_on_sunday_in_california() -> None:
    """Half past nine there is 17:30 of the day before here."""
    cadence = Cadence(weekdays=WORKDAYS, at=time(9, 30), zone="Asia/Tokyo")
    there = zone("America/Los_Angeles")
    assert run_date(cadence, date(2026, 3, 29), there) == date(2026, 3, 30)
    assert run_date(cadence.model_copy(update={"zone": None}), date(2026, 3, 29), there) == date(
        2026, 3, 29
    )
