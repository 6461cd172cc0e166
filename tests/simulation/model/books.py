"""The books: what people have done, and how much of that the bot has certainly taken.

Kept by the people themselves as they act. Nothing in here comes from the bot but its acks.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from tests.simulation.cast import Setting
from tests.simulation.model.history import Change, History
from tests.simulation.model.retros import Retrospective
from tests.simulation.model.risks import Risks
from tests.simulation.model.tasks import Task

Said = Mapping[str, str]
"""What somebody says, by question."""


class Key(NamedTuple):
    """One person on one date of one stand-up."""

    title: str
    day: date
    who: str


@dataclass(eq=False)
class Statement:
    """All that somebody said at once. The same one may be submitted again until it is acked."""

    said: Said
    since: datetime
    sure: datetime | None = None


@dataclass
class Answers:
    """What somebody said in one run, in order."""

    statements: list[Statement] = field(default_factory=list)

    def may_stand(self) -> list[Statement]:
        """What SQL may hold: the last that was acked, or one after it whose ack was lost."""
        acked = [number for number, one in enumerate(self.statements) if one.sure]
        return self.statements[max(acked, default=0) :]

    def sure_by(self, at: datetime) -> bool:
        """Whether the bot has certainly taken an answer by then."""
        return any(one.sure is not None and one.sure <= at for one in self.statements)

    def maybe_by(self, at: datetime) -> bool:
        """Whether it may have taken one by then."""
        return any(one.since <= at for one in self.statements)


@dataclass(eq=False)
class Wish:
    """Somebody skips a run today, or puts it off until `back`."""

    since: datetime
    back: datetime | None = None  # None: it is skipped
    sure: datetime | None = None


@dataclass(eq=False)
class Absence:
    """Days off that somebody entered."""

    first: date
    last: date
    stands: History[bool]


@dataclass(frozen=True)
class Status:
    """A Slack status that means leave."""

    until: datetime | None


@dataclass(frozen=True)
class Loose:
    """Words in a DM that ended half-way: an answer may come of them, nobody knows to what."""

    texts: tuple[str, ...]
    since: datetime


@dataclass(frozen=True)
class Named:
    """Somebody is named to unblock another."""

    who: str
    helper: str
    text: str
    learned: str  # what was said with it
    since: datetime
    sure: bool


class Books:
    """All of it."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        people, rituals = setting.people, setting.rituals
        self.zones = {one.id: History(one.zone) for one in people}
        self.statuses: dict[str, History[Status | None]] = {one.id: History(None) for one in people}
        self.active = {one.id: History(True) for one in people}
        self.absences: dict[str, list[Absence]] = defaultdict(list)
        self.running = {one.title: History(True) for one in rituals}
        self.times = {one.title: History(one.at) for one in rituals}
        self.ended: set[str] = set()
        """Rituals that somebody deleted, or may have."""
        self.members = {
            (one.title, who.id): History(who.id in one.members) for one in rituals for who in people
        }
        places = (*rituals, *(() if setting.register is None else (setting.register,)))
        self.writable = {one.channel: History(True) for one in places}
        self.answers: dict[Key, Answers] = defaultdict(Answers)
        self.wishes: dict[Key, list[Wish]] = defaultdict(list)
        self.named: list[Named] = []
        self.settled: list[tuple[str, datetime]] = []
        """Who said that a blocker is resolved, or that they can't help, and when."""
        self.loose: dict[str, list[Loose]] = defaultdict(list)
        self.spoken: dict[str, list[datetime]] = defaultdict(list)
        """When people wrote to the bot in their DM, each of which it may answer once."""
        self.deleted: set[tuple[str, str]] = set()
        """The bot's messages that somebody deleted, by channel and ts."""
        self.unheard: set[str] = set()
        """Who has written to the bot in their DM and seen no reply."""
        self.retro = Retrospective()
        self.register = Risks(setting)
        self.projects = frozenset(setting.board.projects if setting.board is not None else ())
        """The channels whose tickets go to Jira, each with its project's key."""
        self.tasks: dict[str, Task] = {}
        """Action items, by what they are called."""
        self.lifted: dict[str, datetime] = {}
        """When the bot last took the news that a channel was opened again."""
        self._learned: dict[str, list[History[Any]]] = {
            one.id: [self.zones[one.id], self.statuses[one.id], self.active[one.id]]
            for one in people
        }

    def may_be_loose(self, who: str, at: datetime) -> bool:
        """Whether somebody had begun an answer in their DM by then of which nobody knows more."""
        return any(one.since <= at for one in self.loose[who])

    def changes_of(self, key: Key) -> list[Change[Any]]:
        """All changes that may have excused somebody from a run, or taken them off it."""
        title, _day, who = key
        histories: list[History[Any]] = [
            self.statuses[who],
            self.active[who],
            self.members[title, who],
            self.running[title],
            *(one.stands for one in self.absences[who]),
        ]
        return [change for history in histories for change in history.changes]

    def title_of(self, channel: str) -> str:
        """The stand-up of a channel, or its retro."""
        return next(one.title for one in self.setting.rituals if one.channel == channel)

    def taken(self, payload: Mapping[str, Any], at: datetime) -> None:
        """The bot has acknowledged what Slack told it."""
        event = payload.get("event") or {}
        if event.get("type") == "user_change":
            self._know(event["user"], at)
        elif event.get("type") in ("channel_unarchive", "member_joined_channel"):
            self.lifted[event["channel"]] = at
        elif event.get("type") == "message":
            self.retro.heard(event, at)

    def _know(self, user: Mapping[str, Any], at: datetime) -> None:
        """The bot knows of somebody what Slack tells of them in this event."""
        on_leave = bool(user["profile"]["status_emoji"])
        told = (user.get("tz"), on_leave, not user["deleted"])
        for history, value in zip(self._learned.get(user["id"], ()), told, strict=False):
            changes = history.changes
            same = [number for number, one in enumerate(changes) if _means(one.value, value)]
            for change in changes[: max(same, default=-1) + 1]:
                change.sure = change.sure or at


def _means(known: object, told: object) -> bool:
    return (
        told == (known is not None) if known is None or isinstance(known, Status) else known == told
    )
