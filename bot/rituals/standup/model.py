"""What a stand-up is configured to do, and what its use cases answer."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.actions.model import ItemShown
from bot.asking.terms import Terms
from bot.asking.upkeep.kinds import Kind
from bot.asking.upkeep.model import Act as Act
from bot.asking.upkeep.model import Done as Done
from bot.asking.upkeep.model import Started as Started
from bot.rituals.standup.questions import AI_ML, PlanFate, Question, Template

KIND = "standup"
TITLE = "Stand-up"
STANDUP = Kind(KIND, "stand-up")


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


class Ending(StrEnum):
    """Why a prompt takes no answer any more."""

    CLOSED = "closed"
    PAUSED = "paused"  # before it came to be asked
    DELETED = "deleted"
    OFF = "off"  # they are no longer on it, or the date is none of its any more


@dataclass(frozen=True)
class NothingOpen:
    """There is nothing to answer now; `next` is on the person's clock.

    From `opens` on, on that clock too, it may be answered. What is open of other kinds is named in
    `elsewhere`: that takes no words by message.
    """

    next: datetime | None
    on_any: bool
    opens: datetime | None = None
    elsewhere: tuple[str, ...] = ()


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


@dataclass(frozen=True)
class PlanBack:
    """An earlier plan that is shown back, and what was said of it so far."""

    date: date
    text: str
    fate: PlanFate | None = None


@dataclass(frozen=True)
class BlockedBack:
    """A blocker of an earlier run that is shown back."""

    id: int
    text: str
    since: date
    helper: str = ""  # who can unblock; their name
    resolved: bool = False
    item: ItemShown | None = None  # the action item that was made of it


class CantHelp(StrEnum):
    """Why somebody can't be named to unblock; it stands under the input."""

    THEMSELVES = "That is you. Choose somebody else who can help, or nobody."
    BOT = "A bot can't unblock you. Choose a person, or nobody."
    ELSEWHERE = (
        "They belong to another organisation, so Meridian doesn't write to them. "
        "Choose somebody else, or nobody."
    )
    GONE = "They have left this workspace. Choose somebody else, or nobody."
    NOTHING_BLOCKS = "Write above what blocks you: then they know what to help with."


@dataclass(frozen=True)
class Back:
    """What of earlier days is shown back to whoever answers."""

    plan: PlanBack | None = None
    blocked: tuple[BlockedBack, ...] = ()
    helper: str = ""  # who can unblock what this answer raised; their Slack id
    chosen: str | None = None  # in a form that is shown again: who was chosen in it instead


NOTHING_BACK = Back()
