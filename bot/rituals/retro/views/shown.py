"""What a retro's views show: frozen values."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.actions.model import ItemShown
from bot.asking.items import Window
from bot.rituals.retro.model import Stage


@dataclass(frozen=True)
class TopicShown:
    """A topic, with the notes merged into it and what was said of it."""

    id: int
    column: int
    text: str
    author: str = ""  # "": nobody may know
    parts: tuple[tuple[str, str], ...] = ()  # the texts merged into it, each with its author
    late: bool = False
    votes: int | None = None
    rank: int | None = None
    said: tuple[tuple[str, str], ...] = ()  # who, and what; in the order it was said


@dataclass(frozen=True)
class LastTime:
    """What the retro before decided, and how much of what was decided gets done."""

    items: tuple[ItemShown, ...]
    done: int = 0
    decided: int = 0  # in the last five, without what was dropped
    retros: int = 0  # how many those were


@dataclass(frozen=True)
class RetroShown:
    """A retro, as its channel sees it."""

    retro_id: int
    title: str
    date: date
    stage: Stage
    columns: tuple[str, ...]
    ends: datetime | None = None
    anonymous: bool = False
    held: bool = False
    few: bool = False
    late_dropped: bool = False
    deleted: bool = False
    notes: int | None = None  # None: nothing is told
    done: int | None = None  # likewise
    asked: int = 0
    votes: int = 0  # each has
    took_part: int = 0
    leader: str = ""
    waiting: tuple[str, ...] = ()  # the names of those who owe something; none if anonymous
    topics: tuple[TopicShown, ...] = ()
    items: tuple[ItemShown, ...] = ()
    last: LastTime | None = None
    late_items: tuple[ItemShown, ...] = ()  # action items, by a week

    @property
    def top(self) -> tuple[TopicShown, ...]:
        """What is discussed, in its order."""
        ranked = [one for one in self.topics if one.rank is not None]
        return tuple(sorted(ranked, key=lambda one: one.rank or 0))


@dataclass(frozen=True)
class OneTopic:
    """A topic's own message, below which it is discussed."""

    retro_id: int
    topic: TopicShown
    column: str
    of: int  # how many are discussed
    open: bool


@dataclass(frozen=True)
class Votable:
    """A topic that one may vote for; how many notes were merged into it."""

    id: int
    column: int
    text: str
    parts: int = 0


@dataclass(frozen=True)
class Ballot:
    """What somebody votes on, and what they chose so far."""

    retro_id: int
    title: str
    channel: str
    columns: tuple[str, ...]
    votes: int
    window: Window
    options: tuple[Votable, ...]
    chosen: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Table:
    """The topics as they lie before the facilitator."""

    retro_id: int
    columns: tuple[str, ...]
    options: tuple[Votable, ...]


@dataclass(frozen=True)
class Led:
    """A retro as whoever leads it sees it."""

    retro_id: int
    title: str
    channel: str
    stage: Stage
    ends: datetime | None
    held: bool
    leader: str
    topics: int
    anonymous: bool = False
    said: str = ""  # what has just been done, in mrkdwn
