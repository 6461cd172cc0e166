"""What the timetable tells is what then happens."""

from datetime import datetime, time, timedelta

import pytest

from bot.asking.outlook import Occasion, outlook
from tests.asking.conftest import Begin
from tests.asking.world import EVERY_DAY, World, day, utc

ZONES = {
    "UBER": "Europe/Berlin",
    "UNYC": "America/New_York",
    "UKIR": "Pacific/Kiritimati",
    "USTJ": "America/St_Johns",
}


def ahead(world: World, days: int = 14) -> list[Occasion]:
    return list(outlook(world.session, world.at, days))


def told(occasions: list[Occasion], until: datetime) -> set[tuple[str, str, datetime]]:
    return {
        (one.person.upper(), one.day.isoformat(), one.due.astimezone(until.tzinfo))
        for one in occasions
        if one.due is not None and one.due <= until
    }


def happened(world: World, since: datetime) -> list[tuple[str, str, datetime]]:
    return [(one.person, one.day.isoformat(), one.at) for one in world.asked if one.at > since]


@pytest.mark.parametrize(
    ("start", "at"),
    [
        pytest.param("2026-03-02T10:00", "09:30", id="New York's spring"),
        pytest.param("2026-03-20T23:00", "02:30", id="Berlin's, in the gap"),
        pytest.param("2026-10-19T05:00", "01:30", id="autumn, in the fold"),
    ],
)
def test_fourteen_days_come_as_told(begin: Begin, start: str, at: str) -> None:
    """Set up in the middle of a day: exactly what was told is then asked, to the second."""
    world = begin(start, online=False)
    for who, zone in ZONES.items():
        world.person(who, zone)
    world.set_up(ZONES, at=time.fromisoformat(at))
    end = world.at + timedelta(days=13)

    expected = told(ahead(world), end)
    world.until(end)

    found = happened(world, utc(start))
    assert len(found) == len(set(found)) > 30
    assert set(found) == expected


def test_it_holds_from_any_moment_on(begin: Begin) -> None:
    """In the midst of runs, after a flight and a change of time, it is still what then happens."""
    world = begin("2026-03-20T23:00", online=False)
    for who, zone in ZONES.items():
        world.person(who, zone)
    world.set_up(ZONES)
    world.until(utc("2026-03-24T10:00"))
    world.person("UNYC", "Asia/Tokyo")
    world.person("UKIR", "Pacific/Honolulu")
    world.set_up(ZONES, at=time(12), weekdays=(1, 2, 5), key="other")
    middle, end = world.at, utc("2026-03-31T10:00")

    expected = told(ahead(world), end)
    world.until(end)

    found = happened(world, middle)
    assert len(found) == len(set(found)) > 8
    assert set(found) == expected


def test_reasons(begin: Begin) -> None:
    """Every date that is not asked says why, and a time that doesn't exist is remarked."""
    world = begin("2026-03-26T12:00", online=False)
    world.person("UBER", "Europe/Berlin")
    world.set_up(["UBER", "UNEW"], at=time(2, 30), weekdays=(0, 1, 2, 3, 6))
    found = {(one.person, one.day.isoformat()): one for one in ahead(world, 5)}

    assert found["UNEW", "2026-03-27"].remark == "time zone not known yet"
    mine = {on: one for (who, on), one in found.items() if who == "uber"}
    assert {on: (one.due and f"{one.due:%H:%M}", one.remark) for on, one in mine.items()} == {
        "2026-03-26": (None, "its moment had passed when it was set"),
        "2026-03-27": (None, "Friday is none of its days"),
        "2026-03-28": (None, "Saturday is none of its days"),
        "2026-03-29": ("03:30", "02:30 does not exist that day"),
        "2026-03-30": ("02:30", ""),
    }

    world.until(utc("2026-03-28T20:00"))  # the 29th is planned by now
    found = {(one.person, one.day.isoformat()): one for one in ahead(world, 2)}
    assert found["uber", "2026-03-29"].remark == "02:30 does not exist that day"
    world.until(utc("2026-03-29T01:31"))
    found = {(one.person, one.day.isoformat()): one for one in ahead(world, 1)}
    assert found["uber", "2026-03-29"].remark == "asked already"


def test_a_date_that_does_not_exist(begin: Begin) -> None:
    """Samoa's missing 30 December, before and after it is planned."""
    world = begin("2011-12-27T12:00", online=False)
    world.person("UAPI", "Pacific/Apia")
    world.person("UBER", "Europe/Berlin")
    world.set_up(["UAPI", "UBER"], weekdays=EVERY_DAY)
    for moment in ("2011-12-27T12:00", "2011-12-29T12:00"):
        world.until(utc(moment))
        remarks = {(one.person, one.day): (one.due, one.remark) for one in ahead(world, 5)}
        assert remarks["uapi", day("2011-12-30")] == (None, "the date does not exist there")


def test_what_is_dated_where_one_came_from_is_told_too(begin: Begin) -> None:
    """Flown over the date line: yesterday's date is still to be asked, on today's clock."""
    world = begin("2026-03-28T12:00", online=False)
    world.person("U1", "Pacific/Honolulu")
    world.set_up(["U1"])
    world.until(utc("2026-03-30T18:00"))  # Monday 08:00 in Honolulu, Tuesday 08:00 in Kiritimati
    world.person("U1", "Pacific/Kiritimati")
    found = [(one.day, one.due) for one in ahead(world, 1)]
    assert [on for on, _due in found] == [day("2026-03-30"), day("2026-03-31")]
    assert [due and f"{due:%a %H:%M}" for _on, due in found] == ["Tue 09:30", "Tue 09:30"]


def test_for_one_person(begin: Begin) -> None:
    """Of one person only what they are on."""
    world = begin("2026-03-28T12:00", online=False)
    for who, zone in ZONES.items():
        world.person(who, zone)
    world.set_up(["UBER"])
    world.set_up(["UNYC", "UKIR"], channel="C2")
    someone = world.slack("UNYC").id
    found = list(outlook(world.session, world.at, 3, [someone]))
    assert {(one.person, one.channel) for one in found} == {("unyc", "C2")}
