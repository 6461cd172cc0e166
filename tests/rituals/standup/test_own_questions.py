"""Questions of one's own, as somebody types them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.rituals.standup.own_questions import BadQuestions, parse, written
from bot.rituals.standup.questions import AI_ML, CLASSIC, Part, Question, QuestionKind

EVERY_KIND = """\
What did you find out?
What comes next? [short]
Which area? [choice: data, model, infra] *
Which metrics moved? [choices: AUC, recall]
How sure are you? [scale] *
How are you? [mood]
GPU hours? [number]
What are you at? [issues]
What holds you up? [blockers]"""


def problem(typed: str) -> str:
    with pytest.raises(BadQuestions) as refused:
        parse(typed, ())
    return refused.value.message


def keys(questions: tuple[Question, ...]) -> dict[str, str]:
    return {one.text: one.key for one in questions}


# --- read


def test_every_kind() -> None:
    """What stands in brackets is how it is answered, a star that an answer is needed."""
    found = parse(EVERY_KIND, ())
    assert [one.kind.value for one in found] == [
        "text",
        "line",
        "choice",
        "choices",
        "scale",
        "mood",
        "number",
        "issues",
        "blockers",
    ]
    assert [one.required for one in found] == [True, False, True, *[False, True], *[False] * 4]
    assert found[2].text == "Which area?"
    assert found[2].options == ("data", "model", "infra")


@pytest.mark.parametrize(
    "typed",
    [
        "One? [short] *",
        "One? * [short]",
        "One?*[SHORT]",
        "- One? [ short ]*",
        "1. One? [short]*",
        "\n\n  •  One?\t[short]  *\u2028",
    ],
)
def test_as_people_type_it(typed: str) -> None:
    """Lists are pasted, cases mixed, blanks left out."""
    (one,) = parse(typed, ())
    assert (one.text, one.kind, one.required) == ("One?", QuestionKind.LINE, True)


def test_what_heads_the_answers_is_short() -> None:
    """In the channel there is little room."""
    long = "What is it that you have been wondering about since we met?"
    assert [one.short for one in parse(f"Wins?\n{long}", ())] == [
        "Wins",
        "What is it that you hav…",
    ]


def test_a_pasted_template_is_the_template() -> None:
    """With its keys and what its answers mean the next day."""
    for template in (AI_ML, CLASSIC):
        assert parse(written(template), ()) == template


# --- written again


@given(st.lists(st.sampled_from(EVERY_KIND.splitlines()), min_size=1, max_size=8, unique=True))
def test_an_edit_begins_with_the_same_lines(lines: list[str]) -> None:
    """Whatever was typed in its plain form stands there again."""
    first, *rest = lines
    typed = "\n".join([first.removesuffix(" *"), *rest])
    assert written(parse(typed, ())) == typed


@given(st.text(max_size=400))
@example("- 1. - Lists of lists?")
@example("Stars? * **")
@example("Stars? ** [mood] **")
@example("**")
@example("-*")
def test_any_text_is_read_or_refused(typed: str) -> None:
    """Nothing else comes of it; and what is read is read the same again, keys and all."""
    try:
        found = parse(typed, ())
    except BadQuestions:
        return
    assert parse(written(found), found) == found
    assert len({one.key for one in found}) == len(found)


# --- keys


def test_a_moved_line_is_the_question_that_it_was() -> None:
    """And so is one taken out, and put back later."""
    before = parse("One?\nTwo?\nThree? [mood]", ())
    moved = parse("Three? [mood]\nOne?", before)
    assert keys(moved).items() <= keys(before).items()
    assert keys(parse("Two?\nOne?", moved)).items() <= keys(before).items()


def test_a_lightly_changed_line_is_the_question_that_it_was() -> None:
    """A typo mended, a word added; but not another question in its place."""
    before = parse("What did you fnd out?\nHow are you? [mood]", ())
    after = parse("What did you find out today?\nHow are you all? [mood]", before)
    assert [one.key for one in after] == [one.key for one in before]
    other = parse("Which dragon did you slay?\nHow are you? [mood]", before)
    assert other[0].key != before[0].key
    assert other[1].key == before[1].key


def test_answered_in_another_way_it_is_another_question() -> None:
    """A mood is no text."""
    before = parse("How are you?", ())
    assert parse("How are you? [mood]", before)[0].key != before[0].key


def test_what_a_plan_means_survives_a_change_of_words() -> None:
    """Starting from a template's lines, its plan is shown back still."""
    after = parse("What did you learn or finish?\nWhat do you try next week?", AI_ML)
    assert [(one.key, one.part) for one in after] == [("learned", Part.DONE), ("next", Part.PLAN)]
    assert after[1].short == "Next"


def test_an_old_wording_that_comes_back_beside_the_new_one() -> None:
    """Two questions, two keys."""
    first = parse("What did you fnd out?", ())
    second = parse("What did you find out?", first)
    third = parse("What did you find out?\nWhat did you fnd out?", second)
    assert third[0].key == first[0].key
    assert third[1].key != first[0].key


# --- refused


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Write at least one question, one a line."),
        (" \n\t", "Write at least one question, one a line."),
        ("\n".join(f"Question {n}?" for n in range(11)), "These are 11 questions"),
        ("One?\n[mood]", "Line 2 has no question before its brackets."),
        ("One?\n*", "Line 2 has no question"),
        ("x" * 151, "Line 1 has 151 characters; please keep a question to 150."),
        ("One? [stars]", "Line 1: there is no [stars]. There are [long], [short], [choice: a, b]"),
        ("One?\nTwo? [choice: yes]", "Line 2 takes 2 to 10 options, with commas between"),
        ("One? [choice]", "[choice: yes, no]. It has 0."),
        (f"One? [choices: {','.join('abcdefghijk')}]", "It has 11."),
        (f"One? [choice: a, {'b' * 76}]", "Line 1: please keep an option to 75 characters: “bbb"),
        ("One? [choice: Yes, yes]", "Line 1 offers the same option twice."),
        ("One? [mood: good]", "Line 1: only [choice: …] and [choices: …] have options."),
        ("One?\nTwo?\none? [mood]", "Line 3 asks the same as line 1."),
        ("A? [blockers]\nB? [blockers]", "Lines 1 and 2 both ask for blockers; one may."),
    ],
)
def test_what_is_wrong_is_said_with_its_line(typed: str, sentence: str) -> None:
    """And what would be right."""
    assert sentence in problem(typed)
