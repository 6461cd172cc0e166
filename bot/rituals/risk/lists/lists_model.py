"""Which page of which list somebody looks at."""

from dataclasses import dataclass
from enum import StrEnum

from bot.rituals.risk.values import RiskLine

SEARCH = 80
"""So much of what is searched for counts: it travels with the modal, and with those on top."""


class Scope(StrEnum):
    """Which risks a list shows."""

    SCORE = "score"  # the live ones, the worst first
    OVERDUE = "overdue"
    UNOWNED = "unowned"
    MINE = "mine"
    REVIEW = "review"  # what waits for my look
    CLOSED = "closed"


@dataclass(frozen=True)
class Asked:
    """Which page of which list; it travels with the modal."""

    scope: Scope = Scope.SCORE
    channel: str = ""  # whose team; "" for all of one's own
    category: str = ""  # "" for all
    search: str = ""
    number: int = 0


@dataclass(frozen=True)
class Page:
    """A page of a list."""

    asked: Asked
    pages: int
    total: int
    risks: tuple[RiskLine, ...]
    categories: dict[str, str]
