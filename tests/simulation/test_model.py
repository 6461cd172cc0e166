"""The simulation's own arithmetic, and what it takes for possible."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.simulation.model.alerts import Told, may_find_no_place
from tests.simulation.model.history import History
from tests.simulation.model.replanning import replanned
from tests.simulation.model.risks import Aspect, Deed, Risk, Says, Way
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


def test_other_intervals_count_from_the_last_look() -> None:
    """What is due by then stays so, as does what was put off; of what is late a few come a day."""
    today = date(2026, 3, 30)  # a Monday

    def looked_at(on: date, due: date, way: Way = Way.KEPT) -> Risk:
        says: Says = {Aspect.SCORE: (5, 5), Aspect.DUE: frozenset({due})}
        at = NOON - 9 * 24 * HOUR
        raised = Deed(Way.RAISED, "U1", at, says, sure=at, on=frozenset({on}))
        then = Deed(way, "U1", at + HOUR, says, sure=at + HOUR, on=frozenset({on}))
        return Risk("One", deeds=[raised, then])

    def moved(risk: Risk, days: int, others: int = 1) -> set[date | None]:
        here, settled = frozenset({today}), (days, 60, 60, 60)
        return set(replanned(risk, NOON, NOON + MINUTE, here, settled, others))

    friday, april = date(2026, 3, 27), date(2026, 4, 6)
    assert moved(looked_at(friday, april), 5) == {date(2026, 4, 1)}
    assert moved(looked_at(friday, today), 5) == {today}
    assert moved(looked_at(friday, april, Way.SNOOZED), 5) == {april}
    assert moved(looked_at(friday, april), 2) == {today}
    assert moved(looked_at(friday, april), 2, others=7) == {
        today + number * timedelta(days=1) for number in range(3)
    }


def test_who_finds_no_place() -> None:
    """Whatever is told of when five others were, a little before."""
    told = [Told(f"{number}", True, NOON + number * MINUTE, NOON + number * MINUTE)
            for number in range(6)]  # fmt: skip
    assert [may_find_no_place(told, f"{number}") for number in range(6)] == [False] * 5 + [True]
    assert not may_find_no_place(told[1:], "5")
    later = Told("9", True, NOON + HOUR, NOON + HOUR)
    assert not may_find_no_place([*told, later], "9")


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
