"""What a card holds beside its questions: plans to repeat, news, and a first guess of a country."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime, time

import pytest
from sqlalchemy.orm import Session

from bot.asking import card, deck, preferences, views
from bot.asking.preferences import NO_COUNTRY
from bot.engine.ritual import OnCard
from tests.asking.conftest import Begin
from tests.asking.world import World, day, utc

MONDAY, TUESDAY = day("2026-03-30"), day("2026-03-31")
BERLIN = "Europe/Berlin"


@pytest.fixture
def world(begin: Begin) -> World:
    """Saturday; from Monday on Ana in Berlin is asked at 09:30 in one channel, 10:30 in another."""
    world = begin("2026-03-28T12:00")
    world.person("UANA", BERLIN)
    world.set_up(["UANA"], channel="C1")
    world.set_up(["UANA"], channel="C2", at=time(10, 30))
    return world


def drawn(world: World, on_card: OnCard, number: int = 1) -> str:
    """Ana's card of Monday, where the stand-up puts this on cards."""
    subject = deck.subject(world.slack("UANA").id, MONDAY, number)
    shown = card.card_shown(world.session, subject, world.at, {"standup": on_card})
    assert shown is not None
    made = views.card(shown, {"standup": on_card.answer})
    assert made is not None
    return json.dumps(made.blocks, ensure_ascii=False)


# --- same as planned


def test_who_planned_something_may_repeat_it_in_two_taps(world: World) -> None:
    """A button beside *Answer*, for those prompts alone that have a plan."""
    asked: list[Collection[int]] = []

    def planned(_session: Session, prompt_ids: Collection[int]) -> Collection[int]:
        asked.append(prompt_ids)
        return list(prompt_ids)[:1]

    on_card = OnCard("answer", same="same", planned=planned)
    world.until(utc("2026-03-30T08:31"))
    made = drawn(world, on_card, 2)
    assert made.count('"action_id": "answer"') == 2
    assert made.count('"action_id": "same"') == made.count("Same as planned") == 1
    assert asked == [[world.prompts(MONDAY, channel)["UANA"].id for channel in ("C1", "C2")]]


def test_what_is_answered_is_not_offered_again(world: World) -> None:
    """Nothing is asked of the ritual where nothing is owed."""

    def planned(_session: Session, _prompt_ids: Collection[int]) -> Collection[int]:
        raise AssertionError("nothing is owed")

    world.until(utc("2026-03-30T07:31"))
    world.answer("UANA", MONDAY)
    made = drawn(world, OnCard("answer", same="same", planned=planned))
    assert "Same as planned" not in made
    assert "Answered ✓" in made


# --- answering in words


def test_the_first_card_says_that_one_may_write_the_answer(world: World) -> None:
    """Once, where something is owed that takes it."""
    by_message, words = OnCard("answer", by_message=True), "Or write your answer to me here"
    world.until(utc("2026-03-30T07:31"))
    assert words in drawn(world, by_message)
    assert words not in drawn(world, OnCard("answer"))
    world.answer("UANA", MONDAY)
    assert words not in drawn(world, by_message)
    world.until(utc("2026-03-31T07:31"))
    (tuesday,) = world.mirrors(deck.VIEW, "UANA")[-1:]
    shown = card.card_shown(world.session, tuesday.subject, world.at, {"standup": by_message})
    assert shown is not None
    assert not shown.by_message


# --- since you left


def news(*lines: str) -> OnCard:
    def tell(_session: Session, _at: datetime, _person_id: int) -> Sequence[str]:
        return lines

    return OnCard("answer", news=tell)


def test_up_to_three_lines_since_you_left(world: World) -> None:
    """What matters most comes first; what others wrote is inert."""
    world.until(utc("2026-03-30T07:31"))
    made = drawn(world, news("Mei needs you: <!channel>", "Lena: F1\nis 0.8", "Sam: " + "x" * 500))
    assert "Since you left" in made
    assert "• Mei needs you: <!channel>" in made  # plain text: it is no mention
    assert "• Lena: F1 is 0.8" in made
    assert "…" in made
    assert "• four" not in drawn(world, news("one", "two", "three", "four"))


def test_no_news_is_no_line(world: World) -> None:
    """Nor is there any where nothing waits."""
    world.until(utc("2026-03-30T07:31"))
    assert "Since you left" not in drawn(world, news())
    world.answer("UANA", MONDAY)
    assert "Since you left" not in drawn(world, news("Lena: F1 is 0.8"))


# --- the country


def holidays_of(world: World, day_and_number: tuple[str, int]) -> bool:
    told = world.card("UANA", day(day_and_number[0]), day_and_number[1])
    return "not asked on public holidays of Germany" in told and "'Change'" in told


def test_the_first_card_says_which_country_was_guessed(begin: Begin) -> None:
    """On the first day's card, as long as there is one; on no later one."""
    world = begin("2026-03-28T12:00")
    world.holidays = True
    world.person("UANA", BERLIN)
    world.set_up(["UANA"])
    world.until(utc("2026-03-30T07:31"))
    assert holidays_of(world, ("2026-03-30", 1))
    world.until(utc("2026-03-30T14:31"))
    assert holidays_of(world, ("2026-03-30", 2))
    world.until(utc("2026-03-31T07:31"))
    assert not holidays_of(world, ("2026-03-31", 1))


def test_who_has_chosen_a_country_needs_no_guess(begin: Begin) -> None:
    """Changed from the card, the line goes from it."""
    world = begin("2026-03-28T12:00")
    world.holidays = True
    world.person("UANA", BERLIN)
    world.set_up(["UANA"])
    world.until(utc("2026-03-30T07:31"))
    preferences.keep(world.session, world.at, world.workspace_id, "UANA", NO_COUNTRY, "")
    world.send()
    (mirror,) = world.mirrors(deck.VIEW)
    assert mirror.shown == mirror.wanted == 2
    assert not holidays_of(world, ("2026-03-30", 1))


@pytest.mark.parametrize("tz", ["UTC", "Europe/Vienna"])
def test_no_line_without_a_guess(begin: Begin, tz: str) -> None:
    """Vienna is Austria's; UTC is nobody's."""
    world = begin("2026-03-28T12:00")
    world.holidays = True
    world.person("UANA", tz)
    world.set_up(["UANA"])
    world.until(utc("2026-03-30T09:31"))
    told = world.card("UANA", MONDAY)
    assert ("public holidays" in told) == (tz == "Europe/Vienna")


# --- the order of cards


def test_what_is_owed_since_yesterday_comes_along_to_today_s_card(world: World) -> None:
    """A window longer than a day: Tuesday's one card holds what waits, Monday's is a line."""
    world.set_up(["UANA"], channel="C3", at=time(11), open_minutes=40 * 60)
    world.until(utc("2026-03-30T20:00"))
    world.until(utc("2026-03-31T07:31"))
    assert "Mon 30 March" in world.card("UANA", TUESDAY, 1)
    assert world.card("UANA", TUESDAY, 1).count("'Answer'") == 2
    assert "'Answer'" not in world.card("UANA", MONDAY, 2)
    world.answer("UANA", MONDAY, channel="C3")
    assert "Answered ✓" in world.card("UANA", TUESDAY, 1)
