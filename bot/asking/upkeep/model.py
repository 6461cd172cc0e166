"""What the use cases of upkeep answer, and what their screens are filled with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from bot.asking.terms import Terms
from bot.core.cadence import Cadence


class Form(Protocol):
    """What stands in a kind's setup screen: at least who is asked. Frozen."""

    @property
    def members(self) -> tuple[str, ...]: ...  # Slack ids
    @property
    def title(self) -> str: ...


F = TypeVar("F", bound=Form)
C = TypeVar("C", bound=Terms)


class Act(StrEnum):
    """What can be done to a ritual as a whole."""

    PAUSE = "pause"
    RESUME = "resume"
    DELETE = "delete"


@dataclass(frozen=True)
class Done:
    """It is done. `already` where it had been so before."""

    act: Act
    ritual_id: int
    title: str
    channel: str
    already: bool = False


@dataclass(frozen=True)
class NotOwner:
    """It is somebody else's."""

    owner: str


@dataclass(frozen=True)
class Gone:
    """There is no such ritual (any more)."""


@dataclass(frozen=True)
class Plan(Generic[C]):
    """What the setup screen says, once it makes sense."""

    channel: str
    channel_name: str
    members: tuple[str, ...]  # Slack ids
    cadence: Cadence
    key: str  # of the modal: a second submit of it edits
    title: str
    config: C
    owner: str = ""  # a Slack id; "": whoever it is, or starts it


@dataclass(frozen=True)
class Started:
    """A ritual runs; `first_asked` is the setter's own next moment, on their clock."""

    ritual_id: int
    first_asked: datetime | None
    people: int
    changed: bool
    paused: bool = False
    note: str = ""  # about its time


@dataclass(frozen=True)
class Outsiders:
    """People of another organisation were chosen, where no admin allows guests."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Typed(Generic[F]):
    """What somebody submits."""

    key: str
    channel: str
    channel_name: str
    ritual_id: int | None  # None: a new one
    form: F
    owner: str = ""  # a Slack id; "": as it is
    was: Mapping[str, Any] = field(default_factory=dict)
    """What a screen of settings began with, by field of the form that it asks, and its owner."""


@dataclass(frozen=True)
class Wrong:
    """Not stored: what is wrong, by field."""

    problems: Mapping[str, str]


@dataclass(frozen=True)
class Exists:
    """Somebody else set one up in that channel meanwhile."""

    ritual_id: int
    channel: str
    owner: str


Submitted = Started | Wrong | NotOwner | Outsiders | Gone | Exists


@dataclass(frozen=True)
class Meant(Generic[C]):
    """What a form means."""

    title: str
    cadence: Cadence
    config: C


@dataclass(frozen=True)
class Settings(Generic[F, C]):
    """A ritual as it is set."""

    ritual_id: int
    channel: str
    channel_name: str
    form: F
    owner: str  # a Slack id
    owner_name: str
    names: tuple[str, ...]  # of those on it
    cadence: Cadence
    config: C
    paused: bool
    may_change: bool  # whether who asks may


@dataclass(frozen=True)
class Place:
    """Which ritual a setup screen is about; it travels with the screen."""

    key: str  # of the screen: a second submit of it changes what the first one made
    channel: str = ""  # "" while none is chosen
    channel_name: str = ""
    ritual_id: int | None = None  # whose settings these are; None: a new one
    picks: bool = False  # the channel is chosen on the screen
    barred: str = ""  # the one that is chosen there, and won't do
    more: bool = False  # the long form


@dataclass(frozen=True)
class SetupShown(Generic[F]):
    """What the setup screen is filled with."""

    place: Place
    form: F
    note: str = ""  # about the time
    refusal: str = ""  # why the chosen channel won't do, in mrkdwn
    taken: int | None = None  # the ritual that the chosen channel has already
    owner: str = ""  # of settings: a Slack id
    paused: bool = False
    said: str = ""  # what has just been done, in mrkdwn
