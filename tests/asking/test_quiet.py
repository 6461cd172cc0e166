"""Quiet hours: across midnight and clock changes, and what they spare people."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select

from bot.asking import absences, deck, preferences
from bot.asking.absences import Request
from bot.asking.preferences import BOTH, GUESSED, Kept, NotKept, Quiet
from bot.asking.quiet import is_quiet, quiet_begins, quiet_ends
from bot.core.states import AbsenceKind, Outcome, PromptState
from bot.db.tables import Absence, Mirror, Person
from tests.asking.conftest import Begin
from tests.asking.world import World, day, utc

MONDAY = day("2026-03-30")
BERLIN = "Europe/Berlin"
WINTER = datetime(2026, 1, 14, tzinfo=UTC)  # Berlin is an hour ahead


def person(hours: Quiet = (None, None), tz: str | None = BERLIN) -> Person:
    return Person(tz=tz, quiet_from=hours[0], quiet_until=hours[1])


@pytest.mark.parametrize(
    ("local", "quiet"),
    [("19:59", False), ("20:00", True), ("23:59", True), ("00:00", True), ("07:59", True),
     ("08:00", False), ("12:00", False)],
)  # fmt: skip
def test_the_usual_hours_go_past_midnight(local: str, quiet: bool) -> None:
    """From 20:00 to 08:00, the end excluded."""
    at = datetime.combine(WINTER.date(), time.fromisoformat(local), UTC) - timedelta(hours=1)
    assert is_quiet(person(), at) == quiet


def test_hours_within_a_day() -> None:
    """Who works at night sleeps by day."""
    night = person((time(9), time(17)))
    assert [is_quiet(night, WINTER + timedelta(hours=hour)) for hour in (7, 8, 15, 16)] == [
        False,
        True,
        True,
        False,
    ]
    assert quiet_ends(night, WINTER + timedelta(hours=8)) == WINTER + timedelta(hours=16)
    assert quiet_begins(night, WINTER + timedelta(hours=8)) == WINTER + timedelta(days=1, hours=8)


def test_the_same_time_twice_is_no_quiet_hours() -> None:
    """At no hour, and they neither begin nor end."""
    never = person((time(7), time(7)))
    for hour in range(24):
        at = WINTER + timedelta(hours=hour)
        assert not is_quiet(never, at)
        assert (quiet_ends(never, at), quiet_begins(never, at)) == (at, None)


@pytest.mark.parametrize(
    ("tz", "around"),
    [
        pytest.param(BERLIN, "2026-03-29T01:00", id="spring in Berlin"),
        pytest.param(BERLIN, "2026-10-25T01:00", id="autumn in Berlin"),
        pytest.param("America/Nuuk", "2026-03-29T01:00", id="over midnight in Nuuk"),
        pytest.param("Pacific/Auckland", "2026-04-04T14:00", id="autumn in Auckland"),
        pytest.param(None, "2026-03-29T01:00", id="no zone known"),
    ],
)
@pytest.mark.parametrize(
    "hours",
    [
        (None, None),
        (time(2, 30), time(8)),
        (time(22), time(2, 30)),
        (time(2, 15), time(2, 45)),
        (time(23, 30), time(0, 30)),
    ],
)
def test_they_agree_with_one_another_across_clock_changes(
    tz: str | None, around: str, hours: Quiet
) -> None:
    """At each quarter of an hour: quiet until the end, which is not; they begin where they said."""
    whose = person(hours, tz)
    at = utc(around) - timedelta(days=1)
    while at < utc(around) + timedelta(days=1):
        ends, begins = quiet_ends(whose, at), quiet_begins(whose, at)
        assert begins is not None
        assert at < begins <= at + timedelta(days=3)
        assert is_quiet(whose, at) == (ends > at)
        assert not is_quiet(whose, ends)
        assert is_quiet(whose, begins)
        if ends > at:
            assert is_quiet(whose, ends - timedelta(seconds=1))
        at += timedelta(minutes=15)


# --- what they spare


def set_quiet(world: World, begins: str, ends: str) -> Kept | NotKept:
    hours = (time.fromisoformat(begins), time.fromisoformat(ends))
    return preferences.keep(world.session, world.at, world.workspace_id, "U1", GUESSED, "", hours)


@pytest.fixture
def world(begin: Begin) -> World:
    """Saturday; from Monday on one person in Berlin is asked at 13:00 and reminded at 20:00."""
    world = begin("2026-03-28T12:00")
    world.person("U1", BERLIN)
    world.set_up(["U1"], at=time(13))
    return world


def test_a_reminder_in_quiet_hours_is_silent(world: World) -> None:
    """The card is brought up to date, and nobody's phone rings."""
    world.until(utc("2026-03-30T17:59"))
    (card,) = world.mirrors(deck.VIEW)
    before = card.wanted
    world.until(utc("2026-03-30T18:30"))
    world.session.refresh(card)
    assert card.wanted > before
    assert len(world.notified("U1")) == 1


def test_a_reminder_outside_of_one_s_own_quiet_hours_comes(world: World) -> None:
    """Who says that 20:00 is fine is reminded then."""
    assert set_quiet(world, "22:00", "07:00") == Kept("Germany", (time(22), time(7)))
    world.until(utc("2026-03-30T18:30"))
    assert [one.at for one in world.notified("U1")][1:] == [utc("2026-03-30T18:00")]


def test_a_reminder_that_waits_is_not_sent_into_quiet_hours(world: World) -> None:
    """Slack can't be reached from 20:00 on: at 20:30, with quiet hours begun, it is too late."""
    set_quiet(world, "20:30", "07:00")
    world.until(utc("2026-03-30T17:59"))
    world.online = False
    world.until(utc("2026-03-30T18:31"))
    world.online = True
    world.send()
    assert len(world.notified("U1")) == 1
    late = world.session.scalars(select(Mirror).where(Mirror.outcome.is_not(None))).one()
    assert late.outcome is Outcome.MISSED
    assert "'Answer'" in world.card("U1", MONDAY)
    assert "Slack took no message" not in world.card("U1", MONDAY)


def test_being_asked_is_no_reminder(begin: Begin) -> None:
    """Who sets a stand-up for the evening is asked in the evening."""
    world = begin("2026-03-28T12:00")
    world.person("U1", BERLIN)
    world.set_up(["U1"], at=time(21))
    world.until(utc("2026-03-30T19:01"))
    assert len(world.notified("U1")) == 1


@pytest.mark.parametrize(
    ("at", "open_minutes", "up", "asked"),
    [
        pytest.param(time(13), 480, "17:59", "30T17:59", id="late, but before they begin"),
        pytest.param(time(13), 24 * 60, "18:30", "31T06:00", id="after them, while it is open"),
        pytest.param(time(19, 50), 600, "18:02", "30T18:02", id="a few minutes late"),
        pytest.param(time(21), 480, "20:30", "30T20:30", id="its own time lies in them"),
        pytest.param(time(13), 480, "18:30", None, id="over by their end"),
    ],
)
def test_late_asking_does_not_disturb(
    begin: Begin, at: time, open_minutes: int, up: str, asked: str | None
) -> None:
    """The bot was down: in quiet hours nobody is asked whose moment was by day."""
    world = begin("2026-03-28T12:00")
    world.person("U1", BERLIN)
    world.person("U2", "America/New_York")
    world.set_up(["U1"], by="U2", at=at, open_minutes=open_minutes)
    world.sleep_until(utc(f"2026-03-30T{up}"))
    world.until(utc("2026-03-31T06:30"))
    asked_at = [one.at for one in world.asked if one.day == MONDAY]
    assert asked_at == ([utc(f"2026-03-{asked}")] if asked else [])
    first = world.notified("U1")[:1]
    assert [one.at for one in first] == asked_at
    assert all("'Answer'" in str(one.content) for one in first)
    told = [str(one.content) for one in world.notified("U2")]
    assert ["was not running in time to ask u1" in one for one in told] == [True] * (asked is None)


def test_what_came_too_late_for_the_evening_is_asked_in_the_morning(begin: Begin) -> None:
    """Asked in time, but Slack could not be reached until quiet hours; its window goes on."""
    world = begin("2026-03-28T12:00")
    world.person("U1", BERLIN)
    world.person("U2", "America/New_York")
    world.set_up(["U1"], by="U2", at=time(13), open_minutes=24 * 60)
    world.until(utc("2026-03-30T10:59"))
    world.online = False
    world.until(utc("2026-03-30T18:30"))
    world.online = True
    world.send()
    assert world.states(MONDAY) == {"U1": PromptState.WAITING}
    world.until(utc("2026-03-31T06:30"))
    assert [one.at for one in world.notified("U1")] == [utc("2026-03-31T06:00")]
    assert "'Answer'" in world.card("U1", MONDAY + timedelta(days=1))
    assert world.states(MONDAY) == {"U1": PromptState.ASKED}
    assert world.notified("U2") == []


def test_what_came_too_late_for_its_window_is_told_to_the_owner(begin: Begin) -> None:
    """It ends before the quiet hours do."""
    world = begin("2026-03-28T12:00")
    world.person("U1", BERLIN)
    world.person("U2", "America/New_York")
    world.set_up(["U1"], by="U2", at=time(13), open_minutes=480)
    world.until(utc("2026-03-30T10:59"))
    world.online = False
    world.until(utc("2026-03-30T18:30"))
    world.online = True
    world.send()
    assert world.notified("U1") == []
    assert world.states(MONDAY) == {"U1": PromptState.ASKED}
    assert "Slack took no message to u1. They can still answer." in world.card("U2", MONDAY)


def test_who_comes_back_in_quiet_hours_is_asked_at_once(begin: Begin) -> None:
    """It is their own doing, and not late."""
    world = begin("2026-03-28T12:00")
    world.person("U1", BERLIN)
    world.set_up(["U1"], at=time(13))
    enter = Request(None, MONDAY, MONDAY, AbsenceKind.LEAVE, "", "key")
    absences.enter(world.session, world.at, world.workspace_id, "U1", enter)
    world.until(utc("2026-03-30T18:30"))
    assert world.notified("U1") == []
    one = world.session.scalars(select(Absence.id)).one()
    absences.remove(world.session, world.at, world.workspace_id, "U1", one)
    world.until(utc("2026-03-30T18:31"))
    assert "'Answer'" in str([sent.content for sent in world.notified("U1")])


def test_who_waits_for_the_morning_survives_a_change_of_the_stand_up(begin: Begin) -> None:
    """Their moment has come already: nothing else would ask them of that day."""
    world = begin("2026-03-28T12:00")
    world.person("U1", BERLIN)
    world.set_up(["U1"], at=time(13), open_minutes=24 * 60)
    world.sleep_until(utc("2026-03-30T18:30"))
    world.set_up(["U1"], at=time(14), open_minutes=24 * 60)
    world.until(utc("2026-03-31T06:30"))
    assert [(one.day, one.at) for one in world.asked] == [(MONDAY, utc("2026-03-31T06:00"))]


def test_a_card_that_waits_is_not_sent_into_quiet_hours(begin: Begin) -> None:
    """Slack can't be reached from 13:00 on: the owner learns that the question never came."""
    world = begin("2026-03-28T12:00", online=False)
    world.person("U1", BERLIN)
    world.person("U2", "America/New_York")
    world.set_up(["U1"], by="U2", at=time(13))
    world.until(utc("2026-03-30T18:01"))
    world.online = True
    world.send()
    assert world.notified("U1") == []
    (told,) = world.notified("U2")
    assert "Slack took no message to u1. They can still answer." in str(told.content)


def test_half_of_the_hours_is_a_problem(world: World) -> None:
    """Which picker is empty is where it is said; nothing is kept."""
    use = (world.session, world.at, world.workspace_id, "U1", "FR", "")
    assert preferences.keep(*use, (time(22), None)) == NotKept({"quiet_until": BOTH})
    assert preferences.keep(*use, (None, time(6))) == NotKept({"quiet_from": BOTH})
    assert world.slack("U1").country == ""


def test_chosen_hours_are_shown_again_and_can_be_left_empty(world: World) -> None:
    """What was chosen stands in the modal; empty, the usual ones hold."""
    set_quiet(world, "22:00", "07:00")
    shown = preferences.standing(world.session, world.at, world.workspace_id, "U1")
    assert shown.quiet == (time(22), time(7))
    use = (world.session, world.at, world.workspace_id, "U1", GUESSED, "")
    assert preferences.keep(*use) == Kept("Germany")
    assert preferences.keep(*use, (time(7), time(7))) == Kept("Germany", None)
