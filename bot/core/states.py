"""The states that rows go through: closed lists, shared by rules, queries and views."""

from enum import StrEnum


class RitualState(StrEnum):
    ACTIVE = "active"
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


class AbsenceKind(StrEnum):
    LEAVE = "leave"
    ILLNESS = "illness"
    OTHER = "other"


class MirrorKind(StrEnum):
    MESSAGE = "message"
    HOME = "home"


class Outcome(StrEnum):
    """Why a mirror is no longer sent; a live one has none. The list is closed."""

    GONE = "gone"  # somebody deleted it, or its reader left
    BLOCKED = "blocked"  # its target can't be written to until something changes there
    PARKED = "parked"  # Slack refuses the content: a defect of ours, reported
    UNKNOWN = "unknown"  # may or may not have been sent, and history can't be read
    MISSED = "missed"  # could not be created before it stopped making sense
