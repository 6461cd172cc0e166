"""The modal that a person answers in, and what they read where they can't."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, assert_never

from slack_sdk.models.blocks import InputInteractiveElement

from bot.core.content import PLAIN_INPUT, Block
from bot.core.text import spoken_date
from bot.rituals.standup import values
from bot.rituals.standup.model import Ending
from bot.rituals.standup.questions import SCALE, Mood, Question, QuestionKind
from bot.rituals.standup.values import Problem
from bot.slack import blocks, inputs

ANSWER = "standup.answer"
CLOSED = "standup.closed"
SAID = "text"  # the action of every question's input: all answers are text
_SCALE = {one: one for one in SCALE}
_MOODS = {mood.value: values.spoken_mood(mood) for mood in Mood}


def answer_modal(
    prompt_id: int,
    on: date,
    channel: str,
    questions: Sequence[Question],
    said: Mapping[str, str],
) -> dict[str, Any]:
    """The modal that a person answers in."""
    asked = [
        _asked(one, said.get(one.key, ""), focus=index == 0) for index, one in enumerate(questions)
    ]
    return blocks.modal(
        f"Stand-up {on:%a} {on.day} {on:%b}",
        [blocks.context(f"Shown in <#{channel}>. You can change it until it closes."), *asked],
        callback=ANSWER,
        submit="Save",
        close="Cancel",
        metadata=str(prompt_id),
    )


def _asked(question: Question, said: str, *, focus: bool) -> Block:
    element = _input(question, said, focus=focus)
    return blocks.input_block(question.key, question.text, element, optional=not question.required)


def _input(question: Question, said: str, *, focus: bool) -> InputInteractiveElement:
    match question.kind:
        case QuestionKind.TEXT | QuestionKind.BLOCKERS:
            return blocks.text_input(SAID, said, focus=focus)
        case QuestionKind.LINE:
            return inputs.line_input(SAID, said, longest=values.LINE_INPUT, focus=focus)
        case QuestionKind.CHOICE:
            return inputs.radio(SAID, _same(question.options), said, focus=focus)
        case QuestionKind.CHOICES:
            return inputs.checkboxes(SAID, _same(question.options), said.splitlines(), focus=focus)
        case QuestionKind.SCALE:
            return inputs.menu(SAID, _SCALE, said, hint="1 to 5", focus=focus)
        case QuestionKind.MOOD:
            return inputs.menu(SAID, _MOODS, said, hint="Choose …", focus=focus)
        case QuestionKind.NUMBER:
            most = values.NUMBER_INPUT
            return inputs.number_input(SAID, said, least=-most, most=most, focus=focus)
        case _:
            assert_never(question.kind)


def _same(options: Sequence[str]) -> dict[str, str]:
    return {one: one for one in options}


def errors(problems: Mapping[str, Problem]) -> dict[str, str]:
    """Problems where the person looks: under the input."""
    return {key: str(problem) for key, problem in problems.items()}


def closed_modal(
    on: date, said: Sequence[tuple[str, str]], why: Ending = Ending.CLOSED
) -> dict[str, Any]:
    """It ended meanwhile; what was written is handed back, to copy."""
    ended = _ended(on, why)
    if not said:
        return blocks.notice("Closed", f"{ended}.")
    head = f"{ended}, so this was not saved."
    back = [
        blocks.input_block(
            f"back_{index}_{start}",
            question,
            blocks.text_input("text", text[start : start + PLAIN_INPUT]),
            optional=True,
        )
        for index, (question, text) in enumerate(said)
        for start in range(0, len(text), PLAIN_INPUT)
    ]
    shown = [blocks.section(f"{head} Here is your text, to copy:"), *back]
    return blocks.modal("Closed", shown, callback=CLOSED, submit="OK")


def _ended(on: date, why: Ending) -> str:
    match why:
        case Ending.CLOSED:
            return f"The stand-up of {spoken_date(on)} has closed"
        case Ending.PAUSED:
            return "This stand-up is paused"
        case Ending.DELETED:
            return "This stand-up was deleted"
        case Ending.OFF:
            return f"You are not asked in the stand-up of {spoken_date(on)} any more"
        case _:
            assert_never(why)
