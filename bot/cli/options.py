"""The words of `meridian sandbox`, as values; light, so that `run` needn't hold the sandbox."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import typer

_EXAMPLE = "2026-03-30T07:00:00Z"
_YEARS = range(2000, 2100)


class Clock(StrEnum):
    """How calendar time passes."""

    REAL = "real"
    MANUAL = "manual"


class Mode(StrEnum):
    """How Slack reaches the bot."""

    SOCKET = "socket"
    HTTP = "http"


class Limits(StrEnum):
    """Whether Slack's rates hold."""

    SLACK = "slack"
    OFF = "off"


@dataclass(frozen=True)
class Options:
    """What a person asked for; `start` is None for the demo's own."""

    port: int = 0
    data: Path | None = None
    start: datetime | None = None
    clock: Clock = Clock.REAL
    mode: Mode = Mode.SOCKET
    limits: Limits = Limits.SLACK
    bot: bool = True
    demo: bool = True

    def __post_init__(self) -> None:
        if self.clock is Clock.MANUAL and not self.bot:
            raise typer.BadParameter(
                "--clock manual needs the bot in the sandbox: one run beside it, with --no-bot, "
                "has its own clock."
            )


def instant(text: str) -> datetime:
    """An ISO 8601 instant with its zone, in UTC."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no ISO 8601 instant such as {_EXAMPLE}.") from None
    if found.tzinfo is None:
        raise typer.BadParameter(f"{text!r} names no zone: end it as in {_EXAMPLE}.")
    if found.year not in _YEARS:
        raise typer.BadParameter(f"{text!r} is too far away: the years are 2000 to 2099.")
    return found.astimezone(UTC)
