"""How retros stand just now: one in full, or all of somebody's in a line each."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking.outlook import next_of
from bot.asking.owners import may_change
from bot.asking.upkeep.lifecycle import standing_by_id
from bot.asking.upkeep.model import Gone
from bot.core import spoken
from bot.core.cadence import Cadence
from bot.core.states import RitualState
from bot.db.tables import Person
from bot.rituals.retro.finding import ends, may_lead, may_start, person_of, place_of
from bot.rituals.retro.model import KIND, Stage
from bot.rituals.retro.shown import retro_shown
from bot.rituals.retro.tables import Retro
from bot.rituals.retro.views.status import StatusShown, standing


def status(
    session: Session,
    at: datetime,
    workspace_id: int,
    slack_id: str,
    ritual_id: int,
    said: str = "",
) -> StatusShown | Gone:
    """One retro, for whoever asks; `said` is what has just been done, in mrkdwn."""
    ritual = standing_by_id(session, KIND, workspace_id, ritual_id)
    if ritual is None:
        return Gone()
    person = person_of(session, workspace_id, slack_id)
    newest = session.scalars(
        select(Retro).where(Retro.ritual_id == ritual.id).order_by(Retro.id.desc()).limit(2)
    ).all()
    now = next((one for one in newest if one.stage is not Stage.CLOSED), None)
    told = next((one for one in newest if one.stage is not Stage.COLLECT), None)
    paused = ritual.state is RitualState.PAUSED
    leads = now is not None and may_lead(session, place_of(session, now), person)
    mine = next_of(session, at, person.id) if person is not None else []
    return StatusShown(
        ritual_id=ritual.id,
        title=ritual.title,
        channel=ritual.channel,
        owner=session.get_one(Person, ritual.owner_id).name,
        recurs=spoken.cadence(Cadence.model_validate(ritual.cadence)),
        paused=paused,
        may_change=may_change(ritual, person),
        may_lead=leads,
        may_start=now is None and not paused and may_start(ritual, person),
        now=None if now is None else retro_shown(session, str(now.id), at),
        told=None if told is None else told.id,
        mine=next((one.due for one in mine if one.ritual_id == ritual.id), None),
        said=said,
    )


def standings(session: Session, _at: datetime, ritual_ids: Collection[int]) -> Mapping[int, str]:
    """What is under way of these, in a line each, in mrkdwn."""
    live = select(Retro).where(Retro.ritual_id.in_(ritual_ids), Retro.stage != Stage.CLOSED)
    found: dict[int, str] = {}
    for retro in session.scalars(live.order_by(Retro.id)).all():
        place = place_of(session, retro)
        found[place.ritual.id] = standing(retro.stage, ends(session, retro))
    return found
