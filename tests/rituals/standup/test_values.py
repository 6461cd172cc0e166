"""Every kind of question: what is read from a form or from words, refused, and spoken."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rituals.standup import values
from bot.rituals.standup.questions import AI_ML, TEMPLATES, Mood, Question, QuestionKind
from bot.rituals.standup.values import Problem

TOPICS = ("Data", "Training, tuning", "Evaluation")


def question(kind: QuestionKind, *, required: bool = False) -> Question:
    options = TOPICS if kind in {QuestionKind.CHOICE, QuestionKind.CHOICES} else ()
    return Question(key="q", kind=kind, text="?", short="Q", required=required, options=options)


def problem(kind: QuestionKind, text: str, *, required: bool = False) -> Problem | None:
    asked = question(kind, required=required)
    return values.problems([asked], values.tidy([asked], {"q": text})).get("q")


# --- read from a form


@pytest.mark.parametrize(
    ("state", "text"),
    [
        ({"type": "plain_text_input", "value": "Words"}, "Words"),
        ({"type": "plain_text_input", "value": None}, ""),
        ({"type": "number_input", "value": "0.5"}, "0.5"),
        ({"type": "radio_buttons", "selected_option": {"value": "Data"}}, "Data"),
        ({"type": "radio_buttons", "selected_option": None}, ""),
        ({"type": "static_select", "selected_option": {"value": "4"}}, "4"),
        ({"type": "checkboxes", "selected_options": [{"value": "a"}, {"value": "b"}]}, "a\nb"),
        ({"type": "checkboxes", "selected_options": []}, ""),
        ({"type": "multi_external_select", "selected_options": [{"value": "ML-1 a"}]}, "ML-1 a"),
        ({"type": "multi_external_select", "selected_options": []}, ""),
        ({"type": "users_select", "selected_user": "U1"}, "U1"),
        ({"type": "users_select", "selected_user": None}, ""),
        ({}, ""),
    ],
)
def test_each_input_s_state_is_read_as_text(state: dict[str, Any], text: str) -> None:
    assert values.entered(state) == text


# --- refused


@pytest.mark.parametrize(
    ("kind", "text", "wrong"),
    [
        (QuestionKind.TEXT, "x" * 3000, None),
        (QuestionKind.TEXT, "x" * 3001, Problem.TOO_LONG),
        (QuestionKind.LINE, "x" * 150, None),
        (QuestionKind.LINE, "x" * 151, Problem.LONG_LINE),
        (QuestionKind.LINE, "two\nlines", None),
        (QuestionKind.CHOICE, "Data", None),
        (QuestionKind.CHOICE, "data", Problem.NOT_OFFERED),
        (QuestionKind.CHOICES, "Data\nEvaluation", None),
        (QuestionKind.CHOICES, "Data\nDeployment", Problem.NOT_OFFERED),
        (QuestionKind.SCALE, "5", None),
        (QuestionKind.SCALE, "0", Problem.NOT_ON_SCALE),
        (QuestionKind.SCALE, "4.5", Problem.NOT_ON_SCALE),
        (QuestionKind.MOOD, "okay", None),
        (QuestionKind.MOOD, "meh", Problem.NO_MOOD),
        (QuestionKind.NUMBER, "-12.50", None),
        (QuestionKind.NUMBER, "1000000000", None),
        (QuestionKind.NUMBER, "1000000000.1", Problem.ABSURD),
        (QuestionKind.NUMBER, "1" + "0" * 49, Problem.ABSURD),
        (QuestionKind.NUMBER, "0.0000001", Problem.ABSURD),
        (QuestionKind.NUMBER, "twelve", Problem.NOT_A_NUMBER),
        (QuestionKind.NUMBER, "NaN", Problem.NOT_A_NUMBER),
        (QuestionKind.NUMBER, "1e5", Problem.NOT_A_NUMBER),
        (QuestionKind.ISSUES, "ML-12 Retrain the baseline\nOPS-3", None),
        (QuestionKind.ISSUES, "Retrain ML-12", Problem.NO_KEY),
        (QuestionKind.ISSUES, "ML-12\nand so on", Problem.NO_KEY),
        (QuestionKind.ISSUES, "ML-1 ".ljust(140, "x"), None),
        (QuestionKind.ISSUES, "ML-1 ".ljust(141, "x"), Problem.LONG_ISSUE),
        (QuestionKind.ISSUES, "\n".join(f"ML-{n}" for n in range(1, 21)), None),
        (QuestionKind.ISSUES, "\n".join(f"ML-{n}" for n in range(1, 22)), Problem.MANY_ISSUES),
        (QuestionKind.BLOCKERS, "GPU\n" * 20, None),
        (QuestionKind.BLOCKERS, "GPU\n" * 21, Problem.MANY_BLOCKERS),
        (QuestionKind.BLOCKERS, "x" * 3001, Problem.TOO_LONG),
    ],
)
def test_what_each_kind_takes(kind: QuestionKind, text: str, wrong: Problem | None) -> None:
    assert problem(kind, text) == wrong


@pytest.mark.parametrize("kind", QuestionKind)
def test_only_a_required_question_must_be_answered(kind: QuestionKind) -> None:
    """Blank is no answer, and fine where none is needed; the sentence says what to do."""
    chosen = kind in {QuestionKind.CHOICE, QuestionKind.CHOICES, QuestionKind.SCALE}
    chosen = chosen or kind is QuestionKind.MOOD
    assert problem(kind, " \n\u202e") is None
    needed = Problem.NOT_CHOSEN if chosen else Problem.EMPTY
    if kind is QuestionKind.ISSUES:  # chosen or written
        needed = Problem.NO_ISSUE
    assert problem(kind, " ", required=True) is needed


@pytest.mark.parametrize(
    ("text", "plain"),
    [("007", "7"), ("1.50", "1.5"), ("-0.0", "0"), (".5", "0.5"), ("+3.", "3"), ("٣", "3")],
)
def test_a_number_is_kept_plainly(text: str, plain: str) -> None:
    """So that the same number twice is no edit."""
    asked = question(QuestionKind.NUMBER)
    assert values.tidy([asked], {"q": text}) == {"q": plain}
    assert values.tidy([asked], {"q": plain}) == {"q": plain}


# --- spoken


@pytest.mark.parametrize(
    ("kind", "text", "spoken"),
    [
        (QuestionKind.TEXT, "Two\nlines", "Two\nlines"),
        (QuestionKind.CHOICE, "Data", "Data"),
        (QuestionKind.CHOICES, "Data\nEvaluation", "Data, Evaluation"),
        (QuestionKind.SCALE, "4", "4 of 5"),
        (QuestionKind.MOOD, "good", "🙂 Good"),
        (QuestionKind.MOOD, "kept from another kind", "kept from another kind"),
        (QuestionKind.NUMBER, "0.5", "0.5"),
        (QuestionKind.ISSUES, "ML-12 Retrain\nML-15", "ML-12 Retrain, ML-15"),
    ],
)
def test_how_an_answer_reads(kind: QuestionKind, text: str, spoken: str) -> None:
    assert values.spoken(question(kind), text) == spoken


def test_several_issues_stand_below_one_another_where_there_is_room() -> None:
    """One alone stays on its line."""
    asked = question(QuestionKind.ISSUES)
    assert values.in_full(asked, "ML-12 Retrain\nML-15") == "\n• ML-12 Retrain\n• ML-15"
    assert values.in_full(asked, "ML-12 Retrain") == "ML-12 Retrain"


# --- typed


@pytest.mark.parametrize(
    ("kind", "words", "answer"),
    [
        (QuestionKind.TEXT, "  Two\r\nlines ", "Two\nlines"),
        (QuestionKind.LINE, "Two\nlines", "Two lines"),
        (QuestionKind.CHOICE, "evaluation", "Evaluation"),
        (QuestionKind.CHOICE, "2", "Training, tuning"),
        (QuestionKind.CHOICE, "2.", "Training, tuning"),
        (QuestionKind.CHOICE, "Nothing of these", Problem.NOT_OFFERED),
        (QuestionKind.CHOICE, "4", Problem.NOT_OFFERED),
        (QuestionKind.CHOICE, "0", Problem.NOT_OFFERED),
        (QuestionKind.CHOICE, "²", Problem.NOT_OFFERED),
        (QuestionKind.CHOICES, "3 and 1", "Data\nEvaluation"),
        (QuestionKind.CHOICES, "data, EVALUATION", "Data\nEvaluation"),
        (QuestionKind.CHOICES, "training, tuning", "Training, tuning"),
        (QuestionKind.CHOICES, "data; training, tuning", "Data\nTraining, tuning"),
        (QuestionKind.CHOICES, "1, 1,", "Data"),
        (QuestionKind.CHOICES, "1, 7", Problem.NOT_OFFERED),
        (QuestionKind.SCALE, "4", "4"),
        (QuestionKind.SCALE, "4/5", "4"),
        (QuestionKind.SCALE, " 4 of 5", "4"),
        (QuestionKind.SCALE, "4.", "4"),
        (QuestionKind.SCALE, "6", Problem.NOT_ON_SCALE),
        (QuestionKind.SCALE, "quite", Problem.NOT_ON_SCALE),
        (QuestionKind.MOOD, "Good", "good"),
        (QuestionKind.MOOD, "🙂", "good"),
        (QuestionKind.MOOD, "🙂 Good", "good"),
        (QuestionKind.MOOD, ":slightly_smiling_face:", "good"),
        (QuestionKind.MOOD, "5", "bad"),
        (QuestionKind.MOOD, "so-so", Problem.NO_MOOD),
        (QuestionKind.NUMBER, "2,5", "2.5"),
        (QuestionKind.NUMBER, "2.5", "2.5"),
        (QuestionKind.NUMBER, "1,000", "1000"),
        (QuestionKind.NUMBER, "1.234,5", "1234.5"),
        (QuestionKind.NUMBER, "1,234.5", "1234.5"),
        (QuestionKind.NUMBER, "12 000", "12000"),
        (QuestionKind.NUMBER, "\N{MINUS SIGN}3", "-3"),
        (QuestionKind.NUMBER, "about 3", Problem.NOT_A_NUMBER),
        (QuestionKind.NUMBER, "1.2.3", Problem.NOT_A_NUMBER),
        (QuestionKind.ISSUES, "ml-12, ML-15", "ML-12\nML-15"),
        (QuestionKind.ISSUES, "ML-12 and ops-3; ML-12.", "ML-12\nOPS-3"),
        (QuestionKind.ISSUES, "ML-12: Retrain, then ML-15", "ML-12 Retrain, then ML-15"),
        (QuestionKind.ISSUES, "ML-12, ML-15 - Fix it", "ML-12\nML-15 Fix it"),
        (QuestionKind.ISSUES, "https://a.example/browse/ML-12?focus=1", "ML-12"),
        (QuestionKind.ISSUES, "the baseline", Problem.NO_KEY),
        (QuestionKind.BLOCKERS, "- GPU\n- Data", "- GPU\n- Data"),
    ],
)
def test_answers_typed_in_a_conversation(kind: QuestionKind, words: str, answer: str) -> None:
    assert values.typed(question(kind), words) == answer


@given(st.sampled_from(QuestionKind), st.text())
def test_whatever_is_typed_is_stored_or_refused(kind: QuestionKind, words: str) -> None:
    """What `typed` takes, a submit takes too; nothing fails."""
    asked = question(kind)
    found = values.typed(asked, words)
    if not isinstance(found, Problem):
        assert values.tidy([asked], {"q": found}) == {"q": found}
        assert values.problems([asked], {"q": found}) == {}
        values.spoken(asked, found)


# --- questions


@pytest.mark.parametrize("options", [("a", "A"), ("",), ("two\nlines",), ("x" * 76,), ("x",) * 11])
def test_options_that_slack_or_a_reader_could_not_tell_apart(options: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"option|items"):
        Question(key="q", kind=QuestionKind.CHOICE, text="?", short="Q", options=options)


@pytest.mark.parametrize("key", ["plan_done", "plan_carried", "Plan", ""])
def test_keys_that_are_kept_for_something_else(key: str) -> None:
    with pytest.raises(ValueError, match="key"):
        Question(key=key, text="?", short="Q")


@pytest.mark.parametrize("template", TEMPLATES.values())
def test_only_the_first_question_is_required(template: tuple[Question, ...]) -> None:
    assert [one.required for one in template] == [True] + [False] * (len(template) - 1)
    assert len({one.key for one in template}) == len(template)


def test_ai_ml_asks_what_was_learned_what_next_what_blocks_and_how_confident() -> None:
    assert [one.short for one in AI_ML] == ["Learned", "Next", "Blocked", "Confidence"]
    assert AI_ML[-1].kind is QuestionKind.SCALE
    assert len(Mood) == 5
