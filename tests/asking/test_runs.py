"""A run's life: its date, its close, downtime, reminders, and people who come and go."""

from collections.abc import Sequence
from datetime import time

import pytest
from sqlalchemy import select

from bot.asking import closing, planning
from bot.asking.terms import Terms
from bot.core.cadence import instant, zone
from bot.core.states import PromptState, RunState
from bot.db.tables import Participant, Person, Run, Timer
from bot.engine import timers
from tests.asking.conftest import Begin
from tests.asking.world import Sent, World, day, minutes, utc
from tests.plans import explained

MONDAY, TUESDAY = day("2026-03-30"), day("2026-03-31")
BERLIN, TOKYO, LA = "Europe/Berlin", "Asia/Tokyo", "America/Los_Angeles"


@pytest.fixture
def world(begin: Begin) -> World:
    """Saturday; from Monday on Tokyo, Berlin and Los Angeles are asked."""
    world = begin("2026-03-28T12:00")
    for who, tz in (("UTYO", TOKYO), ("UBER", BERLIN), ("ULAX", LA)):
        world.person(who, tz)
    world.set_up(["UBER", "UTYO", "ULAX"])
    return world


def runs_shown(world: World) -> list[Sent]:
    return [one for one in world.sent if one.view == "standup.run"]


def test_a_run_s_date_is_each_person_s_own(world: World) -> None:
    """Monday's run spans Sunday evening to Tuesday night, UTC; Tuesday's begins before it ends."""
    world.until(utc("2026-03-31T00:31"))  # Tuesday 09:31 in Tokyo, Monday 17:31 in Los Angeles

    assert [(one.person, one.day, one.at) for one in world.asked] == [
        ("UTYO", MONDAY, utc("2026-03-30T00:30")),
        ("UBER", MONDAY, utc("2026-03-30T07:30")),
        ("ULAX", MONDAY, utc("2026-03-30T16:30")),
        ("UTYO", TUESDAY, utc("2026-03-31T00:30")),
    ]
    assert world.run(TUESDAY).state is RunState.OPEN
    world.until(utc("2026-03-31T07:31"))
    assert world.run(MONDAY).state is RunState.CLOSED
    assert world.run(TUESDAY).state is RunState.OPEN


@pytest.mark.parametrize("tz", ["Pacific/Kiritimati", TOKYO, BERLIN, LA, "Etc/GMT+12"])
def test_it_is_planned_by_the_afternoon_before(begin: Begin, tz: str) -> None:
    """At 16:00 on their day before, everybody has a prompt that they could answer."""
    world = begin("2026-03-28T12:00")
    world.person("U1", tz)
    world.set_up(["U1"])
    world.until(instant(day("2026-03-30"), time(16), zone(tz)))
    assert world.states(TUESDAY) == {"U1": PromptState.WAITING}


def test_a_run_started_by_hand_has_timers_of_its_own(world: World) -> None:
    """On a date that has a planned one too, of the same stand-up: neither takes the other's."""
    world.until(utc("2026-03-29T16:00"))
    planned, person = world.run(MONDAY), world.slack("UBER")
    terms = Terms.model_validate(planned.config)
    copied = ("ritual_id", "local_date", "channel", "state", "config", "closes_at")
    by_hand = Run(ordinal=1, **{name: getattr(planned, name) for name in copied})
    world.session.add(by_hand)
    world.session.flush()
    for run in (planned, by_hand):
        due = planning.person_timers("standup", run, terms, person.id, utc("2026-03-30T07:30"))
        timers.set_timers(world.session, [*due, closing.close_timer("standup", run)])
    its = [
        set(world.session.scalars(select(Timer.key).where(Timer.run_id == run.id)))
        for run in (planned, by_hand)
    ]
    assert its[1] == {f"standup:{planned.ritual_id}/2026-03-30/1/{step}" for step in (
        "close", *(f"{one}/person:{person.id}" for one in ("ask", "late", "remind")))}  # fmt: skip
    assert {key.replace("/1/", "/") for key in its[1]} <= its[0]


def test_a_run_closes_with_the_last_window(world: World) -> None:
    """It closes when Los Angeles' eight hours are over, not sooner: asked becomes missed."""
    world.until(utc("2026-03-31T00:29"))
    world.answer("UTYO", MONDAY)  # a late answer: Tokyo's own window ended at 08:30 UTC
    assert world.run(MONDAY).closes_at == utc("2026-03-31T00:30")
    assert world.run(MONDAY).state is RunState.OPEN

    world.until(utc("2026-03-31T00:30"))

    assert world.run(MONDAY).state is RunState.CLOSED
    assert world.states(MONDAY) == {"UTYO": "answered", "UBER": "missed", "ULAX": "missed"}
    (mirror,) = world.mirrors("standup.run")
    assert "closed" in str(world.drawn(mirror))
    assert mirror.shown == mirror.wanted


def test_a_run_that_nobody_answered_ends_in_a_summary(world: World) -> None:
    """Silence is worth a message too, once the run has closed."""
    world.until(utc("2026-03-31T00:29"))
    assert runs_shown(world) == []
    world.until(utc("2026-03-31T00:31"))
    assert "nobody answered" in runs_shown(world)[0].content.text  # type: ignore[union-attr]


def test_one_reminder_for_those_who_owe(world: World) -> None:
    """An hour before the end of their own window, who has not answered is reminded, once."""
    world.until(utc("2026-03-30T08:00"))
    world.answer("UTYO", MONDAY)
    world.until(utc("2026-03-30T23:59"))
    assert [one.at for one in world.notified("UTYO")] == [
        utc("2026-03-30T00:30"),
        utc("2026-03-30T07:30"),
    ]
    assert [one.at for one in world.notified("UBER")] == [
        utc("2026-03-30T07:30"),
        utc("2026-03-30T14:30"),
    ]


def test_who_answered_is_not_reminded(world: World) -> None:
    """An answer before the reminder's moment leaves one message that day."""
    world.until(utc("2026-03-30T08:00"))
    world.answer("UBER", MONDAY)
    world.until(utc("2026-03-30T23:59"))
    assert [one.at for one in world.notified("UBER")] == [utc("2026-03-30T07:30")]


# --- downtime


@pytest.mark.parametrize("late", [1 / 60, 60, 6 * 60])
def test_down_for_a_while_asks_late(world: World, late: float) -> None:
    """Down through 09:30 in Berlin, for a second or hours: asked once, as soon as it is up."""
    world.until(utc("2026-03-30T07:29"))
    world.sleep_until(utc("2026-03-30T07:30") + minutes(late))
    world.tick()
    assert [one.at for one in world.asked if one.person == "UBER"] == [world.at]
    assert len(world.notified("UBER")) == 1


def test_asked_after_the_reminder_s_moment_is_not_reminded_as_well(world: World) -> None:
    """Up again half an hour before Berlin's window ends: one message says all."""
    world.until(utc("2026-03-30T07:29"))
    with explained(world.session, "timers") as plans:
        world.sleep_until(utc("2026-03-30T15:00"))
        world.until(utc("2026-03-30T16:00"))
    assert [one.at for one in world.notified("UBER")] == [utc("2026-03-30T15:00")]
    assert "SCAN timers" not in plans  # through all of a month's


def test_down_for_three_days_drops_nothing_silently(world: World) -> None:
    """Each date that passed is a run with everybody missed, and the owner reads so on a card."""
    world.sleep_until(utc("2026-04-02T10:00"))  # Thursday, 12:00 in Berlin

    for passed in ("2026-03-30", "2026-03-31", "2026-04-01"):
        prompts = world.prompts(day(passed))
        states = {who: (one.state, one.reason) for who, one in prompts.items()}
        expected = (PromptState.MISSED, "could not be asked in time")
        assert states == dict.fromkeys(("UTYO", "UBER", "ULAX"), expected)
        assert world.run(day(passed)).state is RunState.CLOSED
    thursday = day("2026-04-02")
    assert world.states(thursday) == {"UTYO": "missed", "UBER": "asked", "ULAX": "waiting"}
    told, asked = world.notified("UBER")  # of the past, and then of today
    assert "not running in time" in str(told.content)
    card = world.card("UBER", thursday, 2)
    assert "uber, ulax, utyo" in card
    assert card.count("was not running in time to ask") == 4
    assert "Open until" in str(asked.content)
    assert runs_shown(world) == []  # the channel hears nothing of runs that never were


def test_an_owner_who_is_not_asked_is_told_too(begin: Begin) -> None:
    """An owner who is on no stand-up, and of whose zone nothing is known yet, is told by UTC."""
    world = begin("2026-03-28T12:00")
    world.person("UBER", BERLIN)
    world.set_up(["UBER"], by="UBOSS")
    world.sleep_until(utc("2026-03-31T16:00"))
    assert "was not running in time to ask uber" in world.card("UBOSS", TUESDAY)


def test_who_could_not_be_asked_may_still_answer(world: World) -> None:
    """Missed by downtime, the run still open: an answer counts, and the trouble is over."""
    world.until(utc("2026-03-30T00:29"))
    world.sleep_until(utc("2026-03-30T09:00"))
    assert world.states(MONDAY)["UTYO"] is PromptState.MISSED
    world.answer("UTYO", MONDAY)
    prompt = world.prompts(MONDAY)["UTYO"]
    assert (prompt.state, prompt.reason) == (PromptState.ANSWERED, None)
    assert "not running" not in world.card("UBER", MONDAY)


def test_an_answer_opens_a_run_that_nobody_was_asked_in_yet(begin: Begin) -> None:
    """Tokyo was missed and Los Angeles has not come: Tokyo's late answer makes the run a run."""
    world = begin("2026-03-28T12:00")
    world.person("UTYO", TOKYO)
    world.person("ULAX", LA)
    world.set_up(["UTYO", "ULAX"])
    world.until(utc("2026-03-30T00:29"))
    world.sleep_until(utc("2026-03-30T09:00"))
    assert world.run(MONDAY).state is RunState.PLANNED
    world.answer("UTYO", MONDAY)
    assert world.run(MONDAY).state == "open"
    assert len(runs_shown(world)) == 1


def test_the_window_s_end_is_too_late(world: World) -> None:
    """Up again at the second when Berlin's window ends: missed, not asked."""
    world.until(utc("2026-03-30T07:29"))
    world.sleep_until(utc("2026-03-30T15:30"))
    assert world.states(MONDAY)["UBER"] is PromptState.MISSED
    assert "UBER" not in {one.person for one in world.asked}


# --- people who come and go


def test_a_deactivated_person_is_left_out_at_once(world: World) -> None:
    """Who leaves in mid-run is not asked, not reminded, not counted, and on no later run."""
    world.until(utc("2026-03-30T08:00"))
    world.answer("UTYO", MONDAY)
    world.person("UBER", BERLIN, deleted=True)  # asked
    world.person("ULAX", LA, deleted=True)  # not asked yet
    assert world.states(MONDAY) == {"UTYO": "answered", "UBER": "skipped", "ULAX": "skipped"}
    (mirror,) = world.mirrors("standup.run")
    assert mirror.shown < mirror.wanted
    assert world.run(MONDAY).closes_at == utc("2026-03-30T08:30")  # Tokyo's is the last window now

    world.until(utc("2026-04-01T12:00"))

    assert {one.person for one in world.asked if one.at > utc("2026-03-30T08:00")} == {"UTYO"}
    assert len(world.notified("UBER")) == 1
    assert "1 of 1 answered" in str(world.drawn(mirror))


@pytest.mark.parametrize("what", ["bot", "deleted"])
def test_who_can_not_be_asked_is_taken_off(begin: Begin, what: str) -> None:
    """A bot and a leaver are no participants, known or new."""
    world = begin("2026-03-28T12:00")
    world.person("UBER", BERLIN)
    world.person("UOLD", BERLIN, **{what: True})
    started = world.set_up(["UBER", "UOLD", "UNEW"])
    assert getattr(started, "people", None) == 2
    world.person("UNEW", BERLIN, **{what: True})

    world.until(utc("2026-03-31T06:00"))

    assert participants(world) == ["UBER"]
    assert [one.person for one in world.asked] == ["UBER"]


def participants(world: World) -> Sequence[str]:
    return world.session.scalars(
        select(Person.slack_id).join(Participant, Participant.person_id == Person.id)
    ).all()


# --- five hundred in one minute


def test_steps_are_set_based(begin: Begin, statements: list[str]) -> None:
    """Asking three hundred takes as many statements as asking a hundred, batch for batch."""
    world = begin("2026-03-28T12:00", online=False)
    members = [f"U{number}" for number in range(300)]
    for who in members:
        world.person(who, BERLIN)
    world.set_up(members)
    world.until(utc("2026-03-30T07:29"))
    statements.clear()
    world.sleep_until(utc("2026-03-30T07:30"))
    assert len(world.asked) == 300
    assert len(statements) <= 3 * 20
    assert list(world.states(day("2026-03-30")).values()) == ["asked"] * 300
    assert not world.session.scalars(
        select(Timer.id).where(
            Timer.step == "ask", Timer.due_at <= world.at, Timer.consumed_at.is_(None)
        )
    ).all()
