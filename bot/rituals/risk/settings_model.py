"""What a team settles for its register, as the screen shows and says it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time

from bot.rituals.risk.reviews.team_review_model import When
from bot.rituals.risk.states import Band


@dataclass(frozen=True)
class SettingsShown:
    """How a team's register works."""

    team: str
    channel: str
    intervals: Mapping[Band, int]
    categories: tuple[str, ...]  # its own
    when: When
    nth: int
    weekday: int
    at: time
    tz: str
    checks_every: int  # team reviews; 0: never by cadence
    risk_owners: tuple[str, ...]  # names
    may_change: bool
    hook_works: bool  # there is a key to seal secrets with
    has_secret: bool
    public_id: str
    secret_told: str = ""  # who made the secret, and when, in words


@dataclass(frozen=True)
class SettingsTyped:
    """What the screen says; None: a number that is none."""

    intervals: Mapping[Band, int | None]
    categories: str
    when: When
    nth: int
    weekday: int
    at: str
    checks_every: int  # team reviews; 0: never by cadence


@dataclass(frozen=True)
class Kept:
    """It is kept."""

    shown: SettingsShown


@dataclass(frozen=True)
class Secret:
    """A new secret, which is shown once."""

    public_id: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class SwitchedOff:
    """The hook takes nothing any more."""


@dataclass(frozen=True)
class NoKey:
    """No secret can be kept here."""
