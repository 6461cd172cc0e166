"""Trouble at the borders: what goes wrong with which call, and when."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

ANY = "*"
_LASTS = timedelta(minutes=4)


class Mode(StrEnum):
    """What happens to a call."""

    UNREACHABLE = "unreachable"  # no connection: nothing took effect, and the bot knows
    LOST = "lost"  # dropped before it took effect
    UNHEARD = "unheard"  # dropped after it took effect
    LIMITED = "limited"  # 429
    BROKEN = "broken"  # 5xx, without effect
    BROKEN_AFTER = "broken after"  # 5xx, after it took effect
    VAGUE_AFTER = "vague after"  # 200 with `internal_error`, after it took effect
    REVOKED = "revoked"  # the token is refused, without effect
    PAGE = "page"  # a proxy's page in Slack's stead
    STALLED = "stalled"  # takes effect late, maybe after the time-out


class Border(StrEnum):
    """Where the bot meets others."""

    SLACK = "Slack"
    JIRA = "Jira"


AFTER = frozenset({Mode.UNHEARD, Mode.BROKEN_AFTER, Mode.VAGUE_AFTER})
"""The call takes effect, but the bot does not hear of it."""


@dataclass(frozen=True)
class Trouble:
    """From an instant on, what happens to the next `count` calls of a method."""

    at: datetime
    method: str
    mode: Mode
    seconds: float = 0.0  # of a stall, or of Retry-After
    count: int = 1
    border: Border = Border.SLACK


@dataclass
class _Left:
    trouble: Trouble
    count: int
    until: datetime | None = None  # from its first call on it lasts so long


class Troubles:
    """Those that are planned, by the calendar."""

    def __init__(self, planned: Sequence[Trouble], now: Callable[[], datetime]) -> None:
        ordered = sorted(planned, key=lambda one: one.at)
        self._left = [_Left(one, one.count) for one in ordered]
        self._now = now

    def next(self, method: str) -> Trouble | None:
        """The trouble of a call that is made now, which thereby counts."""
        now = self._now()
        self._left = [one for one in self._left if one.until is None or one.until > now]
        for one in self._left:
            if one.trouble.at > now:
                return None
            if one.trouble.method in (method, ANY):
                one.until = one.until or now + _LASTS
                one.count -= 1
                if not one.count:
                    self._left.remove(one)
                return one.trouble
        return None

    def clear(self) -> None:
        """From now on all is well."""
        self._left = []
