"""What leaders see of all teams' risks."""

from dataclasses import dataclass

from bot.rituals.risk.values import RiskLine


@dataclass(frozen=True)
class Portfolio:
    """A page of the worst, with how many there are of each kind."""

    number: int
    pages: int
    total: int
    teams: int
    critical: int
    overdue: int
    unowned: int
    risks: tuple[RiskLine, ...]
    leaders: tuple[str, ...] = ()  # Slack ids, told to admins
    may_name: bool = False


@dataclass(frozen=True)
class NotLeader:
    """Whoever asks is neither named nor an admin."""
