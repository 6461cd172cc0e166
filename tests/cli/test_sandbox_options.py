"""The words of `meridian sandbox` that are refused, each with a sentence."""

from datetime import UTC, datetime

import pytest
import typer

from bot.cli.options import Clock, Options, instant
from tests.cli.conftest import Command


def flat(words: str) -> str:
    """Without the frame that is drawn around an error."""
    return " ".join(words.replace("│", " ").split())


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("--start soon", "'soon' is no ISO 8601 instant"),
        ("--start 2026-03-30T07:00", "names no zone"),
        ("--start 2026-03-30", "names no zone"),
        ("--start 0001-01-01T00:00:00+14:00", "too far away"),
        ("--clock sundial", "'sundial' is not one of"),
        ("--mode pigeon", "'pigeon' is not one of"),
        ("--limits some", "'some' is not one of"),
        ("--port 70000", "less than or equal to 65535"),
        ("--no-bot --clock manual", "has its own clock"),
    ],
)
def test_a_bad_word_is_explained(command: Command, words: str, why: str) -> None:
    """Before anything starts."""
    done = command("sandbox", *words.split())
    assert done.exit_code == 2
    assert why in flat(done.stderr)


def test_an_instant_may_name_any_zone() -> None:
    """It is kept in UTC."""
    assert instant("2026-03-30T09:30:00+02:00") == datetime(2026, 3, 30, 7, 30, tzinfo=UTC)
    assert instant("2026-03-30T07:30:00Z").tzinfo is UTC


def test_a_manual_clock_needs_the_bot() -> None:
    """One that runs beside the sandbox can't be held."""
    assert Options(clock=Clock.MANUAL).bot
    with pytest.raises(typer.BadParameter):
        Options(clock=Clock.MANUAL, bot=False)
