"""Use cases of setting up a stand-up: start one in a channel, or change it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.asking import guests, home, planning
from bot.asking.askable import ASKABLE, is_askable
from bot.asking.newcomers import rows_of
from bot.asking.outlook import next_of
from bot.asking.owners import may_change
from bot.core.cadence import Cadence
from bot.core.states import RitualState
from bot.db.tables import Audit, Participant, Person, Ritual, Team
from bot.db.upsert import insert_missing
from bot.rituals.standup import model
from bot.rituals.standup.lifecycle import Gone, NotOwner
from bot.rituals.standup.model import KIND, Config, Started
from bot.rituals.standup.setup_form import skipped
from bot.teams.teams import team_of

_AS_USUAL = Config()


@dataclass(frozen=True)
class Plan:
    """What the setup screen says, once it makes sense."""

    channel: str
    channel_name: str
    members: tuple[str, ...]  # Slack ids
    cadence: Cadence
    key: str  # of the modal: a second submit of it edits
    title: str = model.TITLE
    config: Config = _AS_USUAL
    owner: str = ""  # a Slack id; "": whoever it is, or starts it


@dataclass(frozen=True)
class Outsiders:
    """People of another organisation were chosen, where no admin allows guests."""

    names: tuple[str, ...]


def askable(
    session: Session, _at: datetime, workspace_id: int, slack_ids: Sequence[str]
) -> list[str]:
    """All but those who are known to be bots, guests of another organisation, or gone."""
    not_asked = set(
        session.scalars(
            select(Person.slack_id).where(
                Person.workspace_id == workspace_id,
                ~ASKABLE,
            )
        )
    )
    return [one for one in slack_ids if one not in not_asked]


def start(
    session: Session, at: datetime, workspace_id: int, actor: str, plan: Plan
) -> Started | NotOwner | Outsiders | Gone:
    """Start a channel's stand-up, or change it where there is one; `actor` is a Slack id."""
    if _deleted(session, plan.key):
        return Gone()
    named = {plan.owner} if plan.owner else set[str]()
    people = rows_of(session, workspace_id, {actor, *plan.members, *named})
    by = people[actor]
    outside = guests.outsiders(people[one] for one in plan.members)
    if outside and not guests.are_allowed(session, workspace_id):
        return Outsiders(tuple(person.name for person in outside))
    team = team_of(session, workspace_id, plan.channel, plan.channel_name)
    ritual = _found(session, team, plan.key)
    changed = ritual is not None
    if ritual is None:
        ritual = _new(session, at, team, by, plan)
    elif not may_change(ritual, by):
        return NotOwner(session.get_one(Person, ritual.owner_id).name)
    _change(session, ritual, plan)
    if plan.owner:
        ritual.owner_id = people[plan.owner].id
    guests.admit(session, at, by.id, outside)
    asked = [people[one] for one in plan.members if is_askable(people[one])]
    _set_participants(session, ritual, asked)
    guests.release(session, at, workspace_id, by.id)
    _audit(session, at, by, ritual, plan)
    paused = ritual.state is RitualState.PAUSED
    if paused:
        planning.take_back(session, at, ritual)
    else:
        planning.begin(session, at, ritual)
    home.refresh(session, at, [person.id for person in people.values()])
    first = _first_asked(session, at, ritual, by)
    note = skipped(plan.cadence, at)
    return Started(ritual.id, first, len(asked), changed, paused, note)


def _deleted(session: Session, key: str) -> bool:
    """Whether what this modal made has been deleted."""
    state = session.scalar(select(Ritual.state).where(Ritual.origin == key))
    return state is RitualState.DELETED


def _change(session: Session, ritual: Ritual, plan: Plan) -> None:
    """Runs that are open keep what they were planned with."""
    before = Cadence.model_validate(ritual.cadence)
    ritual.title = plan.title
    ritual.cadence = plan.cadence.model_dump(mode="json")
    ritual.config = plan.config.model_dump(mode="json")
    if before.zone != plan.cadence.zone:
        planning.rezone(session, ritual)


def _found(session: Session, team: Team, key: str) -> Ritual | None:
    """The stand-up that this modal made, or that the channel has."""
    return session.scalars(
        select(Ritual)
        .where(Ritual.kind == KIND, Ritual.state != RitualState.DELETED)
        .where((Ritual.origin == key) | (Ritual.team_id == team.id))
        .order_by(Ritual.id)
    ).first()


def _new(session: Session, at: datetime, team: Team, owner: Person, plan: Plan) -> Ritual:
    ritual = Ritual(
        team_id=team.id,
        kind=KIND,
        title=plan.title,
        channel=plan.channel,
        owner_id=owner.id,
        cadence=plan.cadence.model_dump(mode="json"),
        config=plan.config.model_dump(mode="json"),
        origin=plan.key,
        created_at=at,
    )
    session.add(ritual)
    session.flush()
    return ritual


def _set_participants(session: Session, ritual: Ritual, people: Sequence[Person]) -> None:
    session.flush()
    ids = [person.id for person in people]
    session.execute(
        delete(Participant).where(
            Participant.ritual_id == ritual.id, Participant.person_id.not_in(ids)
        )
    )
    insert_missing(
        session, Participant, [{"ritual_id": ritual.id, "person_id": one} for one in ids]
    )


def _audit(session: Session, at: datetime, actor: Person, ritual: Ritual, plan: Plan) -> None:
    session.add(
        Audit(
            at=at,
            actor_id=actor.id,
            action="standup.set",
            subject=f"ritual:{ritual.id}",
            detail={
                "members": list(plan.members),
                "title": ritual.title,
                "cadence": ritual.cadence,
                "config": ritual.config,
                "owner": ritual.owner_id,
            },
        )
    )


def _first_asked(session: Session, at: datetime, ritual: Ritual, person: Person) -> datetime | None:
    moments = [one.due for one in next_of(session, at, person.id) if one.ritual_id == ritual.id]
    return moments[0] if moments else None
