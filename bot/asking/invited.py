"""The bot comes into a channel: what belongs there is shown again, and its host may set up more."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking import targets
from bot.asking.askable import ASKABLE
from bot.core.states import RitualState
from bot.db.tables import Person, Ritual, Team


def joined(session: Session, at: datetime, workspace_id: int, channel: str) -> frozenset[str]:
    """Show again what belongs there; answers the kinds of ritual that the channel holds."""
    targets.lift(session, at, channel)
    held = session.scalars(
        select(Ritual.kind)
        .join(Team)
        .where(
            Team.workspace_id == workspace_id,
            Ritual.channel == channel,
            Ritual.state != RitualState.DELETED,
        )
        .distinct()
    )
    return frozenset(held)


def is_ours(session: Session, _at: datetime, workspace_id: int, slack_id: str) -> bool:
    """Whether somebody is known as a person of this workspace, who may set up rituals."""
    person = session.scalar(
        select(Person).where(
            Person.workspace_id == workspace_id,
            Person.slack_id == slack_id,
            Person.refreshed_at.is_not(None),
            Person.is_external.is_(False),
            ASKABLE,
        )
    )
    return person is not None
