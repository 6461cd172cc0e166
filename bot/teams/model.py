"""What a team and a workspace keep, as views and listeners pass it on."""

from dataclasses import dataclass

NOT_ADMIN = "Only a workspace admin can change this."


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
