"""*Same as planned*: a day without change takes two taps."""

from datetime import date
from typing import Any

import pytest

from bot.rituals.standup import answers, same
from bot.rituals.standup.answers import Beside, Saved
from bot.rituals.standup.model import PlanBack
from bot.rituals.standup.questions import Part, PlanFate, Question, QuestionKind
from bot.rituals.standup.sheets import Closed, NotYours, Sheet
from tests.asking.conftest import Begin
from tests.asking.world import World, day, utc
from tests.rituals.standup.test_forms import ask

MONDAY, TUESDAY = day("2026-03-30"), day("2026-03-31")
OWN = (
    Question(key="done", text="Done?", short="Done", required=True, part=Part.DONE),
    Question(key="plan", text="Plan?", short="Plan", kind=QuestionKind.LINE, part=Part.PLAN),
    Question(key="one", text="?", short="?", kind=QuestionKind.CHOICE, options=("A", "B")),
    Question(key="some", text="?", short="?", kind=QuestionKind.CHOICES, options=("A", "B", "C")),
    Question(key="scale", text="?", short="?", kind=QuestionKind.SCALE),
    Question(key="mood", text="?", short="?", kind=QuestionKind.MOOD),
    Question(key="number", text="?", short="?", kind=QuestionKind.NUMBER),
    Question(key="issues", text="?", short="?", kind=QuestionKind.ISSUES),
    Question(key="free", text="?", short="?"),
)
SAID = {
    "done": "Much", "plan": "Train", "one": "B", "some": "A\nC", "scale": "4", "mood": "good",
    "number": "0.5", "issues": "ML-12 Train\nML-15", "free": "Only that day",
}  # fmt: skip


@pytest.fixture
def world(begin: Begin) -> World:
    """Monday 10:00 in Berlin."""
    world = begin("2026-03-28T12:00")
    world.person("UANA", "Europe/Berlin")
    world.person("UBO", "Europe/Berlin")
    world.set_up(["UANA", "UBO"])
    world.until(utc("2026-03-30T08:00"))
    return world


def say(world: World, on: date, said: dict[str, str], beside: Beside = answers.NOTHING) -> None:
    prompt = world.prompts(on)["UANA"].id
    result = answers.submit(
        world.session, world.at, world.workspace_id, "UANA", prompt, said, beside
    )
    assert isinstance(result, Saved), result


def opened(world: World, on: date = TUESDAY, who: str = "UANA") -> Any:
    prompt = world.prompts(on)["UANA"].id
    return same.same_sheet(world.session, world.at, world.workspace_id, who, prompt)


def test_the_second_tap_saves_a_whole_answer(world: World) -> None:
    """What was planned went on, is planned again, and the confidence is the same."""
    say(world, MONDAY, {"learned": "Much", "next": "Train", "confidence": "4", "blockers": "GPU"})
    world.until(utc("2026-03-31T08:00"))
    sheet = opened(world)
    assert sheet.said == {"learned": "As planned.", "next": "Train", "confidence": "4"}
    assert sheet.back.plan == PlanBack(MONDAY, "Train", PlanFate.CARRIED)
    assert [one.resolved for one in sheet.back.blocked] == [False]
    say(world, TUESDAY, sheet.said, Beside(sheet.back.plan.fate))
    found = world.prompts(TUESDAY)["UANA"]
    assert found.answered_at == world.at


def test_what_is_chosen_stays_chosen_and_what_is_written_does_not(world: World) -> None:
    """Of every kind; a free text was that day's."""
    ask(world, OWN)
    say(world, MONDAY, SAID)
    world.until(utc("2026-03-31T08:00"))
    ask(world, OWN, TUESDAY)
    kept = {key: text for key, text in SAID.items() if key != "free"}
    assert opened(world).said == kept | {"done": "As planned."}


def test_what_is_not_offered_any_more_is_left_open(world: World) -> None:
    """A choice that went, and a plan too long for the line that asks for it now."""
    ask(world, (OWN[0], OWN[1].model_copy(update={"kind": QuestionKind.TEXT}), OWN[2]))
    say(world, MONDAY, {"done": "Much", "plan": "x" * 200, "one": "A"})
    world.until(utc("2026-03-31T08:00"))
    ask(world, (*OWN[:2], OWN[2].model_copy(update={"options": ("B", "C")})), TUESDAY)
    assert opened(world).said == {"done": "As planned."}


def test_without_a_question_for_what_came_of_it_the_first_needed_one_says_so(world: World) -> None:
    own = (OWN[4], OWN[0].model_copy(update={"part": None}), OWN[1])
    ask(world, own)
    say(world, MONDAY, {"done": "Much", "plan": "Train"})
    world.until(utc("2026-03-31T08:00"))
    ask(world, own, TUESDAY)
    assert opened(world).said == {"done": "As planned.", "plan": "Train"}


def test_an_answer_that_was_given_meanwhile_is_shown_instead(world: World) -> None:
    """The card may stand on a screen that has not been updated."""
    say(world, MONDAY, {"learned": "Much", "next": "Train"})
    world.until(utc("2026-03-31T08:00"))
    say(world, TUESDAY, {"learned": "More", "next": "Test"})
    sheet = opened(world)
    assert isinstance(sheet, Sheet)
    assert sheet.said == {"learned": "More", "next": "Test"}
    assert sheet.back.plan == PlanBack(MONDAY, "Train")


def test_it_is_nobody_else_s_and_ends_with_the_run(world: World) -> None:
    say(world, MONDAY, {"learned": "Much", "next": "Train"})
    world.until(utc("2026-03-31T08:00"))
    assert opened(world, who="UBO") == NotYours()
    world.until(utc("2026-04-01T08:00"))
    assert isinstance(opened(world), Closed)


def test_the_card_offers_it_where_something_was_planned(world: World) -> None:
    """Not on the first day, and not to whoever planned nothing."""
    assert "standup.same" not in world.card("UANA", MONDAY)
    say(world, MONDAY, {"learned": "Much", "next": "Train"})
    world.until(utc("2026-03-31T08:00"))
    assert "standup.same" in world.card("UANA", TUESDAY)
    assert "standup.same" not in world.card("UBO", TUESDAY)
