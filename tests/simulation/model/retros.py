"""A retro as its people know it: what they wrote, chose and said, and who moved it on."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from tests.simulation.model.history import History


@dataclass(frozen=True)
class Written:
    """A note: its text through time, None where it was taken back."""

    who: str
    text: History[str | None]


@dataclass(eq=False)
class Choice:
    """The topics that somebody votes for, by what they say."""

    chosen: frozenset[str]
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
    """The one retro of a run, if there is one."""

    def __init__(self) -> None:
        self.notes: list[Written] = []
        self.choices: dict[str, list[Choice]] = defaultdict(list)
        self.led: list[Led] = []
        self.merged: list[Merged] = []
        self.parted: list[datetime] = []
        """When some were, or may have been, taken apart again."""
        self.replies: dict[str, History[str | None]] = {}
        """What was said in threads, by the ts of the reply."""

    def may_choose(self, who: str) -> Sequence[frozenset[str]]:
        """What somebody's vote may be: the last that was acked, or one after it."""
        choices = self.choices[who]
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
