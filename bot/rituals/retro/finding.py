"""Finding a retro: by its id, by its channel, for a person; and who leads it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.asking.askable import is_askable
from bot.asking.owners import may_change
from bot.core.states import RitualState
from bot.db.tables import Person, Prompt, Ritual, Run, Team
from bot.rituals.retro.model import Config, Stage
from bot.rituals.retro.tables import Retro


@dataclass(frozen=True)
class Place:
    """A retro with what is around it; `run` is the one in which notes are asked for."""

    retro: Retro
    run: Run
    ritual: Ritual

    @cached_property
    def config(self) -> Config:
        return Config.model_validate(self.run.config)


def _places(workspace_id: int) -> Select[Retro, Run, Ritual]:
    return (
        select(Retro, Run, Ritual)
        .join(Run, Retro.run_id == Run.id)
        .join(Ritual, Retro.ritual_id == Ritual.id)
        .join(Team, Ritual.team_id == Team.id)
        .where(Team.workspace_id == workspace_id, Ritual.state != RitualState.DELETED)
    )


def by_id(session: Session, workspace_id: int, retro_id: int) -> Place | None:
    """A retro whose ritual was not deleted."""
    found = session.execute(_places(workspace_id).where(Retro.id == retro_id)).first()
    return None if found is None else Place(*found)


def by_run(session: Session, run_id: int) -> Retro | None:
    """The retro that a round of asking belongs to, whichever of its stages it is."""
    return session.scalar(
        select(Retro).where(
            (Retro.run_id == run_id)
            | (Retro.vote_run_id == run_id)
            | (Retro.discuss_run_id == run_id)
        )
    )


def place_of(session: Session, retro: Retro) -> Place:
    """What is around a retro."""
    return Place(
        retro, session.get_one(Run, retro.run_id), session.get_one(Ritual, retro.ritual_id)
    )


def live_in(session: Session, workspace_id: int, channel: str) -> Place | None:
    """The retro that is under way in a channel; of several the newest."""
    query = _places(workspace_id).where(Run.channel == channel, Retro.stage != Stage.CLOSED)
    found = session.execute(query.order_by(Retro.id.desc())).first()
    return None if found is None else Place(*found)


def last_in(session: Session, workspace_id: int, channel: str) -> Place | None:
    """The newest retro of a channel, under way or not."""
    query = _places(workspace_id).where(Run.channel == channel)
    found = session.execute(query.order_by(Retro.id.desc())).first()
    return None if found is None else Place(*found)


def live_of(session: Session, workspace_id: int, person_id: int) -> list[Place]:
    """The retros under way that a person is on, newest first."""
    on_it = select(Prompt.run_id).where(Prompt.person_id == person_id)
    query = _places(workspace_id).where(Retro.stage != Stage.CLOSED, Retro.run_id.in_(on_it))
    return [Place(*row) for row in session.execute(query.order_by(Retro.id.desc()))]


def person_of(session: Session, workspace_id: int, slack_id: str) -> Person | None:
    """Somebody by Slack id, where Meridian knows them."""
    return session.scalar(
        select(Person).where(Person.workspace_id == workspace_id, Person.slack_id == slack_id)
    )


def is_on(session: Session, retro: Retro, person: Person | None) -> bool:
    """Whether somebody is on a retro: asked in it, or away while they were to be."""
    if person is None or not is_askable(person):
        return False
    mine = select(Prompt.id).where(Prompt.run_id == retro.run_id, Prompt.person_id == person.id)
    return session.scalar(mine) is not None


def stage_run_id(retro: Retro) -> int | None:
    """The round of asking of the stage that a retro is in; None while nobody is asked anything."""
    match retro.stage:
        case Stage.COLLECT:
            return retro.run_id
        case Stage.VOTE:
            return retro.vote_run_id
        case Stage.DISCUSS:
            return retro.discuss_run_id
        case _:
            return None


def ends(session: Session, retro: Retro) -> datetime | None:
    """When the stage is over, by the timetable."""
    if retro.stage is Stage.SORT:
        return retro.sort_until
    run_id = stage_run_id(retro)
    return None if run_id is None else session.get_one(Run, run_id).closes_at


def facilitator(session: Session, ritual: Ritual) -> Person | None:
    """Whom its settings name, while they are there and may be asked."""
    chosen = Config.model_validate(ritual.config).facilitator
    person = session.scalar(
        select(Person)
        .join(Team, Person.workspace_id == Team.workspace_id)
        .where(Team.id == ritual.team_id, Person.slack_id == chosen)
    )
    return person if person is not None and is_askable(person) else None


def leader(session: Session, place: Place) -> Person:
    """Who leads it: its facilitator while they are there, else whoever looks after it."""
    chosen = place.retro.facilitator_id
    person = session.get(Person, chosen) if chosen is not None else None
    if person is not None and is_askable(person):
        return person
    return session.get_one(Person, place.ritual.owner_id)


def may_lead(session: Session, place: Place, person: Person | None) -> bool:
    """The facilitator may, the owner, and workspace admins."""
    if person is None or not is_askable(person):
        return False
    mine = (leader(session, place).id, place.ritual.owner_id)
    return person.id in mine or person.is_admin


def may_start(ritual: Ritual, person: Person | None) -> bool:
    """The facilitator of its settings may begin one, the owner, and workspace admins."""
    if person is None or not is_askable(person):
        return False
    chosen = Config.model_validate(ritual.config).facilitator
    return person.slack_id == chosen or may_change(ritual, person)
