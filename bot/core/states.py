"""The states that rows go through: closed lists, shared by rules, queries and views."""

from enum import StrEnum


class RitualState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    DELETED = "deleted"


class RunState(StrEnum):
    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


class PromptState(StrEnum):
    """Where one person stands in one run."""

    WAITING = "waiting"  # its moment has not come
    ASKED = "asked"
    ANSWERED = "answered"
    MISSED = "missed"  # closed without an answer, or could not be asked in time
    SKIPPED = "skipped"


class Excuse(StrEnum):
    """Why a person is not asked on a date, though it is one of the ritual's."""

    ABSENCE = "absence"
    HOLIDAY = "holiday"
    STATUS = "status"  # what they say of themselves in Slack
    OWN_WISH = "own wish"  # they skip it today


class AbsenceKind(StrEnum):
    LEAVE = "leave"
    ILLNESS = "illness"
    OTHER = "other"


class BlockerState(StrEnum):
    OPEN = "open"
    RESOLVED = "resolved"
    WITHDRAWN = "withdrawn"  # taken out of the answer again


class Role(StrEnum):
    """What somebody does in a team that builds AI."""

    PRODUCT_OWNER = "product owner"
    PROJECT_MANAGER = "project manager"
    SCRUM_MASTER = "scrum master"
    DATA_SCIENTIST = "data scientist"
    ML_ENGINEER = "ml engineer"
    DATA_ENGINEER = "data engineer"
    DOMAIN_EXPERT = "domain expert"
    RISK_OWNER = "risk owner"  # answers for the team's risk register


class Phase(StrEnum):
    """Where a project is: the phases of CRISP-DM, and what goes on after."""

    BUSINESS = "business"  # business understanding
    DATA = "data"  # data understanding
    PREPARATION = "preparation"
    MODELLING = "modelling"
    EVALUATION = "evaluation"
    DEPLOYMENT = "deployment"
    MONITORING = "monitoring"


class ItemState(StrEnum):
    """Where an action item stands."""

    OPEN = "open"
    IN_PROGRESS = "in progress"
    DONE = "done"
    DROPPED = "dropped"


LIVE_ITEMS = (ItemState.OPEN, ItemState.IN_PROGRESS)
"""Something is still to be done."""


class JiraMatch(StrEnum):
    """How it is known who somebody is in Jira."""

    EMAIL = "email"  # the same address
    NAME = "name"  # the only one of that name; Cloud may hide addresses
    CHOSEN = "chosen"  # they said so themselves, or that they have no account
    NOBODY = "nobody"  # looked for in vain
    SEVERAL = "several"  # more than one there may be they
    BARRED = "barred"  # Jira lets nobody be looked for


class MirrorKind(StrEnum):
    MESSAGE = "message"
    HOME = "home"
    ISSUE = "issue"


class Outcome(StrEnum):
    """Why a mirror is no longer sent; a live one has none. The list is closed."""

    GONE = "gone"  # somebody deleted it, or its reader left
    BLOCKED = "blocked"  # its target can't be written to until something changes there
    PARKED = "parked"  # the content is refused: by Slack a defect of ours, by Jira to be mended
    UNKNOWN = "unknown"  # may or may not have been sent (or twice), and nobody here can tell
    MISSED = "missed"  # could not be created before it stopped making sense
