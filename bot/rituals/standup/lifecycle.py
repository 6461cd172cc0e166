"""A stand-up's life: pause it, let it go on, delete it."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.asking.upkeep import lifecycle
from bot.asking.upkeep.model import Act, Done, Gone, NotOwner
from bot.db.tables import Ritual
from bot.rituals.standup.model import KIND

__all__ = ["Act", "Done", "Gone", "NotOwner", "act", "standing_by_id"]


def act(
    session: Session, at: datetime, workspace_id: int, slack_id: str, ritual_id: int, what: Act
) -> Done | NotOwner | Gone:
    """Pause, resume or delete a stand-up; its owner and workspace admins may."""
    return lifecycle.act(session, at, KIND, workspace_id, slack_id, ritual_id, what)


def standing_by_id(session: Session, workspace_id: int, ritual_id: int) -> Ritual | None:
    """A stand-up that has not been deleted."""
    return lifecycle.standing_by_id(session, KIND, workspace_id, ritual_id)
