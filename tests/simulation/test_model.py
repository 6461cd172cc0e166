"""The simulation's own arithmetic, and what it takes for possible."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.simulation.model.history import History
from tests.simulation.model.wall import between, instant, local_date
from tests.simulation.model.weather import Weather

NOON = datetime(2026, 3, 30, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("day", "at", "zone", "expected"),
    [
        ("2026-03-30", "09:30", "Europe/Berlin", "2026-03-30T07:30"),
        ("2026-03-29", "02:30", "Europe/Berlin", "2026-03-29T01:30"),  # skipped: 03:30 there
        ("2026-10-25", "02:30", "Europe/Berlin", "2026-10-25T00:30"),  # the first of two
        ("2026-10-25", "01:30", "Europe/Berlin", "2026-10-24T23:30"),
        ("2026-10-25", "03:30", "Europe/Berlin", "2026-10-25T02:30"),
        ("2026-03-08", "02:30", "America/New_York", "2026-03-08T07:30"),
        ("2026-04-05", "01:30", "Australia/Lord_Howe", "2026-04-04T14:30"),  # half an hour twice
        ("2026-03-30", "00:15", "Pacific/Kiritimati", "2026-03-29T10:15"),
    ],
)
def test_when_clocks_show_a_time(day: str, at: str, zone: str, expected: str) -> None:
    """Ordinary days, and each kind of change."""
    found = instant(date.fromisoformat(day), time.fromisoformat(at), zone)
    assert found == datetime.fromisoformat(f"{expected}+00:00")


def test_hours_that_go_past_midnight() -> None:
    """From eight to eight, in Tokyo."""
    night = (time(20), time(8))
    assert between(datetime(2026, 3, 30, 11, tzinfo=UTC), "Asia/Tokyo", *night)
    assert not between(datetime(2026, 3, 29, 23, tzinfo=UTC), "Asia/Tokyo", *night)
    assert local_date(datetime(2026, 3, 29, 23, tzinfo=UTC), "Asia/Tokyo") == date(2026, 3, 30)


def test_a_change_is_possible_before_it_is_sure() -> None:
    """In between both are, and after it the new value alone."""
    fact = History("old")
    change = fact.begin("new", NOON)
    assert fact.may_be(NOON - MINUTE) == ["old"]
    assert fact.may_be(NOON + HOUR) == ["old", "new"]
    change.sure = NOON + MINUTE
    assert fact.may_be(NOON) == ["old", "new"]
    assert fact.may_be(NOON + MINUTE) == ["new"]
    assert fact.may_be(NOON - HOUR, NOON + HOUR) == ["old", "new"]
    fact.drop(change)
    assert fact.may_be(NOON + HOUR) == ["old"]


def test_bad_weather_puts_a_deadline_off() -> None:
    """One spell after the other, but none that begins when all has been done."""
    weather = Weather()
    calm = weather.deadline(NOON)
    assert NOON < calm < NOON + 2 * MINUTE
    weather.bad(NOON - HOUR, NOON - HOUR / 2)
    weather.bad(NOON + 2 * HOUR, NOON + 3 * HOUR)
    assert weather.deadline(NOON) == calm
    weather.bad(NOON + MINUTE, NOON + HOUR)
    assert NOON + HOUR < weather.deadline(NOON) < NOON + 2 * HOUR
    weather.bad(NOON + HOUR, NOON + 2 * HOUR - MINUTE)
    assert weather.deadline(NOON) > NOON + 3 * HOUR
