"""A stand-up asked in one zone for everybody, and ones that recur less often than each week."""

from datetime import time

import pytest

from bot.asking.outlook import outlook
from bot.asking.why import answer, why
from bot.core.cadence import LAST, Cadence
from tests.asking.conftest import Begin
from tests.asking.world import HALF_PAST_NINE, WORKDAYS, World, day, utc

MONDAY, TUESDAY = day("2026-03-30"), day("2026-03-31")
BERLIN, TOKYO, LA = "Europe/Berlin", "Asia/Tokyo", "America/Los_Angeles"
ALL = ("UBER", "UTYO", "ULAX")
IN_TOKYO = Cadence(weekdays=WORKDAYS, at=HALF_PAST_NINE, zone=TOKYO)
EACH_OWN = Cadence(weekdays=WORKDAYS, at=HALF_PAST_NINE)


@pytest.fixture
def world(begin: Begin) -> World:
    """Saturday noon, UTC; nobody is on anything yet."""
    world = begin("2026-03-28T12:00")
    for who, tz in zip(ALL, (BERLIN, TOKYO, LA), strict=True):
        world.person(who, tz)
    return world


def asked(world: World) -> list[tuple[str, str]]:
    return [(one.person, f"{one.at:%d %H:%M}") for one in world.asked]


def said_why(world: World, who: str) -> str:
    return answer(why(world.session, world.at, world.workspace_id, who, None), "/standup")


# --- one zone


def test_all_are_asked_at_one_moment(world: World) -> None:
    """09:30 in Tokyo on Monday is Sunday evening in California: Monday's run all the same."""
    world.set_up(ALL, cadence=IN_TOKYO)
    world.until(utc("2026-03-30T00:31"))
    assert sorted(asked(world)) == [(who, "30 00:30") for who in sorted(ALL)]
    assert {one.zone for one in world.prompts(MONDAY).values()} == {TOKYO}
    assert "Sun 29 March" not in world.card("ULAX", day("2026-03-29"))
    assert "Mon 30 March" in world.card("ULAX", day("2026-03-29"))
    assert "Open until 01:30" in world.card("ULAX", day("2026-03-29"))


def test_why_follows_what_comes_on_one_s_own_today(world: World) -> None:
    """On Sunday evening in California they have been asked for Monday, and the next is theirs."""
    world.set_up(ALL, cadence=IN_TOKYO)
    world.until(utc("2026-03-29T23:00"))
    assert "next on *Sun 29 March, 17:30*" in said_why(world, "ULAX")
    world.until(utc("2026-03-30T01:00"))
    assert "asked today at 17:30, open until Mon 01:30" in said_why(world, "ULAX")
    assert "next on *Mon 30 March, 17:30*" in said_why(world, "ULAX")
    assert "asked today at 09:30, open until 17:30" in said_why(world, "UTYO")


def test_whoever_travels_keeps_its_moment(world: World) -> None:
    """What is asked at one moment for all is so wherever somebody is."""
    world.set_up(ALL, cadence=IN_TOKYO)
    world.until(utc("2026-03-29T12:00"))
    before = world.prompts(MONDAY)["UBER"].due_at
    world.person("UBER", "America/New_York")
    assert world.prompts(MONDAY)["UBER"].due_at == before
    world.until(utc("2026-03-30T00:31"))
    assert ("UBER", "30 00:30") in asked(world)


@pytest.mark.parametrize(
    ("first", "then", "moments"),
    [
        pytest.param(
            EACH_OWN,
            IN_TOKYO,
            [("UBER", "30 00:30"), ("ULAX", "30 00:30"), ("UTYO", "30 00:30")],
            id="one zone from now on",
        ),
        pytest.param(
            IN_TOKYO,
            EACH_OWN,
            [("UTYO", "30 00:30"), ("UBER", "30 07:30"), ("ULAX", "30 16:30")],
            id="each their own again",
        ),
    ],
)
def test_another_choice_moves_what_is_planned(
    world: World, first: Cadence, then: Cadence, moments: list[tuple[str, str]]
) -> None:
    """Monday is planned already when it is changed."""
    world.set_up(ALL, cadence=first)
    world.until(utc("2026-03-29T12:00"))
    assert world.states(MONDAY).keys() == set(ALL)
    world.set_up(ALL, cadence=then, key="then")
    told = {(one.person.upper(), one.due) for one in outlook(world.session, world.at, 3) if one.due}
    world.until(utc("2026-03-30T20:00"))
    happened = [one for one in asked(world) if one[1] < "30 20"]
    assert sorted(happened) == sorted(moments)
    assert {(one.person, one.at) for one in world.asked} <= told


def test_changed_twice_it_still_is_each_one_s_own(world: World) -> None:
    """A day taken away and given back again in between leaves no old zone behind."""
    world.set_up(ALL, cadence=IN_TOKYO)
    world.until(utc("2026-03-29T12:00"))
    without = IN_TOKYO.model_copy(update={"weekdays": (1, 2)})
    world.set_up(ALL, cadence=without, key="without")
    world.set_up(ALL, cadence=EACH_OWN, key="own")
    assert {who: one.zone for who, one in world.prompts(MONDAY).items()} == {
        "UBER": BERLIN,
        "UTYO": TOKYO,
        "ULAX": LA,
    }


def test_a_time_that_its_zone_skips(world: World) -> None:
    """02:30 in Berlin on the day of its change is 03:30 for everybody, and told so."""
    world.set_up(ALL, cadence=Cadence(weekdays=(6,), at=time(2, 30), zone=BERLIN))
    remarks = {
        (one.person, f"{one.due:%a %H:%M}", one.remark)
        for one in outlook(world.session, world.at, 3)
        if one.due
    }
    moved = "02:30 does not exist that day"
    assert remarks == {
        ("uber", "Sun 03:30", moved),
        ("utyo", "Sun 10:30", moved),
        ("ulax", "Sat 18:30", moved),
    }
    world.until(utc("2026-03-29T02:00"))
    assert sorted(asked(world)) == [(who, "29 01:30") for who in sorted(ALL)]


# --- less often


def test_the_first_monday_of_the_month(world: World) -> None:
    """Nobody is asked on the other Mondays, and the next is told over weeks."""
    monthly = Cadence(weekdays=(0,), at=HALF_PAST_NINE, nth=(1,))
    started = world.set_up(["UBER"], cadence=monthly)
    assert f"{started.first_asked:%d %B}" == "06 April"  # type: ignore[union-attr]
    assert "next on *Mon 6 April, 09:30*" in said_why(world, "UBER")
    world.until(utc("2026-06-30T12:00"))
    assert [f"{one.day:%d %b}" for one in world.asked] == ["06 Apr", "04 May", "01 Jun"]


def test_a_fifth_monday_and_the_last_friday(world: World) -> None:
    """A month without a fifth is passed over."""
    world.set_up(["UBER"], cadence=Cadence(weekdays=(0,), at=HALF_PAST_NINE, nth=(5,)))
    last = Cadence(weekdays=(4,), at=HALF_PAST_NINE, nth=(LAST,))
    world.set_up(["UTYO"], cadence=last, channel="C2")
    world.until(utc("2026-07-01T12:00"))
    found = [(one.person, f"{one.day:%d %b}") for one in world.asked]
    assert [on for who, on in found if who == "UBER"] == ["30 Mar", "29 Jun"]
    assert [on for who, on in found if who == "UTYO"] == ["24 Apr", "29 May", "26 Jun"]


def test_once_a_year_is_planned_and_told_too(world: World) -> None:
    """Every 52 weeks: the next is eleven months away, further than one usually looks."""
    yearly = Cadence(weekdays=(0,), at=HALF_PAST_NINE, every_weeks=52, anchor=day("2026-03-23"))
    started = world.set_up(["UBER"], cadence=yearly)
    assert f"{started.first_asked:%d %B %Y}" == "22 March 2027"  # type: ignore[union-attr]
    assert "next on *Mon 22 March, 09:30*" in said_why(world, "UBER")
    world.until(utc("2027-03-23T12:00"))
    assert asked(world) == [("UBER", "22 08:30")]
