"""The contract that a ritual fulfils, and what it is given to work with."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from slack_bolt.async_app import AsyncApp
from sqlalchemy.orm import Session

from bot.core.content import Asks, Beside, Block, Content
from bot.engine.intake import Intake
from bot.engine.timers import Fired

Step = Callable[[Session, datetime, Sequence[Fired]], None]
"""Does what a list of due timers asks for, set-based, at a calendar instant.

It runs in the transaction that consumes the timers, and must be safe to run twice.
"""


RunOf = Callable[[Session, str], int | None]
"""The id of the run that a view's subject is about; None for none."""


def run_itself(_session: Session, subject: str) -> int | None:
    """Of a view whose subject is a run's id."""
    return int(subject)


@dataclass(frozen=True)
class View:
    """How a subject looks outside: loaded from SQL, drawn from what was loaded alone."""

    load: Callable[[Session, str, datetime], Any | None]
    draw: Callable[[Any], Content | None]  # None: there is nothing to show
    throttled: bool = False  # shows progress: refreshed now and then, but at once when it closes
    run_of: RunOf | None = None  # the run that a subject is about: others may add to its message


class Slice(Protocol):
    """What the timetable and the relay need of a slice of the bot."""

    @property
    def kind(self) -> str: ...
    @property
    def steps(self) -> Mapping[str, Step]: ...
    @property
    def views(self) -> Mapping[str, View]: ...


def _none_planned(_session: Session, _prompt_ids: Collection[int]) -> Collection[int]:
    return ()


def _no_news(_session: Session, _at: datetime, _person_id: int) -> Sequence[str]:
    return ()


def _as_usual(_session: Session, _prompt_ids: Collection[int]) -> Mapping[int, Asks]:
    return {}


@dataclass(frozen=True)
class OnCard:
    """What a kind of ritual puts on people's cards. A button's value is the prompt's id."""

    answer: str  # the action that opens a prompt
    same: str | None = None  # the action that opens it filled in with what was planned
    planned: Callable[[Session, Collection[int]], Collection[int]] = _none_planned
    """Of these prompts, those for which something was planned."""
    asks: Callable[[Session, Collection[int]], Mapping[int, Asks]] = _as_usual
    """How these prompts read, where that is not as usual."""
    by_message: bool = False  # what people write to the bot in their DM is their answer too
    news: Callable[[Session, datetime, int], Sequence[str]] = _no_news
    """What has happened since a person's last answer, in plain text, what matters most first."""


OnRun = Callable[[Session, datetime, int], Sequence[Block]]
"""What a slice adds to the message of another one's run, by the run's id."""


def _nothing_added(_session: Session, _at: datetime, _run_id: int) -> Sequence[Block]:
    return ()


def _no_help(_intake: Intake) -> str:
    return ""


@dataclass(frozen=True)
class OnHome:
    """What a kind of ritual offers on people's Home: actions, and how they read."""

    heading: str  # above those that somebody is on
    settings: str  # opens one's settings; the button's value is its id
    status: str  # tells how one stands just now; likewise
    all: str  # opens a list of them
    set_up: str  # opens the screen that sets one up
    set_up_label: str
    help: Callable[[Intake], str] = _no_help
    """What its commands do, in mrkdwn."""


def _nothing_to_do(_session: Session, _at: datetime, _person_ids: Collection[int]) -> None:
    return


@dataclass(frozen=True)
class Offer:
    """What a slice puts on people's cards and Homes beside what it asks them, if it asks at all."""

    on_card: Callable[[Session, datetime, int, date], Beside | None]
    """Of a person, on the card of a local date of theirs."""
    on_home: Callable[[Session, datetime, int], Beside | None]
    buttons: Mapping[str, str] = field(default_factory=dict)  # on Home: actions, and how they read
    changed: Callable[[Session, datetime, Collection[int]], None] = _nothing_to_do
    """These people have another time zone, have left, or are back."""
    roles_changed: Callable[[Session, datetime, Collection[int]], None] = _nothing_to_do
    """These people have another role in a team, or one less."""


PlanAnew = Callable[[Session, datetime, int], None]
"""Plans a ritual by its id, when its planning had come to a stop."""


@dataclass(frozen=True)
class Ritual:
    """One kind of ritual."""

    kind: str
    steps: Mapping[str, Step]
    views: Mapping[str, View]
    listen: Callable[[AsyncApp, Intake], None]
    on_card: OnCard | None = None  # None: it asks nobody by prompts
    on_home: OnHome | None = None
    daily: tuple[Callable[[Session, datetime], None], ...] = ()  # with the nightly retention
    offers: tuple[Offer, ...] = ()  # what it puts beside what people are asked
    on_run: OnRun = _nothing_added
    plan_anew: PlanAnew | None = None  # None: as what asks people by prompts is planned
