"""A retro whose people have all been asked for notes."""

import pytest

from bot.rituals.retro.model import Config
from tests.asking.conftest import Begin
from tests.rituals.retro.team import EVERYBODY, Team


@pytest.fixture
def team(begin: Begin) -> Team:
    """All have been asked for notes, in the open."""
    made = Team(begin("2026-03-30T06:00"))
    made.gather()
    made.until(EVERYBODY)
    return made


@pytest.fixture
def unsigned(begin: Begin, on_sqlite: None) -> Team:
    """The same, anonymously."""
    made = Team(begin("2026-03-30T06:00"), Config(anonymous=True))
    made.gather()
    made.until(EVERYBODY)
    return made
