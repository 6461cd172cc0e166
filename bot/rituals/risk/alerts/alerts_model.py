"""An alert as its channel sees it, and what can come of a decision about it."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.rituals.risk.states import Verdict
from bot.rituals.risk.values import RiskLine


@dataclass(frozen=True)
class AlertMessage:
    """What a monitor tells of, the risk that it is about, and what was decided."""

    id: int
    name: str
    source: str
    severity: str
    value: str
    link: str
    firing: bool
    times: int
    since: datetime
    last_at: datetime
    summary: str = ""
    storm: bool = False  # it stands for many that came at once
    risk: RiskLine | None = None
    asked: str = ""  # who is to decide; "" for whoever answers for the register
    mentioned: str = ""  # their Slack id, where they may be notified of it
    verdict: Verdict | None = None
    decided_by: str = ""
    decided_on: date | None = None


@dataclass(frozen=True)
class Decided:
    """What holds now: the first decision."""

    verdict: Verdict


@dataclass(frozen=True)
class NotYours:
    """Whoever presses has no say in it."""

    owner: str
