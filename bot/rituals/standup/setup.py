"""Use cases of setting up a stand-up: start one in a channel, or change it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.asking.upkeep import model as upkeep
from bot.asking.upkeep import setup
from bot.asking.upkeep.model import Gone, NotOwner, Outsiders, Started
from bot.asking.upkeep.setup import askable
from bot.rituals.standup import model
from bot.rituals.standup.model import KIND, Config
from bot.teams.teams import team_of

__all__ = ["Outsiders", "Plan", "askable", "start"]

_AS_USUAL = Config()


@dataclass(frozen=True)
class Plan(upkeep.Plan[Config]):
    """What the setup screen says, once it makes sense."""

    title: str = model.TITLE
    config: Config = _AS_USUAL


def start(
    session: Session, at: datetime, workspace_id: int, actor: str, plan: upkeep.Plan[Config]
) -> Started | NotOwner | Outsiders | Gone:
    """Start a channel's stand-up, or change it where there is one; `actor` is a Slack id."""
    return setup.start(session, at, KIND, team_of, workspace_id, actor, plan)
