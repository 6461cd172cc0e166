"""Setting a stand-up up, in the middle of a day, twice, and by whom."""

from datetime import date, time

import pytest
from sqlalchemy import select

from bot.asking.outlook import outlook
from bot.core.cadence import Cadence
from bot.core.states import PromptState, RunState
from bot.db.tables import Audit, Person, Ritual
from bot.rituals.standup import answers, settings, sheets
from bot.rituals.standup.answers import Saved
from bot.rituals.standup.lifecycle import NotOwner
from bot.rituals.standup.model import Ending, Started
from bot.rituals.standup.setup_form import Form
from bot.rituals.standup.sheets import Closed
from bot.rituals.standup.status import status
from bot.rituals.standup.views.status import StatusShown
from tests.asking.conftest import Begin
from tests.asking.world import World, day, utc

MONDAY, TUESDAY = day("2026-03-30"), day("2026-03-31")
BERLIN, TOKYO, LA = "Europe/Berlin", "Asia/Tokyo", "America/Los_Angeles"
ALL = ("UBER", "UTYO", "ULAX")


@pytest.fixture
def world(begin: Begin) -> World:
    """Monday 11:00 in Berlin, 18:00 in Tokyo, 02:00 in Los Angeles; no stand-up yet."""
    world = begin("2026-03-30T09:00")
    for who, zone in zip(ALL, (BERLIN, TOKYO, LA), strict=True):
        world.person(who, zone)
    return world


def asked(world: World) -> list[tuple[str, str]]:
    return [(one.person, f"{one.at:%d %H:%M}") for one in world.asked]


def test_in_the_middle_of_a_day(world: World) -> None:
    """Nobody is asked for a moment already past; whoever's is still to come is asked today."""
    started = world.set_up(ALL)
    assert isinstance(started, Started)
    assert not started.changed
    assert started.people == 3
    assert started.first_asked is not None
    assert f"{started.first_asked:%a %H:%M %Z}" == "Tue 09:30 CEST"

    world.until(utc("2026-03-31T07:30"))

    assert asked(world) == [("ULAX", "30 16:30"), ("UTYO", "31 00:30"), ("UBER", "31 07:30")]
    assert world.states(MONDAY) == {"ULAX": "missed"}


@pytest.mark.parametrize(
    ("now", "own", "there", "this_week"),
    [
        ("2026-03-29T20:00", "Pacific/Auckland", "", MONDAY),  # where it is Monday already
        ("2026-03-29T20:00", BERLIN, "Pacific/Auckland", MONDAY),
        ("2026-03-29T20:00", "Pacific/Auckland", BERLIN, day("2026-03-29")),
        ("2026-03-30T02:00", LA, "", day("2026-03-29")),  # where it is Sunday still
    ],
)
def test_every_other_week_begins_with_this_one(
    begin: Begin, now: str, own: str, there: str, this_week: date
) -> None:
    """The one of its zone, else of whoever sets it up: in UTC it may be another."""
    world = begin(now)
    world.person("UBER", own)
    form = Form(members=("UBER",), every=2, zone=there)
    typed = settings.Typed("key", "C1", "team", None, form)
    settings.submit(world.session, world.at, world.workspace_id, "UBER", typed)
    assert Cadence.model_validate(world.ritual("C1").cadence).anchor == this_week


@pytest.mark.parametrize(
    ("now", "first"),
    [
        pytest.param("2026-03-30T07:29:59", "30 07:30", id="a second before"),
        pytest.param("2026-03-30T07:30:00", "31 07:30", id="that very second"),
    ],
)
def test_on_the_edge_of_the_moment(begin: Begin, now: str, first: str) -> None:
    """Set up before 09:30 one is asked today, at 09:30 or later tomorrow."""
    world = begin(now)
    world.person("UBER", BERLIN)
    world.set_up(["UBER"])
    world.until(utc("2026-03-31T08:00"))
    assert asked(world)[0] == ("UBER", first)


def test_on_a_friday_evening_the_next_moment_is_monday_s(begin: Begin) -> None:
    """What is days away is not planned yet, and told all the same."""
    world = begin("2026-03-27T20:00")
    world.person("UBER", BERLIN)
    started = world.set_up(["UBER"])
    assert isinstance(started, Started)
    assert started.first_asked == utc("2026-03-30T07:30")


def test_a_second_submit_of_the_same_screen_edits(world: World) -> None:
    """The key of the screen makes one stand-up of two submits."""
    first = world.set_up(ALL, key="k")
    second = world.set_up(ALL, key="k", at=time(10))
    assert isinstance(first, Started)
    assert isinstance(second, Started)
    assert (second.ritual_id, second.changed) == (first.ritual_id, True)
    assert len(world.session.scalars(select(Ritual)).all()) == 1
    world.until(utc("2026-03-30T17:00"))
    assert asked(world) == [("ULAX", "30 17:00")]


def test_who_may_change_it(world: World) -> None:
    """The owner and an admin may; anybody else is told whose it is, and nothing changes."""
    world.person("UADM", BERLIN, admin=True)
    world.set_up(ALL, by="UBER", key="one")

    refused = world.set_up(ALL, at=time(7), by="UTYO", key="two")
    assert refused == NotOwner("uber")
    assert world.ritual().cadence["at"] == "09:30:00"
    assert isinstance(world.set_up(ALL, at=time(10), by="UADM", key="three"), Started)
    assert isinstance(world.set_up(ALL, at=time(11), by="UBER", key="four"), Started)

    owner = world.session.get_one(Person, world.ritual().owner_id)
    assert owner.slack_id == "UBER"
    rows = world.session.execute(
        select(Person.slack_id, Audit).join(Person, Audit.actor_id == Person.id).order_by(Audit.id)
    ).all()
    assert [(who, audit.action, audit.detail["cadence"]["at"]) for who, audit in rows] == [
        ("UBER", "standup.set", "09:30:00"),
        ("UADM", "standup.set", "10:00:00"),
        ("UBER", "standup.set", "11:00:00"),
    ]
    assert rows[0][1].detail["members"] == list(ALL)


def test_two_channels_have_a_stand_up_each(world: World) -> None:
    """Another channel's is another one, and anybody may start it."""
    first = world.set_up(ALL, by="UBER")
    second = world.set_up(ALL, by="UTYO", channel="C2")
    assert isinstance(first, Started)
    assert isinstance(second, Started)
    assert second.ritual_id != first.ritual_id
    found = settings.settings_in(world.session, world.at, world.workspace_id, "UBER", "C2")
    assert found is not None
    assert set(found.form.members) == set(ALL)


# --- changes apply to what is not asked yet


@pytest.fixture
def under_way(world: World) -> World:
    """Monday's run is open: Berlin and Tokyo have been asked, Los Angeles not yet."""
    world.sleep_until(utc("2026-03-30T22:00"))
    world.set_up(ALL)
    world.until(utc("2026-03-31T09:00"))
    assert world.states(TUESDAY) == {"UBER": "asked", "UTYO": "asked", "ULAX": "waiting"}
    return world


def test_another_time_moves_who_is_still_to_be_asked(under_way: World) -> None:
    """Los Angeles is asked at the new time today already; who was asked is not asked again."""
    before = under_way.prompts(TUESDAY)["ULAX"].id
    under_way.set_up(ALL, at=time(11), key="later")
    under_way.until(utc("2026-03-31T23:00"))
    assert [one for one in asked(under_way) if one[1].startswith("31")] == [
        ("UTYO", "31 00:30"),
        ("UBER", "31 07:30"),
        ("ULAX", "31 18:00"),
    ]
    assert under_way.prompts(TUESDAY)["ULAX"].id == before
    assert under_way.run(TUESDAY).closes_at == utc("2026-04-01T02:00")


def test_a_time_that_is_past_by_now_starts_tomorrow(under_way: World) -> None:
    """Moved to 01:00, which was an hour ago in Los Angeles: asked from tomorrow on."""
    under_way.set_up(ALL, at=time(1), key="sooner")
    under_way.until(utc("2026-04-01T09:00"))
    assert ("ULAX", "01 08:00") in asked(under_way)
    prompt = under_way.prompts(TUESDAY)["ULAX"]
    assert (prompt.state, prompt.reason) == (
        PromptState.SKIPPED,
        "changed before its moment came",
    )
    assert under_way.run(TUESDAY).state is RunState.CLOSED


def test_a_day_taken_away(under_way: World) -> None:
    """Tuesday is no longer a day of it: who has not been asked is not."""
    under_way.set_up(ALL, weekdays=(0, 2), key="days")
    assert under_way.states(TUESDAY)["ULAX"] is PromptState.SKIPPED
    under_way.until(utc("2026-04-01T08:00"))
    assert ("UBER", "01 07:30") in asked(under_way)


def test_members_who_go_and_come(under_way: World) -> None:
    """Taken off before being asked: not asked. Put on again in time: asked, once."""
    under_way.person("UNYC", "America/New_York")
    under_way.set_up(["UBER", "UTYO", "UNYC"], key="without")
    assert under_way.states(TUESDAY)["ULAX"] is PromptState.SKIPPED
    assert under_way.run(TUESDAY).closes_at == utc("2026-03-31T21:30")
    under_way.until(utc("2026-03-31T14:00"))
    under_way.set_up([*ALL, "UNYC"], key="with")
    under_way.until(utc("2026-03-31T17:00"))
    assert asked(under_way)[-2:] == [("UNYC", "31 13:30"), ("ULAX", "31 16:30")]


def test_a_run_ends_sooner_without_its_last_member(under_way: World) -> None:
    """Los Angeles is taken off: the run closes with Berlin's window."""
    under_way.set_up(["UBER", "UTYO"], key="two")
    assert under_way.run(TUESDAY).closes_at == utc("2026-03-31T15:30")
    under_way.until(utc("2026-03-31T15:30"))
    assert under_way.run(TUESDAY).state is RunState.CLOSED


def test_a_change_does_not_move_who_is_between_zones(under_way: World) -> None:
    """Today's moment of the zone one came from stays, whatever else of the stand-up changes."""
    under_way.person("ULAX", TOKYO)
    assert isinstance(under_way.set_up(["ULAX", "UTYO"], by="UBER", key="fewer"), Started)
    under_way.until(utc("2026-03-31T17:00"))
    assert ("ULAX", "31 16:30") in asked(under_way)


def test_what_is_due_already_survives_a_change(under_way: World) -> None:
    """Changed while the bot had not caught up: Los Angeles is asked late, and not forgotten."""
    under_way._pass(utc("2026-03-31T16:31"))
    under_way.set_up(ALL, at=time(9), key="late")
    under_way.tick()
    assert asked(under_way)[-1] == ("ULAX", "31 16:31")


def test_an_answer_in_hand_survives_a_change(under_way: World) -> None:
    """The sheet that Los Angeles opened early still saves after the owner changed the time."""
    found = sheets.open_sheet(under_way.session, under_way.at, under_way.workspace_id, "ULAX", "C1")
    assert isinstance(found, sheets.Sheet)
    under_way.set_up(ALL, at=time(11), key="later")
    said = answers.submit(
        under_way.session,
        under_way.at,
        under_way.workspace_id,
        "ULAX",
        found.prompt_id,
        {"learned": "Early"},
    )
    assert said == Saved(edited=False)


def test_an_answer_in_hand_of_a_day_taken_away_goes_nowhere_else(begin: Begin) -> None:
    """Another stand-up was set up meanwhile: the sheet is not taken for that one's."""
    world = begin("2026-03-27T12:00")
    world.person("UBER", BERLIN)
    world.set_up(["UBER"], weekdays=(0,))
    world.until(utc("2026-03-29T16:00"))
    found = sheets.open_sheet(world.session, world.at, world.workspace_id, "UBER", "C1")
    assert isinstance(found, sheets.Sheet)
    world.set_up(["UBER"], weekdays=(2,), key="wednesdays")
    world.set_up(["UBER"], weekdays=(0,), channel="C2")
    whose = world.session, world.at, world.workspace_id, "UBER"
    said = answers.submit(*whose, found.prompt_id, {"learned": "For C1 alone"})
    assert isinstance(said, Closed)
    assert (said.why, said.said[0][1]) == (Ending.OFF, "For C1 alone")
    assert world.states(MONDAY, "C2") == {"UBER": PromptState.WAITING}


@pytest.mark.parametrize("back", [False, True])
def test_a_day_taken_away_is_told_of_no_more(begin: Begin, back: bool) -> None:
    """Neither as the next one nor, once it is over, as the last; put back, it is asked."""
    world = begin("2026-03-27T12:00")
    world.person("UBER", BERLIN)
    world.set_up(["UBER"])
    world.until(utc("2026-03-29T16:00"))
    world.set_up(["UBER"], weekdays=(2,), key="wednesdays")
    if back:
        world.set_up(["UBER"], key="all")
    whose = world.workspace_id, "UBER", world.ritual().id
    now = status(world.session, world.at, *whose)
    assert isinstance(now, StatusShown)
    assert now.next == (MONDAY if back else day("2026-04-01"))
    world.until(utc("2026-03-30T20:00"))
    later = status(world.session, world.at, *whose)
    assert isinstance(later, StatusShown)
    assert [one.date for one in later.runs] == ([MONDAY] if back else [])
    assert [who for who, _when in asked(world)] == (["UBER"] if back else [])


def test_a_run_that_has_closed_takes_nobody_in(begin: Begin) -> None:
    """A later time and a new member, after today's run has closed: they start tomorrow."""
    world = begin("2026-03-29T22:00")
    world.person("UTYO", TOKYO)
    world.person("UBER", BERLIN)
    world.set_up(["UTYO"])
    world.until(utc("2026-03-30T09:00"))
    assert world.run(MONDAY).state is RunState.CLOSED
    world.set_up(["UTYO", "UBER"], at=time(20), key="later")
    assert list(world.prompts(MONDAY)) == ["UTYO"]
    ahead = outlook(world.session, world.at, 2)
    told = [(one.person, one.day) for one in ahead if one.due is not None]
    world.until(utc("2026-03-31T19:00"))
    assert asked(world)[1:] == [("UTYO", "31 11:00"), ("UBER", "31 18:00")]
    assert ("uber", MONDAY) not in told


def test_a_day_taken_away_while_its_planning_was_due(begin: Begin) -> None:
    """Down when Monday was to be planned, and Monday is no day of it any more: nobody is asked."""
    world = begin("2026-03-28T12:00")
    world.person("UBER", BERLIN)
    world.set_up(["UBER"])
    world._pass(utc("2026-03-29T12:00"))
    world.set_up(["UBER"], weekdays=(1,), key="tuesdays")
    world.until(utc("2026-03-31T08:00"))
    assert asked(world) == [("UBER", "31 07:30")]
