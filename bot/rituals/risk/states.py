"""The states of a risk and of what belongs to it: closed lists."""

from enum import StrEnum


class Status(StrEnum):
    OPEN = "open"
    MITIGATING = "mitigating"
    ACCEPTED = "accepted"
    CLOSED = "closed"


LIVE = (Status.OPEN, Status.MITIGATING, Status.ACCEPTED)
"""It is looked at again."""


class Response(StrEnum):
    """What is done about a risk."""

    AVOID = "avoid"
    REDUCE = "reduce"
    TRANSFER = "transfer"
    ACCEPT = "accept"


class MitigationState(StrEnum):
    PLANNED = "planned"
    UNDER_WAY = "under way"
    DONE = "done"


class Band(StrEnum):
    """How much a score matters, the most first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Chased(StrEnum):
    """How far a review that is due has been asked for."""

    NOBODY = "nobody"  # its day has not come
    ASKED = "asked"
    REMINDED = "reminded"
    RISK_OWNER = "risk owner"
    CHANNEL = "channel"


class Act(StrEnum):
    """What somebody did to a risk: a line of its history."""

    RAISED = "raised"
    KEPT = "kept"
    RESCORED = "rescored"
    MITIGATED = "mitigated"
    ACCEPTED = "accepted"
    ESCALATED = "escalated"
    SNOOZED = "snoozed"
    CLOSED = "closed"
    REOPENED = "reopened"
    EDITED = "edited"
    LEFT = "left"  # its owner left
    ALERTED = "alerted"  # a monitor told of it
    DECIDED = "decided"  # what is done about an alert


class Verdict(StrEnum):
    """What is decided about an alert."""

    RETRAIN = "retrain"
    WATCH = "watch"
    FALSE_ALARM = "false alarm"


class CheckKind(StrEnum):
    FEASIBILITY = "feasibility"
    RELEASE = "release"


class Said(StrEnum):
    """An answer to a question of a check."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


class Approval(StrEnum):
    APPROVED = "approved"
    NOT_YET = "not yet"
