"""What a stand-up asks: kinds of questions, and the templates to begin with."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Self
from zlib import crc32

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from bot.core.text import one_line

SCALE = ("1", "2", "3", "4", "5")
OPTION_TEXT = 75  # characters of an option that Slack shows
_MOST_OPTIONS = 10  # Slack's radio buttons and checkboxes hold no more


class Mood(StrEnum):
    """How somebody feels, from the best to the worst."""

    GREAT = "great"
    GOOD = "good"
    OKAY = "okay"
    LOW = "low"
    BAD = "bad"


class QuestionKind(StrEnum):
    """How a question is answered. Every answer is kept as text; `values` says how it is written."""

    TEXT = "text"  # several lines
    LINE = "line"  # one
    CHOICE = "choice"
    CHOICES = "choices"
    SCALE = "scale"  # 1 to 5
    MOOD = "mood"
    NUMBER = "number"
    ISSUES = "issues"  # of Jira, one a line: its key, then its summary where that is known
    BLOCKERS = "blockers"  # one a line; each becomes a row that stays until it is resolved


class Part(StrEnum):
    """What an answer means for the next day, where it means something."""

    DONE = "done"  # what came of the plan
    PLAN = "plan"  # shown back the next time


class PlanFate(StrEnum):
    """What came of an earlier plan; it is kept with the answers, under this key."""

    DONE = "plan_done"
    CARRIED = "plan_carried"


class Question(BaseModel):
    """One question; `key` is what answers are stored under, `short` heads them in the channel."""

    model_config = ConfigDict(frozen=True)

    key: str = Field(pattern=r"^[a-z][a-z0-9_]{0,29}$")
    kind: QuestionKind = QuestionKind.TEXT
    text: str
    short: str
    required: bool = False
    options: tuple[str, ...] = Field(default=(), max_length=_MOST_OPTIONS)
    part: Part | None = None

    @model_validator(mode="after")
    def _options_where_chosen(self) -> Self:
        choosing = self.kind in {QuestionKind.CHOICE, QuestionKind.CHOICES}
        if choosing != bool(self.options):
            raise ValueError("a question has options where one chooses, and only there")
        if any(not one or one != one_line(one) or len(one) > OPTION_TEXT for one in self.options):
            raise ValueError(f"an option is one line of at most {OPTION_TEXT} characters")
        if len({one.casefold() for one in self.options}) < len(self.options):
            raise ValueError("no two options of a question are the same")
        return self

    @field_validator("key")
    @classmethod
    def _not_reserved(cls, key: str) -> str:
        if key in set(PlanFate):
            raise ValueError(f"the key {key} is kept for what came of a plan")
        return key


def fingerprint(questions: Iterable[Question]) -> str:
    """A short mark of what is asked: it tells whether a form that was open still asks the same."""
    asked = [(one.key, one.kind.value, one.text, one.options) for one in questions]
    return f"{crc32(repr(asked).encode()):08x}"


class Template(StrEnum):
    AI_ML = "ai_ml"
    CLASSIC = "classic"
    OWN = "own"


_BLOCKERS = Question(
    key="blockers",
    kind=QuestionKind.BLOCKERS,
    text="What blocks you? One per line.",
    short="Blocked",
)

# In machine learning the honest answer is often what an experiment showed, not a finished task.
AI_ML = (
    Question(
        key="learned",
        text="What did you learn or finish?",
        short="Learned",
        required=True,
        part=Part.DONE,
    ),
    Question(key="next", text="What do you try next?", short="Next", part=Part.PLAN),
    _BLOCKERS,
    Question(
        key="confidence",
        kind=QuestionKind.SCALE,
        text="How confident are you that we reach the sprint's goal? 5 is sure.",
        short="Confidence",
    ),
)
CLASSIC = (
    Question(
        key="done",
        text="What did you get done since last time?",
        short="Done",
        required=True,
        part=Part.DONE,
    ),
    Question(key="next", text="What do you do next?", short="Next", part=Part.PLAN),
    _BLOCKERS,
)
TEMPLATES = {Template.AI_ML: AI_ML, Template.CLASSIC: CLASSIC}
