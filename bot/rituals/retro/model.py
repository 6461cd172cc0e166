"""What a retro is configured to do, its stages, and what its use cases answer."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import Field

from bot.asking.terms import Terms
from bot.asking.upkeep.kinds import Kind
from bot.rituals.retro.templates import COLUMNS, Template

KIND = "retro"
TITLE = "Retro"
RETRO = Kind(KIND, "retro", "But notes that nobody has seen yet are deleted unread.")
NOTE = 500  # characters
FEWEST = 3  # writers below whom an anonymous retro shows nothing
TOP = 3  # topics that are discussed, and actions that are urged
MOST_VOTES = 10
_DAY = 24 * 60


class Stage(StrEnum):
    """Where a retro is."""

    COLLECT = "collect"
    SORT = "sort"  # the notes are shown, and may be merged before the vote
    VOTE = "vote"
    DISCUSS = "discuss"
    CLOSED = "closed"


class Config(Terms):
    """The configuration of a retro; `open_minutes` are those of collecting."""

    open_minutes: int = Field(default=_DAY, ge=15, le=7 * _DAY)
    remind_minutes: int = Field(default=120, ge=0)
    cut_short: bool = True
    sort_minutes: int = Field(default=120, ge=0, le=7 * _DAY)
    vote_minutes: int = Field(default=_DAY, ge=15, le=7 * _DAY)
    discuss_minutes: int = Field(default=2 * _DAY, ge=15, le=7 * _DAY)
    votes: int = Field(default=3, ge=1, le=MOST_VOTES)
    template: Template = Template.WELL
    columns: tuple[str, ...] = COLUMNS[Template.WELL]
    facilitator: str = ""  # a Slack id; "": whoever looks after it

    def lasting(self, minutes: int) -> dict[str, object]:
        """The same for a round of asking that lasts so long."""
        return self.model_copy(update={"open_minutes": minutes}).model_dump(mode="json")


# --- what comes of a use case


@dataclass(frozen=True)
class NoRetro:
    """There is no such retro under way."""


@dataclass(frozen=True)
class NotOnIt:
    """Whoever asks is not on this retro."""


@dataclass(frozen=True)
class NotStarting:
    """Only the owner may begin one, the facilitator of its settings or a workspace admin."""

    owner: str
    facilitator: str  # "": nobody beside the owner


@dataclass(frozen=True)
class NotLeading:
    """Only the facilitator may, the owner or a workspace admin."""

    facilitator: str


@dataclass(frozen=True)
class Past:
    """The stage that it belongs to is over, or has not begun."""

    stage: Stage
    retro_id: int
    anonymous: bool = False


@dataclass(frozen=True)
class Moved:
    """The retro is in another stage now; `ends` is when it is over, by the timetable."""

    retro_id: int
    title: str
    channel: str
    stage: Stage
    ends: datetime | None
    held: bool = False  # it waits for the facilitator: fewer than three took part


@dataclass(frozen=True)
class WouldDelete:
    """Closed now, its notes would be deleted unread: they could tell who wrote them."""

    title: str
    channel: str


@dataclass(frozen=True)
class MovedBefore:
    """It was moved a moment ago, so nothing was done."""

    by: str  # "": the timetable
    stage: Stage
    own: bool = False  # by whoever asks


@dataclass(frozen=True)
class Extended:
    """The stage ends later."""

    stage: Stage
    ends: datetime
    channel: str


@dataclass(frozen=True)
class Resting:
    """It is paused, so that nobody would be asked."""


@dataclass(frozen=True)
class UnderWay:
    """One is under way already in that channel."""

    stage: Stage
    channel: str
