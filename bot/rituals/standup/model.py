"""What a stand-up asks, and the pure rules of its answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from bot.asking.terms import Terms
from bot.core.content import PLAIN_INPUT
from bot.core.text import clean

KIND = "standup"
TITLE = "Stand-up"


class QuestionKind(StrEnum):
    TEXT = "text"
    BLOCKERS = "blockers"  # one a line; shown first in the summary


class Question(BaseModel):
    """One question; `key` is what answers are stored under, `short` heads them in the channel."""

    model_config = ConfigDict(frozen=True)

    key: str = Field(pattern=r"^[a-z_]{1,30}$")
    kind: QuestionKind = QuestionKind.TEXT
    text: str
    short: str
    required: bool = False


# In machine learning the honest answer is often what an experiment showed, not a finished task.
AI_ML = (
    Question(key="learned", text="What did you learn or finish?", short="Learned", required=True),
    Question(key="next", text="What do you try next?", short="Next"),
    Question(
        key="blockers",
        kind=QuestionKind.BLOCKERS,
        text="What blocks you? One per line.",
        short="Blocked",
    ),
)


class Config(Terms):
    """The configuration of a stand-up."""

    questions: tuple[Question, ...] = AI_ML


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
    """There is nothing to answer now; `next` is on the person's clock."""

    next: datetime | None
    on_any: bool
