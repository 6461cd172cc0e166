"""What people wish of a question on their card: skip it today, or put it off."""

from datetime import time, timedelta

import pytest
from sqlalchemy import select

from bot.asking import absences, deck, planning, preferences, wishes
from bot.asking.absences import Entered, Request
from bot.asking.card_listeners import sentence
from bot.asking.preferences import NO_COUNTRY
from bot.asking.why import answer, why
from bot.asking.wishes import Noted, NoTime, NotOwed, NotTheirs, Over
from bot.core.states import AbsenceKind, Excuse, PromptState, RunState
from bot.db.tables import Absence, Timer
from tests.asking.conftest import Begin
from tests.asking.world import World, day, utc

MONDAY, TUESDAY = day("2026-03-30"), day("2026-03-31")
BERLIN, LOS_ANGELES = "Europe/Berlin", "America/Los_Angeles"


@pytest.fixture
def world(begin: Begin) -> World:
    """Monday, 09:31 in Berlin: Ana and Bo have been asked, and have until 17:30."""
    world = begin("2026-03-28T12:00")
    for who in ("UANA", "UBO"):
        world.person(who, BERLIN)
    world.set_up(["UANA", "UBO"])
    world.until(utc("2026-03-30T07:31"))
    return world


def skip(world: World, who: str = "UANA", whose: str = "UANA") -> Noted | wishes.Refusal:
    prompt = world.prompts(MONDAY)[whose]
    done = wishes.skip(world.session, world.at, world.workspace_id, who, prompt.id)
    world.send()
    return done


def later(
    world: World, minutes: int, who: str = "UANA", channel: str = "C1"
) -> Noted | wishes.Refusal:
    prompt = world.prompts(MONDAY, channel)[who]
    done = wishes.later(world.session, world.at, world.workspace_id, who, prompt.id, minutes)
    world.send()
    return done


def away(world: World, first: str, last: str) -> None:
    request = Request(None, day(first), day(last), AbsenceKind.ILLNESS, "", f"key-{world.at}")
    done = absences.enter(world.session, world.at, world.workspace_id, "UANA", request)
    assert isinstance(done, Entered)
    world.tick()
    world.send()


# --- skip today


def test_who_skips_owes_nothing_and_may_answer_all_the_same(world: World) -> None:
    """No reminder, not missing at the close; the card says it and offers to answer anyway."""
    assert skip(world) == Noted()
    prompt = world.prompts(MONDAY)["UANA"]
    assert (prompt.state, prompt.excuse) == (PromptState.SKIPPED, Excuse.OWN_WISH)
    card = world.card("UANA", MONDAY)
    assert "· Skipped" in card
    assert "Answer anyway" in card
    world.until(utc("2026-03-30T15:29"))
    assert [len(world.notified(who)) for who in ("UANA", "UBO")] == [1, 2]
    world.answer("UANA", MONDAY)
    assert "Answered ✓" in world.card("UANA", MONDAY)
    assert world.prompts(MONDAY)["UANA"].excuse is None


def test_skipping_changes_the_channel_s_message(world: World) -> None:
    """It is drawn anew, but nothing new is posted for it."""
    world.answer("UBO", MONDAY)
    (message,) = world.mirrors("standup.run")
    before = message.wanted
    skip(world)
    world.session.refresh(message)
    assert message.wanted == message.shown == before + 1


def test_skipping_twice_is_skipping_once(world: World) -> None:
    """The second tap finds it as wished."""
    assert skip(world) == skip(world) == Noted()


def test_a_skip_lasts_through_absences_holidays_and_a_new_plan(world: World) -> None:
    """Whatever else is taken back, nobody is asked again today for what they skipped."""
    skip(world)
    away(world, "2026-03-30", "2026-03-31")
    absence = world.session.scalars(select(Absence.id)).one()
    absences.remove(world.session, world.at, world.workspace_id, "UANA", absence)
    preferences.keep(world.session, world.at, world.workspace_id, "UANA", NO_COUNTRY, "")
    world.set_up(["UANA", "UBO"], at=time(11))
    world.until(utc("2026-03-30T21:00"))
    assert world.states(MONDAY)["UANA"] is PromptState.SKIPPED
    assert len(world.notified("UANA")) == 1
    world.until(utc("2026-03-31T10:00"))
    assert world.states(TUESDAY)["UANA"] is PromptState.ASKED


def test_why_says_that_it_was_skipped(world: World) -> None:
    """Asked at its time, and skipped since."""
    skip(world)
    found = why(world.session, world.at, world.workspace_id, "UANA", None)
    assert "asked today at 09:30; skipped today" in answer(found, "/standup")


def test_only_whose_it_is_may_skip_or_put_off(world: World) -> None:
    """Somebody else's card is nobody's business."""
    assert skip(world, who="UBO", whose="UANA") == NotTheirs()
    prompt = world.prompts(MONDAY)["UANA"].id
    done = wishes.later(world.session, world.at, world.workspace_id, "UBO", prompt, 30)
    assert done == NotTheirs()
    assert world.states(MONDAY)["UANA"] is PromptState.ASKED


# --- later


@pytest.mark.parametrize(("minutes", "back"), [(30, "10:01"), (60, "10:31"), (180, "12:31")])
def test_what_is_put_off_comes_back(world: World, minutes: int, back: str) -> None:
    """The card says when; then it comes to notice again, as a message of its own."""
    assert later(world, minutes) == Noted()
    assert f"Back at {back} · open until 17:30" in world.card("UANA", MONDAY)
    due = world.at + timedelta(minutes=minutes)
    world.until(due - timedelta(seconds=1))
    assert len(world.notified("UANA")) == 1
    world.until(due)
    _first, returned = world.notified("UANA")
    assert returned.subject == deck.subject(world.slack("UANA").id, MONDAY, 3)
    assert "Continued below" in world.card("UANA", MONDAY, 1)
    assert "Back at" not in world.card("UANA", MONDAY, 3)
    assert "'Answer'" in world.card("UANA", MONDAY, 3)


def test_a_second_wish_replaces_the_first(world: World) -> None:
    """One return: the one that was wished for last."""
    later(world, 30)
    later(world, 180)
    world.until(utc("2026-03-30T10:30"))
    assert len(world.notified("UANA")) == 1
    world.until(utc("2026-03-30T10:31"))
    assert len(world.notified("UANA")) == 2


def test_a_return_does_not_count_among_the_two_a_day(world: World) -> None:
    """The reminder is still the second, though it comes after two returns and shows everything."""
    later(world, 30)
    world.until(utc("2026-03-30T08:01"))
    later(world, 30)
    world.until(utc("2026-03-30T14:31"))
    numbers = [deck.parse(one.subject)[2] for one in world.notified("UANA")]
    assert numbers == [1, 3, 4, 2]
    assert "'Answer'" in world.card("UANA", MONDAY, 2)
    for earlier in (1, 3, 4):
        assert "Continued below" in world.card("UANA", MONDAY, earlier)
    world.answer("UANA", MONDAY)
    assert "Answered ✓" in world.card("UANA", MONDAY, 2)
    assert all(one.shown == one.wanted for one in world.mirrors(deck.VIEW))


def test_many_returns_of_a_day_are_all_found(world: World) -> None:
    """However often it is put off, only the last card holds something."""
    for _ in range(12):
        later(world, 30)
        world.until(world.at + timedelta(minutes=30))
    assert len(world.notified("UANA")) == 13
    shown = [str(world.drawn(one)) for one in world.mirrors(deck.VIEW, "UANA")]
    assert sum("'Answer'" in one for one in shown) == 1
    assert sum("Continued below" in one for one in shown) == 12


@pytest.mark.parametrize(
    ("tapped", "minutes", "told"),
    [
        pytest.param("13:31", 180, ["15:15"], id="put off past it"),
        pytest.param("13:45", 30, ["14:15"], id="back shortly before it"),
        pytest.param("13:25", 30, ["13:55", "14:30"], id="back long before it"),
    ],
)
def test_a_reminder_around_a_return_is_spared(
    world: World, tapped: str, minutes: int, told: list[str]
) -> None:
    """The reminder would be at 14:30 UTC, and nobody is told twice within half an hour."""
    world.until(utc(f"2026-03-30T{tapped}"))
    later(world, minutes)
    world.until(utc("2026-03-30T15:29"))
    assert [f"{one.at:%H:%M}" for one in world.notified("UANA")[1:]] == told


def test_it_comes_back_before_the_own_window_ends(world: World) -> None:
    """At the latest a quarter of an hour before; the card says when."""
    world.until(utc("2026-03-30T14:50"))
    assert later(world, 180) == Noted()
    assert "Back at 17:15" in world.card("UANA", MONDAY, 2)


def test_who_is_late_may_put_it_off_until_the_run_closes(begin: Begin) -> None:
    """Late answers count while it is open for others."""
    world = begin("2026-03-28T12:00")
    world.person("UANA", BERLIN)
    world.person("USAM", LOS_ANGELES)
    world.set_up(["UANA", "USAM"])
    world.until(utc("2026-03-30T16:00"))
    told = len(world.notified("UANA"))
    assert later(world, 60) == Noted()
    assert "Back at 19:00 · late; still open until Tue 02:30" in str(
        [world.drawn(one) for one in world.mirrors(deck.VIEW, "UANA")]
    )
    world.until(utc("2026-03-30T17:00"))
    assert len(world.notified("UANA")) == told + 1


def test_there_is_no_later_shortly_before_it_closes(world: World) -> None:
    """It says so, and nothing changes."""
    world.until(utc("2026-03-30T15:12"))
    refused = later(world, 30)
    assert isinstance(refused, NoTime)
    assert sentence(refused) == "It closes at 17:30: there is no time left to put it off."
    assert world.prompts(MONDAY)["UANA"].snoozed_until is None


def test_what_was_answered_skipped_or_excused_meanwhile_does_not_come_back(world: World) -> None:
    """The return finds nothing owed."""
    later(world, 60)
    later(world, 60, "UBO")
    world.answer("UANA", MONDAY)
    skip(world, "UBO", "UBO")
    world.until(utc("2026-03-30T12:00"))
    assert [len(world.notified(who)) for who in ("UANA", "UBO")] == [1, 1]


def test_a_return_past_midnight_is_on_the_new_day_s_card(begin: Begin) -> None:
    """What was asked late in the evening moves to the date on which it is told again."""
    world = begin("2026-03-28T12:00")
    world.person("UANA", BERLIN)
    world.set_up(["UANA"], at=time(23))
    world.until(utc("2026-03-30T21:10"))
    later(world, 60)
    world.until(utc("2026-03-30T22:10"))
    assert "Nothing waits here any more." in world.card("UANA", MONDAY)
    assert "'Answer'" in world.card("UANA", TUESDAY, 3)
    world.answer("UANA", MONDAY)
    assert "Answered ✓" in world.card("UANA", TUESDAY, 3)


def test_later_after_the_bot_was_down_comes_when_it_is_up(world: World) -> None:
    """Late, but it comes; the reminder right after it is spared."""
    later(world, 60)
    world.sleep_until(utc("2026-03-30T14:20"))
    assert len(world.notified("UANA")) == 2
    world.until(utc("2026-03-30T15:29"))
    assert len(world.notified("UANA")) == 2


# --- what can't be


def test_what_has_closed_is_neither_skipped_nor_put_off(world: World) -> None:
    """A clear sentence, and nothing changes."""
    world.until(utc("2026-03-30T15:30"))
    assert world.run(MONDAY).state is RunState.CLOSED
    for refused in (skip(world), later(world, 30)):
        assert isinstance(refused, Over)
        assert sentence(refused).startswith("Stand-up of Mon 30 March has closed")
    assert world.states(MONDAY)["UANA"] is PromptState.MISSED


def test_what_is_answered_is_neither_skipped_nor_put_off(world: World) -> None:
    """A card that was drawn before must not undo an answer."""
    world.answer("UANA", MONDAY)
    for refused in (skip(world), later(world, 30)):
        assert refused == NotOwed(answered=True)
    assert world.states(MONDAY)["UANA"] is PromptState.ANSWERED


def test_one_timer_a_person_and_run(world: World) -> None:
    """However often it is put off."""
    later(world, 30)
    later(world, 60)
    query = select(Timer).where(Timer.step == planning.SNOOZE, Timer.consumed_at.is_(None))
    (timer,) = world.session.scalars(query)
    assert timer.due_at == utc("2026-03-30T08:31")
