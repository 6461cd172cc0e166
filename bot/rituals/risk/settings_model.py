"""What a team settles for its register, as the screen shows and says it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time

from bot.core import merging
from bot.core.text import clamp, one_line
from bot.rituals.risk.categories import ABOUT
from bot.rituals.risk.reviews.team_review_model import When
from bot.rituals.risk.states import Band

_CATEGORY = 60  # characters


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


def merged(was: SettingsTyped, said: SettingsTyped, now: SettingsShown) -> SettingsTyped:
    """What somebody changed of what they were shown; the rest as it is kept now."""
    categories = merging.each(named(was.categories), named(said.categories), now.categories)
    return SettingsTyped(
        intervals={
            band: merging.one(was.intervals[band], said.intervals[band], now.intervals[band])
            for band in Band
        },
        categories="\n".join(categories),
        when=merging.one(was.when, said.when, now.when),
        nth=merging.one(was.nth, said.nth, now.nth),
        weekday=merging.one(was.weekday, said.weekday, now.weekday),
        at=merging.one(was.at, said.at, f"{now.at:%H:%M}"),
        checks_every=merging.one(was.checks_every, said.checks_every, now.checks_every),
    )


def named(typed: str) -> list[str]:
    """The categories that somebody lists, one a line."""
    lines = (clamp(one_line(one), _CATEGORY) for one in typed.splitlines())
    return [one for one in dict.fromkeys(lines) if one]


def misnamed(typed: str) -> str:
    """What is wrong with the categories that somebody lists, in plain text; "" for nothing."""
    usual = {one.name.casefold() for one in ABOUT.values()}
    for number, line in enumerate(map(one_line, typed.splitlines()), 1):
        if len(line) > _CATEGORY:
            return (
                f"Line {number} has {len(line)} characters; please keep a category to {_CATEGORY}."
            )
        if line.casefold() in usual:
            return f"Line {number} is one of the usual six, which are there anyway."
    return ""


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
