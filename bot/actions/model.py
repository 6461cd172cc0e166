"""What an action item is, as use cases, views and listeners pass it on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bot.core.content import PLAIN_INPUT
from bot.core.states import LIVE_ITEMS, ItemState

WHAT = 255  # characters; Jira takes as many in a summary, which may come back from there
DETAILS = PLAIN_INPUT
REASON = 300


class Scope(StrEnum):
    """Which action items a list shows."""

    MINE = "mine"
    TEAM = "team"
    OVERDUE = "overdue"  # mine and the team's
    ASKED = "asked"  # that I gave to others
    CLOSED = "closed"  # mine and the team's, done or dropped lately


@dataclass(frozen=True)
class ItemShown:
    """An action item as people see it."""

    id: int
    what: str
    state: ItemState
    today: date  # on its owner's clock, as is the day it is due
    owner: str = ""  # their name; "" where nobody has it
    due: date | None = None
    raiser: str = ""
    giver: str = ""  # who gave it to its owner, where that was somebody else
    details: str = ""
    reason: str = ""  # why it was dropped
    channel: str = ""
    issue_key: str = ""
    issue_url: str = ""  # where people open it
    note: str = ""  # where Jira had its own way

    @property
    def live(self) -> bool:
        """Whether something is still to be done."""
        return self.state in LIVE_ITEMS

    @property
    def days_late(self) -> int:
        """Days since it was due; 0 where it is not late."""
        if self.due is None or not self.live:
            return 0
        return max(0, (self.today - self.due).days)

    @property
    def is_due(self) -> bool:
        """Whether it is due today or late."""
        return self.live and self.due is not None and self.due <= self.today


@dataclass(frozen=True)
class Place:
    """Where an item comes from; it travels with the form that raises it."""

    channel: str = ""
    channel_name: str = ""
    message_ts: str = ""
    thread_ts: str = ""  # of the thread that shows it; "": none does
    blocker_id: int | None = None
    ritual_id: int | None = None
    run_id: int | None = None


@dataclass(frozen=True)
class Typed:
    """What the form says; the owner by Slack id."""

    what: str
    owner: str
    due: date | None
    details: str = ""
    ticket: bool = False


@dataclass(frozen=True)
class Proposed:
    """What a form begins with. What is submitted twice with one key is one item."""

    key: str
    place: Place
    what: str = ""
    owner: str = ""  # a Slack id; "": whoever opens it
    due: date | None = None  # None: a week ahead
    details: str = ""
    about: str = ""  # where it comes from, in mrkdwn
    hidden: str = ""  # why its place will not show it, in mrkdwn


@dataclass(frozen=True)
class Behind:
    """What a form was opened from, to be told or drawn anew when it is sent."""

    view: str = ""  # the id of the modal below it, a list
    listed: str = ""  # what that shows
    reply: str = ""  # where to answer the command that opened it
    here: str = ""  # the channel that it was opened in


@dataclass(frozen=True)
class FormShown:
    """The form that raises an item, or changes one."""

    key: str
    place: Place
    what: str
    owner: str  # a Slack id
    due: date | None
    details: str
    ticket: bool
    project: str = ""  # where its ticket goes; "": it can have none
    item_id: int | None = None  # None: a new one
    issue_key: str = ""
    issue_url: str = ""
    issue: bool = False  # it has a ticket, whose words are Jira's by now
    note: str = ""
    about: str = ""  # where it comes from, in mrkdwn
    hidden: str = ""  # why its place will not show it, in mrkdwn


# --- what comes of a use case


@dataclass(frozen=True)
class Noted:
    """It is as they wish."""

    item: ItemShown
    new: bool = False


@dataclass(frozen=True)
class Wrong:
    """Not stored: what is wrong, by input."""

    problems: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Gone:
    """There is no such item, or blocker."""


@dataclass(frozen=True)
class NotTheirs:
    """Whoever asks is neither on its team nor has to do with it."""

    owner: str


@dataclass(frozen=True)
class Settled:
    """It was done or dropped meanwhile, so nothing was changed."""

    item: ItemShown


@dataclass(frozen=True)
class Exists:
    """Somebody else made one of the same blocker meanwhile."""

    item: ItemShown


Refusal = Gone | NotTheirs | Settled


@dataclass(frozen=True)
class DayShown:
    """A person's action items on one local date of theirs."""

    due: tuple[ItemShown, ...] = ()  # today or earlier, what is latest first
    new: tuple[ItemShown, ...] = ()  # given to them, and not shown before
    closed: tuple[ItemShown, ...] = ()  # that stood there until they were done or dropped
    left: tuple[ItemShown, ...] = ()  # of others who left: theirs to give to somebody
    open: int = 0  # all that they have to do


@dataclass(frozen=True)
class Page:
    """One page of a list of action items."""

    scope: Scope
    number: int  # from 0
    pages: int
    total: int
    items: tuple[ItemShown, ...]
    channel: str = ""  # whose team is meant; "": none
