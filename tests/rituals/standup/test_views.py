"""The modals: within Slack's limits, and nothing in them is markup."""

import json
from datetime import date

import pytest

from bot.rituals.standup import values
from bot.rituals.standup.model import NothingOpen
from bot.rituals.standup.questions import AI_ML, Question, QuestionKind
from bot.rituals.standup.values import Problem, blockers
from bot.rituals.standup.views import answer, words
from bot.sandbox.blocks import check_view
from bot.sandbox.values import state as values_of
from tests.asking.world import utc
from tests.rituals.standup.drawn import LONG

MONDAY = date(2026, 3, 30)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("GPU\nData", ["GPU", "Data"]),
        ("- GPU\n• Data\n* Quota", ["GPU", "Data", "Quota"]),
        ("None.", []),
        ("no\n\n - ", []),
        ("No data from legal", ["No data from legal"]),
    ],
)
def test_blockers_of_an_answer(text: str, found: list[str]) -> None:
    """One a line, without list marks; a word for "none" is none."""
    assert blockers(text) == found


# --- modals


@pytest.mark.parametrize("said", [{}, dict.fromkeys(("learned", "next", "blockers"), LONG)])
def test_the_answer_modal(said: dict[str, str]) -> None:
    """Empty or full to the brim, on the longest date: a valid modal that carries what was said."""
    modal = answer.answer_modal(7, date(2026, 9, 30), "C1", AI_ML, said)
    check_view(modal, "modal")
    assert modal["private_metadata"].split(" ")[0] == "7"
    assert len(modal["title"]["text"]) <= 24
    assert json.dumps(modal, ensure_ascii=False).count(LONG) == len(said)


def every_kind() -> tuple[Question, ...]:
    """A question of each kind; those of choice have as many options, as long, as Slack allows."""
    longest = tuple(f"{number} ".ljust(75, "x") for number in range(10))
    chosen = {QuestionKind.CHOICE: longest, QuestionKind.CHOICES: longest}
    return tuple(
        Question(key=kind.value, kind=kind, text=kind, short=kind, options=chosen.get(kind, ()))
        for kind in QuestionKind
    )


FILLED = {
    "text": "One",
    "line": "Two",
    "choice": "3 ".ljust(75, "x"),
    "choices": "\n".join(f"{number} ".ljust(75, "x") for number in (0, 9)),
    "scale": "5",
    "mood": "low",
    "number": "-0.5",
    "issues": "ML-12 Retrain the baseline\nML-15",
    "blockers": "GPU",
}


@pytest.mark.parametrize("said", [{}, FILLED, dict.fromkeys(FILLED, "no longer offered")])
def test_the_modal_has_an_input_of_each_kind(said: dict[str, str]) -> None:
    """Empty or filled in; a choice that isn't offered any more is left open, not refused."""
    gone = said.get("choice") == "no longer offered"
    # What is stored of a number always is one.
    questions = tuple(one for one in every_kind() if not (gone and one.key == "number"))
    modal = answer.answer_modal(7, MONDAY, "C1", questions, said)
    check_view(modal, "modal")
    elements = {block["block_id"]: block["element"] for block in modal["blocks"][1:]}
    assert {one["action_id"] for one in elements.values()} == {"text"}
    state = values_of(modal["blocks"], {})["values"]
    shown = {key: values.entered(entry["text"]) for key, entry in state.items()}
    if not gone:
        assert shown == dict.fromkeys(FILLED, "") | said | {"-helper": ""}
    else:
        assert (shown["choice"], shown["choices"], shown["scale"], shown["mood"]) == ("",) * 4


@pytest.mark.parametrize(
    ("questions", "said"),
    [
        (AI_ML, "when it closes, and what blocks you at once. You"),
        (AI_ML[:1], "when it closes. You"),
    ],
)
def test_what_waits_for_the_close_is_said_to(questions: tuple[Question, ...], said: str) -> None:
    """But what blocks somebody does not wait: others may help."""
    modal = answer.answer_modal(7, MONDAY, "C1", questions, {}, at_close=True)
    assert f"Shown in <#C1> {said} can change it until then." in str(modal["blocks"][0])


def test_a_choice_that_need_not_be_made_can_be_taken_back() -> None:
    """In a menu, which Slack lets people clear; one that must be made is in sight as a whole."""
    optional = next(one for one in every_kind() if one.kind is QuestionKind.CHOICE)
    for required, kind in ((False, "static_select"), (True, "radio_buttons")):
        questions = (optional.model_copy(update={"required": required}),)
        block = answer.answer_modal(7, MONDAY, "C1", questions, {})["blocks"][1]
        assert (block["optional"], block["element"]["type"]) == (not required, kind)


@pytest.mark.parametrize("length", [1, 3000, 3001, 40_000])
def test_the_closed_modal_hands_back_every_character(length: int) -> None:
    """However long it was, all of it can be copied."""
    text = "".join(chr(97 + number % 26) for number in range(length))
    modal = answer.closed_modal(MONDAY, [(question.text, text) for question in AI_ML])
    check_view(modal, "modal")
    back = [block["element"]["initial_value"] for block in modal["blocks"][1:]]
    assert "".join(back) == text * len(AI_ML)
    assert "was not saved" in str(modal)
    assert "was not saved" not in str(answer.closed_modal(MONDAY, ()))


def test_when_nothing_is_open() -> None:
    """The next moment, or that there is none, or how to start."""
    due = utc("2026-03-31T09:30")
    assert "Tue 31 March, 09:30" in words.nothing_open(NothingOpen(due, True), "/standup")
    assert "App Home" in words.nothing_open(NothingOpen(None, True), "/standup")
    assert "/standup setup" in words.nothing_open(NothingOpen(None, False), "/standup")


def test_problems_stand_under_their_inputs() -> None:
    """By question, in a sentence."""
    assert answer.errors({"learned": Problem.EMPTY, "next": Problem.TOO_LONG}) == {
        "learned": "Please write a line here: this one is needed.",
        "next": "Please keep this to 3,000 characters. Nothing has been cut.",
    }
