"""Local wall time to instants: each oddity of the clocks by name."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.cadence import (
    Cadence,
    UnknownZone,
    date_exists,
    dates,
    instant,
    local_date,
    moved_to,
    zone,
)
from tests.core.occurrences import due

BERLIN = ZoneInfo("Europe/Berlin")
NINE = time(9)
DAILY = Cadence(weekdays=tuple(range(7)), at=NINE)

some_dates = st.dates(date(1990, 1, 1), date(2060, 12, 31))
cadences = st.builds(
    Cadence,
    weekdays=st.sets(st.integers(0, 6), min_size=1).map(tuple),
    at=st.times(),
    every_weeks=st.integers(1, 6),
    anchor=some_dates,
)
zones = st.sampled_from(
    ["Europe/Berlin", "America/Nuuk", "Pacific/Apia", "Pacific/Kwajalein", "Australia/Lord_Howe"]
).map(ZoneInfo)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "at", "name", "expected"),
    [
        pytest.param("2026-01-15", "09:00", "Europe/Berlin", "2026-01-15T08:00", id="winter"),
        pytest.param("2026-07-15", "09:00", "Europe/Berlin", "2026-07-15T07:00", id="summer"),
        pytest.param("2026-07-15", "09:00", "Asia/Kathmandu", "2026-07-15T03:15", id="quarter"),
        pytest.param("2026-03-29", "02:30", "Europe/Berlin", "2026-03-29T01:30", id="gap"),
        pytest.param("2026-03-29", "02:00", "Europe/Berlin", "2026-03-29T01:00", id="gap's start"),
        pytest.param("2026-03-29", "03:00", "Europe/Berlin", "2026-03-29T01:00", id="gap's end"),
        pytest.param("2026-10-25", "02:30", "Europe/Berlin", "2026-10-25T00:30", id="fold"),
        pytest.param("2026-10-25", "03:00", "Europe/Berlin", "2026-10-25T02:00", id="fold's end"),
        pytest.param("2026-10-04", "02:15", "Australia/Lord_Howe", "2026-10-03T15:45", id="half"),
        pytest.param("2026-09-06", "00:30", "America/Santiago", "2026-09-06T04:30", id="midnight"),
        pytest.param("2026-03-28", "23:30", "America/Nuuk", "2026-03-29T01:30", id="last hour"),
        pytest.param("2026-10-24", "23:30", "America/Nuuk", "2026-10-25T00:30", id="evening fold"),
    ],
)
def test_instants(day: str, at: str, name: str, expected: str) -> None:
    """The rules of RFC 5545 at the changes that people meet."""
    found = instant(date.fromisoformat(day), time.fromisoformat(at), ZoneInfo(name))
    assert found == utc(expected)
    assert found.tzinfo is UTC


def test_the_monday_after_a_spring_change() -> None:
    """A stand-up at ten past midnight is asked on that Monday too; cron-like triggers skip it."""
    mondays = Cadence(weekdays=(0,), at=time(0, 10))
    [(day, at)] = due(mondays, BERLIN, date(2026, 3, 29), date(2026, 4, 4))
    assert day == date(2026, 3, 30)
    assert at == utc("2026-03-29T22:10")


def test_asked_once_on_the_autumn_night() -> None:
    """01:30 in London passes twice on 2026-10-25 and is asked at the first."""
    nightly = Cadence(weekdays=(6,), at=time(1, 30))
    day = date(2026, 10, 25)
    assert list(due(nightly, ZoneInfo("Europe/London"), day, day)) == [
        (day, utc("2026-10-25T00:30"))
    ]


def test_an_occurrence_keeps_its_date_over_midnight() -> None:
    """Nuuk's clocks jump from 23:00 to midnight: two dates' 23:30 come on the same Sunday."""
    nuuk, late = ZoneInfo("America/Nuuk"), time(23, 30)
    saturday, sunday = date(2026, 3, 28), date(2026, 3, 29)
    cadence = Cadence(weekdays=(5, 6), at=late)
    occurrences = dict(due(cadence, nuuk, saturday, sunday))
    assert local_date(occurrences[saturday], nuuk) == sunday
    assert occurrences[saturday] + timedelta(hours=23) == occurrences[sunday]


def test_the_fold_of_an_argument_is_ignored() -> None:
    """The first of two, even for a caller whose time says the second."""
    assert instant(date(2026, 10, 25), time(2, 30, fold=1), BERLIN) == utc("2026-10-25T00:30")


@pytest.mark.parametrize(
    ("name", "skipped"),
    [
        ("Pacific/Apia", date(2011, 12, 30)),
        ("Pacific/Fakaofo", date(2011, 12, 30)),
        ("Pacific/Kwajalein", date(1993, 8, 21)),
        ("Pacific/Kiritimati", date(1994, 12, 31)),
    ],
)
def test_a_date_the_zone_left_out(name: str, skipped: date) -> None:
    """Nobody there is asked on a day that never was, nor twice on the next."""
    island, day = ZoneInfo(name), timedelta(days=1)
    assert not date_exists(skipped, island)
    assert instant(skipped, NINE, island) == instant(skipped + day, NINE, island)
    asked = [date for date, _ in due(DAILY, island, skipped - day, skipped + day)]
    assert asked == [skipped - day, skipped + day]


def test_a_gap_is_no_missing_date() -> None:
    """A day that lacks its first or its last hour is a day."""
    assert date_exists(date(2026, 9, 6), ZoneInfo("America/Santiago"))
    assert date_exists(date(2026, 3, 28), ZoneInfo("America/Nuuk"))


def test_tells_where_a_time_moved() -> None:
    """02:30 does not exist on 2026-03-29 in Berlin; asked at 03:30."""
    moved = moved_to(date(2026, 3, 29), time(2, 30), BERLIN)
    assert moved is not None
    assert moved.isoformat() == "2026-03-29T03:30:00+02:00"


@pytest.mark.parametrize("day", ["2026-03-28", "2026-10-25"])
def test_tells_nothing_of_a_time_that_exists(day: str) -> None:
    """On an ordinary day, and in autumn when it exists twice."""
    assert moved_to(date.fromisoformat(day), time(2, 30), BERLIN) is None


@given(cadences, zones, some_dates, st.integers(0, 400))
def test_one_instant_per_due_date(
    cadence: Cadence, island: ZoneInfo, first: date, days: int
) -> None:
    """Every date of the cadence that the zone has is due exactly once, and in order."""
    last = first + timedelta(days=days)
    occurrences = list(due(cadence, island, first, last))
    asked = [day for day, _ in occurrences]
    assert asked == [day for day in dates(cadence, first, last) if date_exists(day, island)]
    instants = [at for _, at in occurrences]
    assert instants == sorted(set(instants))


@given(zones, some_dates, st.times())
def test_a_time_that_exists_is_shown(place: ZoneInfo, day: date, at: time) -> None:
    """At the instant the clock shows just that time, or one later by at most a day."""
    shown = instant(day, at, place).astimezone(place).replace(tzinfo=None)
    late = shown - datetime.combine(day, at)
    assert timedelta(0) <= late <= timedelta(days=1)
    assert (late == timedelta(0)) == (moved_to(day, at, place) is None)


# ---- dates and zones


def test_local_date() -> None:
    """At one instant it is Sunday in Honolulu and Monday in Auckland."""
    at = utc("2026-03-29T20:00")
    assert local_date(at, ZoneInfo("Pacific/Honolulu")) == date(2026, 3, 29)
    assert local_date(at, ZoneInfo("Pacific/Auckland")) == date(2026, 3, 30)


@pytest.mark.parametrize(
    "call",
    [
        lambda: local_date(datetime(2026, 3, 29, 12), BERLIN),  # noqa: DTZ001 - refused below
        lambda: instant(date(2026, 3, 29), time(12, tzinfo=UTC), BERLIN),
        lambda: moved_to(date(2026, 3, 29), time(12, tzinfo=UTC), BERLIN),
    ],
)
def test_instants_and_wall_times_are_not_mixed(call: Callable[[], object]) -> None:
    """A naive instant would be read in the machine's zone, which is nobody's."""
    with pytest.raises(ValueError, match="zone"):
        call()


def test_a_known_zone() -> None:
    """An IANA name gives its zone."""
    assert zone("Europe/Berlin").key == "Europe/Berlin"


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "Mars/Base", "Europe", "Europe/", "/etc/hosts", "../hosts", "zone.tab"),
        *("a\0b", "\ud800", "+02:00", pytest.param("x" * 5000, id="5000 letters")),
    ],
)
def test_an_unknown_zone(name: str) -> None:
    """Whatever it is, a person can read what's wrong, and trying again won't help."""
    with pytest.raises(UnknownZone, match="no time zone Meridian knows") as caught:
        zone(name)
    assert not caught.value.transient
    assert len(caught.value.message) < 200
