"""What the small forms of a review say."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Fate(StrEnum):
    """What *More…* offers."""

    MITIGATING = "mitigating"
    ACCEPT = "accept"
    ESCALATE = "escalate"
    SNOOZE = "snooze"
    CLOSE = "close"


@dataclass(frozen=True)
class Meant:
    """What the small form behind *More…* says."""

    fate: Fate
    why: str
    until: date | None = None  # of a snooze


@dataclass(frozen=True)
class Scored:
    """What the small form behind *Rescore* says; None: not chosen."""

    likelihood: int | None
    impact: int | None
    why: str
    residual_likelihood: int | None = None
    residual_impact: int | None = None
