"""Frozen values that use cases, views and listeners of the register pass on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.rituals.risk.model import Trend, band, score, trend
from bot.rituals.risk.states import (
    Act,
    Band,
    MitigationState,
    Response,
    Status,
)


@dataclass(frozen=True)
class Named:
    """Somebody, as others see them."""

    slack_id: str
    name: str


@dataclass(frozen=True)
class RiskLine:
    """A risk in a list."""

    id: int
    title: str
    category: str  # its name
    owner: Named | None
    status: Status
    likelihood: int
    impact: int
    was_score: int | None
    next_review: date | None
    today: date  # where its reviewer is
    asked: bool = False  # its review is waited for
    away: bool = False  # likewise, and whoever is to do it is away
    alerting: bool = False
    model: str = ""
    channel: str = ""
    team: str = ""
    team_id: int = 0

    @property
    def score(self) -> int:
        return score(self.likelihood, self.impact)

    @property
    def band(self) -> Band:
        return band(self.score)

    @property
    def trend(self) -> Trend:
        return trend(self.score, self.was_score)

    @property
    def live(self) -> bool:
        return self.status is not Status.CLOSED

    @property
    def days_over(self) -> int:
        """Days since its review was due; 0 where it is not overdue."""
        if self.next_review is None or not self.live:
            return 0
        return max(0, (self.today - self.next_review).days)


@dataclass(frozen=True)
class MitigationShown:
    id: int
    text: str
    state: MitigationState


@dataclass(frozen=True)
class ChangeShown:
    """A line of a risk's history."""

    on: date
    who: str  # "" for Meridian itself
    act: Act
    was: tuple[int, int]
    now: tuple[int, int]
    why: str = ""


@dataclass(frozen=True)
class AlertShown:
    """What a monitor told of it last."""

    name: str
    source: str
    last_at: datetime
    firing: bool
    times: int


@dataclass(frozen=True)
class RiskShown:
    """A risk with all that is known of it."""

    line: RiskLine
    category_key: str
    inherent: tuple[int, int] | None = None  # without its mitigations
    residual: tuple[int, int] | None = None
    response: Response | None = None
    cause: str = ""
    consequence: str = ""
    links: str = ""
    mitigations: tuple[MitigationShown, ...] = ()
    history: tuple[ChangeShown, ...] = ()  # the latest first
    more_history: int = 0
    alerts: tuple[AlertShown, ...] = ()
    decisions: tuple[str, ...] = ()  # in words, the latest first
    may_change: bool = False
    may_take: bool = False  # nobody owns it: whoever looks may


@dataclass(frozen=True)
class Origin:
    """Where a new risk comes from; it travels with its form."""

    key: str
    channel: str = ""  # whose team it is
    channel_name: str = ""
    message_channel: str = ""
    message_ts: str = ""
    blocker_id: int | None = None
    alert_id: int | None = None
    check_id: int | None = None
    question: str = ""  # of that check, by its key


@dataclass(frozen=True)
class Typed:
    """What the form says; the owner by Slack id. None: the form did not ask."""

    title: str
    category: str
    owner: str
    likelihood: int | None
    impact: int | None
    model: str | None = None
    cause: str | None = None
    consequence: str | None = None
    links: str | None = None
    response: str | None = None  # "" for none
    residual_likelihood: int | None = None
    residual_impact: int | None = None
    ticked: tuple[str, ...] | None = None  # typical mitigations
    mitigations: str | None = None  # others, one a line

    @property
    def whole(self) -> bool:
        """Whether the form asked for more than the five."""
        return self.cause is not None


@dataclass(frozen=True)
class Saved:
    """It is in the register."""

    risk: RiskLine
    new: bool = False


@dataclass(frozen=True)
class Wrong:
    """Not stored: what is wrong, by input."""

    problems: Mapping[str, str]


@dataclass(frozen=True)
class Gone:
    """There is no such risk for whoever asks."""


@dataclass(frozen=True)
class NotTheirs:
    """It is somebody else's to change."""

    owner: str = ""


@dataclass(frozen=True)
class IsClosed:
    """It was closed meanwhile."""

    title: str


@dataclass(frozen=True)
class Settled:
    """It waits for no review (any more)."""

    title: str
    next_review: date | None


Refusal = Gone | NotTheirs | IsClosed | Settled
