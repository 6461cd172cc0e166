"""A retro as its people know it: what they wrote, chose and said, and who moved it on."""

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from tests.simulation.model.history import History


@dataclass(eq=False)
class Written:
    """A note: its text through time, None where it was taken back."""

    who: str
    text: History[str | None]
    late: bool | None = None
    """Whether it came after the notes were shown, as whoever wrote it was told; None: unknown."""

    def taken(self, *, brought_up: bool, told_late: bool) -> None:
        """It was acknowledged: from a form for late notes, or by one that says so now."""
        if self.late is None and (brought_up or not told_late):
            self.late = brought_up


@dataclass(frozen=True)
class HandedBack:
    """A note came when time was up, and was handed back; with an offer to bring it up, or not."""

    at: datetime
    offered: bool


class Answer(StrEnum):
    """What somebody is told who begins a retro by hand."""

    BEGUN = "It begins."
    UNDER_WAY = "One is under way in <#"
    NOT_THEIRS = "or a workspace admin can change it"
    PAUSED = "This retro is paused"
    GONE = "There is no retro here yet"
    NONE = ""  # nobody knows what came of it


@dataclass(eq=False)
class Begun:
    """Somebody begins a retro by hand, or tries to."""

    who: str
    since: datetime
    answer: Answer = Answer.NONE
    answered: datetime | None = None

    @property
    def may_be(self) -> bool:
        """Whether one may have begun by that."""
        return self.answer in (Answer.BEGUN, Answer.NONE)


@dataclass(eq=False)
class Choice:
    """The topics that somebody votes for, by what they say."""

    chosen: frozenset[str]
    offered: frozenset[str]
    since: datetime
    sure: datetime | None = None


@dataclass(eq=False)
class Merged:
    """Notes that somebody made one topic of, by what they say."""

    texts: frozenset[str]
    since: datetime
    sure: datetime | None = None


class Way(StrEnum):
    """How whoever leads a retro moves it."""

    NEXT = "next"
    EXTEND = "extend"
    CLOSE = "close"
    FEW = "few"  # show the notes of too few, and say so


@dataclass(frozen=True)
class Led:
    """Somebody moved it, or tried to."""

    way: Way
    at: datetime
    by: timedelta = timedelta()


class Retrospective:
    """The retros of a run, if there are any: by the timetable, or begun by hand."""

    def __init__(self) -> None:
        self.notes: list[Written] = []
        self.handed_back: list[HandedBack] = []
        self.begun: list[Begun] = []
        self.done: list[tuple[str, datetime]] = []
        """Who said that they are done, and when."""
        self.choices: dict[str, list[Choice]] = defaultdict(list)
        self.led: list[Led] = []
        self.merged: list[Merged] = []
        self.parted: list[datetime] = []
        """When some were, or may have been, taken apart again."""
        self.replies: dict[str, History[str | None]] = {}
        """What was said in threads, by the ts of the reply."""
        self.threads: dict[str, str] = {}
        """The thread of each."""

    def may_choose(self, who: str, among: Set[str]) -> Sequence[frozenset[str]]:
        """What somebody's vote may be of some topics: the last that was acked, or one after it."""
        choices = [one for one in self.choices[who] if one.offered & among]
        acked = [number for number, one in enumerate(choices) if one.sure]
        nothing = [] if acked else [frozenset[str]()]
        return [*nothing, *(one.chosen for one in choices[max(acked, default=0) :])]

    def heard(self, event: Mapping[str, Any], at: datetime) -> None:
        """The bot has taken what Slack told it of a message."""
        match event.get("subtype"):
            case "message_changed":
                ts, text = event["message"]["ts"], event["message"]["text"]
            case "message_deleted":
                ts, text = event["deleted_ts"], None
            case _:
                ts, text = event.get("ts"), event.get("text")
        for change in self.replies[ts].changes if ts in self.replies else ():
            if change.value == text:
                change.sure = change.sure or at
