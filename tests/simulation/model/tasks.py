"""Action items as people know them: what they said of each, here and in Jira, and when."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

_TAKEN = timedelta(seconds=60)
"""Until then it is settled whether something was taken that nobody heard of."""

Deadline = Callable[[datetime], datetime]
"""By when the other side surely knows what was done at an instant."""


class Side(StrEnum):
    """Where something was done."""

    SLACK = "Slack"
    JIRA = "Jira"


class Aspect(StrEnum):
    """What of an item goes both ways."""

    STATE = "state"
    OWNER = "owner"
    DUE = "due"


Value = str | date | None


@dataclass(eq=False)
class Turn:
    """Somebody changed one aspect of it, or set about to."""

    aspect: Aspect
    value: Value
    side: Side
    since: datetime
    sure: datetime | None = None

    @property
    def settled(self) -> datetime:
        """When it has taken effect, if it ever does."""
        return self.sure or self.since + _TAKEN


@dataclass(eq=False)
class Task:
    """One action item. No two are called the same."""

    what: str
    ticket: bool  # whether one is wanted, where there can be any
    channel: str
    since: datetime
    sure: datetime | None = None
    turns: list[Turn] = field(default_factory=list)
    deleted: datetime | None = None  # its issue was
    strict: bool = False  # not every state can be reached from every other, there

    def begin(self, aspect: Aspect, value: Value, side: Side, at: datetime) -> Turn:
        """Somebody sets about to change it."""
        turn = Turn(aspect, value, side, at)
        self.turns.append(turn)
        return turn

    def drop(self, turn: Turn) -> None:
        """It was refused, and nothing came of it."""
        self.turns.remove(turn)

    def may_be(self, aspect: Aspect, known_by: Deadline) -> list[Value]:
        """What it may have come to, once both sides are one.

        The last change that is known to have been taken stands. Any before it may stand in its
        stead, if the other side may not have known of the one when it made the other; and of what
        was done to an issue shortly before it was deleted nobody here may know.
        """
        turns = [one for one in self.turns if one.aspect is aspect]
        known = [one for one in turns if one.sure is not None and self._is_known(one, known_by)]
        return [one.value for one in turns if not any(_beats(two, one, known_by) for two in known)]

    def _is_known(self, turn: Turn, known_by: Deadline) -> bool:
        gone = self.deleted if turn.side is Side.JIRA else None
        return gone is None or known_by(turn.settled) < gone


def _beats(later: Turn, earlier: Turn, known_by: Deadline) -> bool:
    if later.side is earlier.side:
        return later.since >= earlier.settled and later is not earlier
    return later.since > known_by(earlier.settled)
