"""What a stand-up asks, and the pure rules of its answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.asking.terms import Terms
from bot.core.content import PLAIN_INPUT
from bot.core.text import clean
from bot.rituals.standup.questions import AI_ML, Question, Template

KIND = "standup"
TITLE = "Stand-up"


class Reveal(StrEnum):
    """When answers are shown in the channel."""

    AT_ONCE = "at once"
    AT_CLOSE = "at close"


class Layout(StrEnum):
    """Where answers stand."""

    LINES = "lines"  # in the run's own message
    REPLIES = "replies"  # one each below it


class Config(Terms):
    """The configuration of a stand-up."""

    template: Template = Template.AI_ML
    questions: tuple[Question, ...] = AI_ML
    reveal: Reveal = Reveal.AT_ONCE
    layout: Layout = Layout.LINES


class Problem(StrEnum):
    """What is wrong with the answer to one question, as the person reads it."""

    EMPTY = "Please write a line here: this one is needed."
    TOO_LONG = f"Please keep this to {PLAIN_INPUT:,} characters. Nothing has been cut."


def tidy(said: Mapping[str, str]) -> dict[str, str]:
    """Answers as they are stored: without control characters and blank ends."""
    return {key: clean(text).strip() for key, text in said.items()}


def problems(questions: tuple[Question, ...], said: Mapping[str, str]) -> dict[str, Problem]:
    """What keeps these tidied answers from being stored, by question key."""
    found: dict[str, Problem] = {}
    for question in questions:
        text = said.get(question.key, "")
        if question.required and not text:
            found[question.key] = Problem.EMPTY
        elif len(text) > PLAIN_INPUT:
            found[question.key] = Problem.TOO_LONG
    return found


def blockers(text: str) -> list[str]:
    """The blockers in an answer, one a line; list marks and words for "none" are left out."""
    lines = (line.strip().lstrip("-*•").strip() for line in text.splitlines())
    return [line for line in lines if line and line.lower().rstrip(".!") not in _NONE]


_NONE = frozenset({"no", "none", "nothing", "nope", "n/a", "na", "-", "no blockers", "nichts"})


@dataclass(frozen=True)
class Started:
    """A stand-up runs; `first_asked` is the setter's own next moment, on their clock."""

    ritual_id: int
    first_asked: datetime | None
    people: int
    changed: bool


@dataclass(frozen=True)
class NothingOpen:
    """There is nothing to answer now; `next` is on the person's clock.

    From `opens` on, on that clock too, it may be answered.
    """

    next: datetime | None
    on_any: bool
    opens: datetime | None = None


@dataclass(frozen=True)
class Choosable:
    """One of several stand-ups that are open for a person."""

    prompt_id: int
    title: str
    channel: str
    date: date
    answered: bool


@dataclass(frozen=True)
class Choice:
    """Several are open: the person says which. What is not answered comes first."""

    among: tuple[Choosable, ...]
