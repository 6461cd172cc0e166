"""What a team and a workspace keep, as views and listeners pass it on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from bot.core.states import Phase, Role

NOT_ADMIN = "Only a workspace admin can change this."
LONGEST_SPRINT = 8  # weeks
ROLES: Mapping[Role, str] = {
    Role.PRODUCT_OWNER: "Product owner",
    Role.PROJECT_MANAGER: "Project manager",
    Role.SCRUM_MASTER: "Scrum master",
    Role.DATA_SCIENTIST: "Data scientist",
    Role.ML_ENGINEER: "ML engineer",
    Role.DATA_ENGINEER: "Data engineer",
    Role.DOMAIN_EXPERT: "Domain expert",
    Role.RISK_OWNER: "Risk owner",
}
PHASES: Mapping[Phase, str] = {
    Phase.BUSINESS: "Business understanding",
    Phase.DATA: "Data understanding",
    Phase.PREPARATION: "Data preparation",
    Phase.MODELLING: "Modelling",
    Phase.EVALUATION: "Evaluation",
    Phase.DEPLOYMENT: "Deployment",
    Phase.MONITORING: "Monitoring",
}


@dataclass(frozen=True)
class Rules:
    """What holds in a whole workspace; without statuses of its own, the usual ones count."""

    leave_statuses: tuple[str, ...] | None
    guests_allowed: bool


@dataclass(frozen=True)
class NotAdmin:
    """Whoever asks is no admin of the workspace."""


@dataclass(frozen=True)
class Wrong:
    """Not stored: what is wrong, by input."""

    problems: dict[str, str]


class May(Enum):
    """Whether somebody may change what a team keeps."""

    CHANGE = "change"
    IF_MEMBER = "if they are in the channel"  # it has no ritual, so nobody owns it yet
    LOOK = "look"


@dataclass(frozen=True)
class Holder:
    """Somebody with a role."""

    slack_id: str
    name: str


@dataclass(frozen=True)
class TeamShown:
    """What a channel's team keeps."""

    tz: str  # whoever looks finds their own where none is kept
    sprint_start: date | None
    sprint_weeks: int | None
    phase: Phase | None
    roles: Mapping[Role, tuple[Holder, ...]]
    today: date  # where the team is
    may: May


@dataclass(frozen=True)
class TeamPlan:
    """What the modal says; people by Slack id."""

    channel: str
    channel_name: str
    tz: str
    sprint_start: date | None
    sprint_weeks: int | None
    phase: Phase | None
    roles: Mapping[Role, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class NotTheirs:
    """Whoever asks may only look."""
