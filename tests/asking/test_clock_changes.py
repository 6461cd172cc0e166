"""Each person is asked once per due local date, at their own local time, whatever clocks do."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.asking.conftest import Begin
from tests.asking.world import EVERY_DAY, WORKDAYS, Asked, World, day, utc
from tests.clocks import HandMachine

BERLIN, NEW_YORK, SAO_PAULO = "Europe/Berlin", "America/New_York", "America/Sao_Paulo"
UNUSUAL = (
    "Pacific/Kiritimati",
    "Pacific/Apia",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "Pacific/Pago_Pago",
    "Asia/Kathmandu",
    "Pacific/Chatham",
    "Africa/Casablanca",
    "America/Nuuk",
)
DAY = timedelta(days=1)


def workdays(first: date, last: date, weekdays: Sequence[int] = WORKDAYS) -> list[date]:
    days = [first + number * DAY for number in range((last - first).days + 1)]
    return [one for one in days if one.weekday() in weekdays]


def wall(one: Asked, zone: str) -> datetime:
    """What the person's clock showed when they were asked."""
    return one.at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("start", "last"),
    [
        pytest.param("2026-03-05T00:00", "2026-04-02", id="spring, New York three weeks sooner"),
        pytest.param("2026-10-20T00:00", "2026-11-05", id="autumn, New York a week later"),
    ],
)
def test_half_past_nine_stays_half_past_nine(begin: Begin, start: str, last: str) -> None:
    """Berlin, New York and São Paulo are each asked at 09:30 local on every workday, and once."""
    world = begin(start, online=False)
    zones = {"UBER": BERLIN, "UNYC": NEW_YORK, "USAO": SAO_PAULO}
    for who, zone in zones.items():
        world.person(who, zone)
    world.set_up(zones)

    world.until(datetime.combine(day(last), time(23, 30), tzinfo=UTC))

    due = workdays(utc(start).date(), day(last))
    for who, zone in zones.items():
        mine = [one for one in world.asked if one.person == who]
        assert [one.day for one in mine] == due
        assert [wall(one, zone) for one in mine] == [
            datetime.combine(on, time(9, 30)) for on in due
        ]


def test_unusual_zones_are_asked_at_half_past_nine(begin: Begin) -> None:
    """Zones at the world's ends, and those off the hour, are asked at 09:30 each workday."""
    world = begin("2026-09-24T00:00", online=False)
    for zone in UNUSUAL:
        world.person(zone, zone)
    world.set_up(UNUSUAL)

    world.until(utc("2026-10-09T23:59"))

    for zone in UNUSUAL:
        mine = [one for one in world.asked if one.person == zone]
        assert mine[0].day in (day("2026-09-24"), day("2026-09-25"))  # or 09:30 was past already
        assert [one.day for one in mine] == workdays(mine[0].day, mine[-1].day)
        assert mine[-1].day >= day("2026-10-08")
        assert [wall(one, zone) for one in mine] == [
            datetime.combine(one.day, time(9, 30)) for one in mine
        ]


@pytest.mark.parametrize(
    ("zone", "at", "change", "shown"),
    [
        pytest.param(BERLIN, "02:30", "2026-03-29", "03:30", id="gap"),
        pytest.param(NEW_YORK, "02:00", "2026-03-08", "03:00", id="a gap's first minute"),
        pytest.param("Australia/Lord_Howe", "02:15", "2026-10-04", "02:45", id="half an hour"),
        pytest.param("America/Santiago", "00:00", "2026-09-06", "01:00", id="midnight"),
    ],
)
def test_a_time_that_does_not_exist_moves_on(
    begin: Begin, zone: str, at: str, change: str, shown: str
) -> None:
    """A wall time in a gap is asked as much later as the clocks jump, once, and on its date."""
    world = begin(f"{day(change) - 5 * DAY}T12:00", online=False)
    world.person("U1", zone)
    world.set_up(["U1"], at=time.fromisoformat(at), weekdays=EVERY_DAY)

    world.until(utc(f"{day(change) + 3 * DAY}T12:00"))

    clocks = {one.day: wall(one, zone) for one in world.asked}
    assert len(clocks) == len(world.asked)
    assert clocks[day(change)] == datetime.combine(day(change), time.fromisoformat(shown))
    others = {shown.time() for on, shown in clocks.items() if on != day(change)}
    assert others == {time.fromisoformat(at)}


@pytest.mark.parametrize(
    ("zone", "at", "change", "instant"),
    [
        pytest.param(BERLIN, "02:30", "2026-10-25", "2026-10-25T00:30", id="Berlin"),
        pytest.param(NEW_YORK, "01:30", "2026-11-01", "2026-11-01T05:30", id="New York"),
    ],
)
def test_a_time_that_comes_twice_is_asked_the_first_time(
    begin: Begin, zone: str, at: str, change: str, instant: str
) -> None:
    """A wall time that an autumn change repeats is asked at the first of the two, and only then."""
    world = begin(f"{day(change) - 3 * DAY}T12:00", online=False)
    world.person("U1", zone)
    world.set_up(["U1"], at=time.fromisoformat(at), weekdays=EVERY_DAY)

    world.until(utc(f"{day(change) + 3 * DAY}T12:00"))

    assert [one.at for one in world.asked if one.day == day(change)] == [utc(instant)]
    assert len({one.day for one in world.asked}) == len(world.asked)


def test_a_date_that_a_zone_leaves_out_is_passed_over(begin: Begin) -> None:
    """Samoa went from 29 to 31 December 2011: nobody there is asked on the 30th."""
    world = begin("2011-12-27T00:00", online=False)
    world.person("UAPI", "Pacific/Apia")
    world.person("UBER", BERLIN)
    world.set_up(["UAPI", "UBER"], weekdays=EVERY_DAY)

    world.until(utc("2012-01-02T12:00"))

    skipped = world.prompts(day("2011-12-30"))["UAPI"]
    assert (skipped.state, skipped.reason) == ("skipped", "the date does not exist there")
    samoa = [one.day for one in world.asked if one.person == "UAPI"]
    assert day("2011-12-30") not in samoa
    assert {day("2011-12-29"), day("2011-12-31")} <= set(samoa)
    assert day("2011-12-30") in [one.day for one in world.asked if one.person == "UBER"]


# --- against a model that knows no planning: it watches the clock on the wall, minute by minute


def watched(
    zone: ZoneInfo, at: time, weekdays: set[int], start: datetime, end: datetime
) -> list[tuple[date, datetime]]:
    """(date, instant) of each due date, found by looking at the clock once a quarter of an hour.

    A time that the clock never shows is due as long after the jump as it lies in the gap.
    """
    looks = [start - 3 * DAY + timedelta(minutes=15 * step) for step in range(96 * 20)]
    first: dict[datetime, datetime] = {}
    for look in looks:
        first.setdefault(look.astimezone(zone).replace(tzinfo=None), look)
    found: list[tuple[date, datetime]] = []
    on = start.date() - DAY
    while on <= end.date() + DAY:
        moment = datetime.combine(on, at)
        instant = first.get(moment)
        if instant is None:  # it lies in a gap: later by the jump of the clock
            before = max(shown for shown in first if shown < moment)
            after = min(shown for shown in first if shown > moment)
            instant = first.get(moment + (after - before - timedelta(minutes=15)))
        if instant is not None and start < instant <= end and on.weekday() in weekdays:
            found.append((on, instant))
        on += DAY
    return found


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    zone=st.sampled_from((BERLIN, NEW_YORK, SAO_PAULO, "America/Santiago", *UNUSUAL)),
    quarter=st.integers(0, 95),
    weekdays=st.sets(st.integers(0, 6), min_size=1),
    first=st.dates(date(2026, 1, 1), date(2027, 12, 1)),
    hour=st.integers(0, 23),
    days=st.integers(1, 14),
)
def test_no_date_twice_and_none_missing(
    session: Session,
    zone: str,
    quarter: int,
    weekdays: set[int],
    first: date,
    hour: int,
    days: int,
) -> None:
    """Whatever zone, time, days and weeks: who is asked when is what the clock on the wall says."""
    session.rollback()
    start = datetime.combine(first, time(hour), tzinfo=UTC)
    end = start + days * DAY
    at = time(quarter // 4, quarter % 4 * 15)
    machine = session.info["machine"] = HandMachine(start)
    world = World(session, machine, start, online=False)
    world.person("U1", zone)
    world.set_up(["U1"], at=at, weekdays=tuple(weekdays))

    world.until(end)

    asked = [(one.day, one.at) for one in world.asked]
    assert asked == watched(ZoneInfo(zone), at, weekdays, start, end)
