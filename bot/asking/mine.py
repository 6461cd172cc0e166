"""The rituals that a person is on, or looks after."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking.owners import may_change
from bot.asking.views import Mine
from bot.core import spoken
from bot.core.cadence import Cadence
from bot.core.states import RitualState
from bot.db.tables import Participant, Person, Ritual, Team


def mine(session: Session, person: Person) -> list[Mine]:
    """All of a person's rituals that have not been deleted."""
    rows = session.execute(
        select(Ritual, Team.name)
        .join(Team, Ritual.team_id == Team.id)
        .outerjoin(
            Participant,
            (Participant.ritual_id == Ritual.id) & (Participant.person_id == person.id),
        )
        .where(
            Ritual.state != RitualState.DELETED,
            Participant.person_id.is_not(None) | (Ritual.owner_id == person.id),
        )
        .order_by(Ritual.id)
    )
    return [
        Mine(
            ritual_id=ritual.id,
            kind=ritual.kind,
            title=ritual.title,
            channel=ritual.channel,
            channel_name=name,
            recurs=spoken.cadence(Cadence.model_validate(ritual.cadence)),
            paused=ritual.state is RitualState.PAUSED,
            may_change=may_change(ritual, person),
        )
        for ritual, name in rows
    ]
