"""Rituals at the end of a sprint go with the sprints of their team."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking import planning
from bot.core.cadence import Cadence
from bot.core.sprints import at_the_end
from bot.core.states import RitualState
from bot.db.tables import Ritual, Team


def follow(session: Session, at: datetime, team: Team) -> None:
    """Plan a team's rituals by its sprints as they are now.

    Where it keeps none any more they go on as before.
    """
    rituals = session.scalars(
        select(Ritual).where(Ritual.team_id == team.id, Ritual.state != RitualState.DELETED)
    )
    for ritual in rituals.all():
        before = Cadence.model_validate(ritual.cadence)
        after = at_the_end(team, before.at, before.zone) if before.by_sprint else None
        if after is None or after == before:
            continue
        ritual.cadence = after.model_dump(mode="json")
        session.flush()
        if ritual.state is RitualState.ACTIVE:
            planning.begin(session, at, ritual)
