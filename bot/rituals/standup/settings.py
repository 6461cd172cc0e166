"""The settings of stand-ups: what their screen is filled with, and what a submit of it does."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from bot.asking.upkeep import model as upkeep
from bot.asking.upkeep import times
from bot.asking.upkeep.model import Exists, Wrong
from bot.asking.upkeep.setup import NO_OWNER, NOBODY, Upkeep
from bot.core.cadence import Cadence
from bot.rituals.standup import setup_form
from bot.rituals.standup.model import KIND, Config
from bot.rituals.standup.setup_form import Form, Meant
from bot.teams.teams import team_of

__all__ = [
    "NOBODY",
    "NO_OWNER",
    "UPKEEP",
    "Exists",
    "Typed",
    "Wrong",
    "settings",
    "settings_in",
    "submit",
]

Typed = upkeep.Typed[Form]
"""What somebody submits."""


def _meaning(
    _session: Session,
    at: datetime,
    own: str,
    _workspace_id: int,
    _channel: str,
    form: Form,
    cadence: Cadence | None,
    config: Config | None,
) -> Meant | Mapping[str, str]:
    return setup_form.meaning(form, times.today(form.zone, own, at), cadence, config)


_TOGETHER = (("template", "questions"), ("every", "nth"))
UPKEEP = Upkeep(KIND, Config, setup_form.filled, _meaning, team_of, _TOGETHER)
settings, settings_in, submit = UPKEEP.settings, UPKEEP.settings_in, UPKEEP.submit
