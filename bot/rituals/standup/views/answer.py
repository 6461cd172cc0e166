"""The modal that a person answers in, and what they read where they can't."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.core.content import PLAIN_INPUT
from bot.core.text import spoken_date
from bot.rituals.standup.model import Problem
from bot.rituals.standup.questions import Question
from bot.slack import blocks

ANSWER = "standup.answer"
CLOSED = "standup.closed"


def answer_modal(
    prompt_id: int,
    on: date,
    channel: str,
    questions: Sequence[Question],
    said: Mapping[str, str],
) -> dict[str, Any]:
    """The modal that a person answers in."""
    asked = [
        blocks.input_block(
            one.key,
            one.text,
            blocks.text_input("text", said.get(one.key, ""), focus=index == 0),
            optional=not one.required,
        )
        for index, one in enumerate(questions)
    ]
    return blocks.modal(
        f"Stand-up {on:%a} {on.day} {on:%b}",
        [blocks.context(f"Shown in <#{channel}>. You can change it until it closes."), *asked],
        callback=ANSWER,
        submit="Save",
        close="Cancel",
        metadata=str(prompt_id),
    )


def errors(problems: Mapping[str, Problem]) -> dict[str, str]:
    """Problems where the person looks: under the input."""
    return {key: str(problem) for key, problem in problems.items()}


def closed_modal(on: date, said: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The run closed meanwhile; what was written is handed back, to copy."""
    head = f"The stand-up of {spoken_date(on)} has closed, so this was not saved."
    if not said:
        return blocks.notice("Closed", f"The stand-up of {spoken_date(on)} has closed.")
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
