"""A person who changes zone: today keeps its moment, later dates move, one response in any case."""

import pytest

from bot.core.states import PromptState, RunState
from bot.db.tables import Prompt
from tests.asking.conftest import Begin
from tests.asking.world import EVERY_DAY, World, day, utc

BERLIN, NEW_YORK, TOKYO = "Europe/Berlin", "America/New_York", "Asia/Tokyo"
HONOLULU, KIRITIMATI = "Pacific/Honolulu", "Pacific/Kiritimati"
MONDAY, TUESDAY, WEDNESDAY = day("2026-03-30"), day("2026-03-31"), day("2026-04-01")


@pytest.fixture
def world(begin: Begin) -> World:
    """Monday 08:00 in Berlin, where two are asked every day at 09:30."""
    world = begin("2026-03-28T12:00")
    world.person("U1", BERLIN)
    world.person("U2", BERLIN)
    world.set_up(["U1", "U2"], weekdays=EVERY_DAY)
    world.until(utc("2026-03-30T06:00"))
    return world


def of(world: World, who: str) -> list[tuple[str, str]]:
    return [
        (one.day.isoformat(), f"{one.at:%d %H:%M}")
        for one in world.asked
        if one.person == who and one.day >= MONDAY
    ]


def test_today_keeps_its_moment_and_later_dates_move(world: World) -> None:
    """Off to New York at eight: today's is still at 09:30 of Berlin, tomorrow's of New York."""
    world.person("U1", NEW_YORK)
    world.until(utc("2026-04-01T14:00"))
    assert of(world, "U1") == [
        ("2026-03-30", "30 07:30"),
        ("2026-03-31", "31 13:30"),
        ("2026-04-01", "01 13:30"),
    ]


def test_a_planned_date_moves_with_its_run_s_end(world: World) -> None:
    """Tomorrow's run is planned already: its prompt and its end move to the new zone."""
    world.until(utc("2026-03-30T12:00"))
    assert world.run(TUESDAY).closes_at == utc("2026-03-31T15:30")
    world.person("U1", NEW_YORK)
    assert world.prompts(TUESDAY)["U1"].due_at == utc("2026-03-31T13:30")
    assert world.run(TUESDAY).closes_at == utc("2026-03-31T21:30")
    world.until(utc("2026-03-31T21:29"))
    assert world.run(TUESDAY).state is RunState.OPEN
    world.until(utc("2026-03-31T21:30"))
    assert world.run(TUESDAY).state is RunState.CLOSED


def test_a_run_s_end_comes_sooner_when_the_last_one_moves_east(world: World) -> None:
    """Both fly to Tokyo: tomorrow's run ends with Tokyo's window."""
    world.until(utc("2026-03-30T12:00"))
    world.person("U1", TOKYO)
    world.person("U2", TOKYO)
    assert world.run(TUESDAY).closes_at == utc("2026-03-31T08:30")
    world.until(utc("2026-03-31T08:30"))
    assert world.run(TUESDAY).state is RunState.CLOSED


@pytest.mark.parametrize(
    ("arrival", "state", "asked"),
    [
        pytest.param("2026-03-30T21:30", "waiting", "31 00:30", id="before"),
        pytest.param("2026-03-31T00:29", "waiting", "31 00:30", id="a minute before"),
    ],
)
def test_who_arrives_before_the_new_moment_is_asked_then(
    world: World, arrival: str, state: str, asked: str
) -> None:
    """In Tokyo before 09:30 there: asked at that moment."""
    world.until(utc(arrival))
    # From midnight in Berlin (22:00 UTC) on, Tuesday is today and keeps its moment.
    world.person("U1", TOKYO)
    assert world.states(TUESDAY)["U1"] == state
    world.until(utc("2026-03-31T12:00"))
    moment = asked if utc(arrival) < utc("2026-03-30T22:00") else "31 07:30"
    assert ("2026-03-31", moment) in of(world, "U1")


def test_a_moment_already_past_is_late(begin: Begin) -> None:
    """From Honolulu to Kiritimati, same hour, next day: 09:30 is past there, so asked at once."""
    world = begin("2026-03-29T12:00")
    world.person("U1", HONOLULU)
    world.set_up(["U1"], weekdays=EVERY_DAY)
    world.until(utc("2026-03-31T01:00"))  # Monday 15:00 in Honolulu, Tuesday 15:00 in Kiritimati

    world.person("U1", KIRITIMATI)
    world.tick()

    assert of(world, "U1")[-1] == ("2026-03-31", "31 01:00")
    assert [one.at for one in world.notified("U1")].count(world.at) == 1
    world.until(utc("2026-04-02T12:00"))
    assert of(world, "U1")[2:] == [("2026-04-01", "31 19:30"), ("2026-04-02", "01 19:30")]


def test_a_moment_past_with_its_window_is_missed_and_told(begin: Begin) -> None:
    """The same flight late in the day: the window is over there, and the owner reads so."""
    world = begin("2026-03-29T12:00")
    world.person("UBOSS", BERLIN)
    world.person("U1", HONOLULU)
    world.person("U2", HONOLULU)
    world.set_up(["U1", "U2"], weekdays=EVERY_DAY, by="UBOSS")
    world.until(utc("2026-03-31T08:00"))  # Monday 22:00 in Honolulu, Tuesday 22:00 in Kiritimati
    world.person("U1", KIRITIMATI)
    world.tick()
    assert world.states(TUESDAY)["U1"] is PromptState.MISSED
    assert "to ask u1" in world.card("UBOSS", TUESDAY)


def test_a_flight_back_over_the_date_line_asks_no_date_twice(begin: Begin) -> None:
    """Kiritimati to Honolulu lives a date twice, and Tuesday is asked once all the same."""
    world = begin("2026-03-28T12:00")
    world.person("U1", KIRITIMATI)
    world.set_up(["U1"], weekdays=EVERY_DAY)
    world.until(utc("2026-03-31T01:00"))  # Tuesday 15:00 there, Monday 15:00 in Honolulu
    world.person("U1", HONOLULU)
    world.until(utc("2026-04-02T23:00"))
    assert of(world, "U1") == [
        ("2026-03-30", "29 19:30"),
        ("2026-03-31", "30 19:30"),
        ("2026-04-01", "01 19:30"),
        ("2026-04-02", "02 19:30"),
    ]


def test_there_and_back_in_one_day_changes_nothing(world: World) -> None:
    """A laptop that says Tokyo for an hour leaves every moment where it was."""
    world.person("U1", TOKYO)
    world.until(utc("2026-03-30T07:00"))
    world.person("U1", BERLIN)
    world.until(utc("2026-04-01T12:00"))
    assert of(world, "U1") == of(world, "U2")


def test_one_response_a_run_whatever_the_zones(world: World) -> None:
    """A zone a day for a week: a prompt per date, and each date asked at most once."""
    for number, zone in enumerate((TOKYO, HONOLULU, BERLIN, KIRITIMATI, NEW_YORK, BERLIN)):
        world.until(utc(f"2026-03-{30 + number // 3}T{6 + number % 3 * 6:02}:10"))
        world.person("U1", zone)
    world.until(utc("2026-04-03T12:00"))
    asked = [one.day for one in world.asked if one.person == "U1"]
    assert len(set(asked)) == len(asked)
    assert asked[-1] == day("2026-04-03")
    assert all(isinstance(one, Prompt) for one in world.prompts(WEDNESDAY).values())


def test_a_zone_that_slack_leaves_out_is_kept(world: World) -> None:
    """A change that tells no zone, or one unknown here, moves nobody to UTC."""
    assert world.person("U1", None).tz == BERLIN
    assert world.person("U1", "Mars/Olympus").tz == BERLIN
    assert world.person("U9", "Mars/Olympus").tz == "UTC"


def test_a_card_tells_times_on_the_clock_of_where_one_is(world: World) -> None:
    """Asked in Berlin, then in New York: the card is drawn anew, with New York's time."""
    world.until(utc("2026-03-30T08:00"))
    assert "Open until 17:30" in world.card("U1", MONDAY)
    world.person("U1", NEW_YORK)
    card = next(one for one in world.mirrors("card", "U1") if f"/{MONDAY}/" in one.subject)
    assert card.shown < card.wanted
    assert "Open until 11:30" in world.card("U1", MONDAY)


# --- a zone learned at last


def test_who_has_no_zone_yet_is_planned_once_it_is_known(begin: Begin) -> None:
    """New people are on it at once, and asked from their next moment on once Slack tells more."""
    world = begin("2026-03-30T05:00")
    world.person("U1", BERLIN)
    world.set_up(["U1", "UNEW", "ULATE"])
    assert list(world.prompts(MONDAY)) == ["U1"]
    world.until(utc("2026-03-30T06:00"))
    world.person("UNEW", NEW_YORK)
    world.person("ULATE", TOKYO)  # 15:00 there: not asked for a moment already past
    world.until(utc("2026-03-31T00:30"))
    assert of(world, "UNEW") == [("2026-03-30", "30 13:30")]
    assert of(world, "ULATE") == [("2026-03-31", "31 00:30")]
    assert world.run(MONDAY).closes_at == utc("2026-03-30T21:30")


def test_nobody_joins_a_run_that_has_closed(begin: Begin) -> None:
    """A zone learned after the run's end, though it is still that date there: from the next on."""
    world = begin("2026-03-29T19:00")
    world.person("U1", KIRITIMATI)
    world.set_up(["U1", "UNEW"])
    world.until(utc("2026-03-30T04:00"))  # Monday's run closed at 03:30
    world.person("UNEW", BERLIN)
    assert "UNEW" not in world.prompts(MONDAY)
    world.until(utc("2026-03-31T12:00"))
    assert of(world, "UNEW") == [("2026-03-31", "31 07:30")]


def test_whom_a_run_waits_for_follows_a_flight(begin: Begin) -> None:
    """On Good Friday, which is no holiday in Tokyo and Los Angeles, but in Newfoundland."""
    world, friday = begin("2026-04-02T20:00"), day("2026-04-03")
    world.holidays = True
    world.person("U1", TOKYO)
    world.person("U2", "America/Los_Angeles")
    world.person("U3", "America/Los_Angeles")  # with whose window it ends in any case
    world.set_up(["U1", "U2", "U3"], weekdays=EVERY_DAY)
    world.until(utc("2026-04-03T01:00"))
    world.answer("U1", friday)
    message = world.mirrors("standup.run")[-1]
    assert "1 of 3 answered" in str(world.drawn(message))
    world.until(utc("2026-04-03T05:00"))
    before = message.wanted
    world.person("U2", "America/St_Johns")
    assert "1 of 2 answered" in str(world.drawn(message))
    world.session.refresh(message)
    assert message.wanted > before
