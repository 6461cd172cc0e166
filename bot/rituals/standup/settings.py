"""Use cases of the setup screen: what it is filled with, and what a submit of it does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking.askable import is_askable
from bot.asking.guests import outsiders
from bot.asking.mine import mine
from bot.asking.newcomers import rows_of
from bot.asking.owners import may_change
from bot.asking.views import Mine
from bot.core.cadence import Cadence
from bot.core.states import RitualState
from bot.db.tables import Participant, Person, Ritual, Team, Workspace
from bot.rituals.standup import setup, setup_form
from bot.rituals.standup.lifecycle import Gone, NotOwner, standing_by_id, standing_in
from bot.rituals.standup.model import KIND, Config, Started
from bot.rituals.standup.setup import Outsiders, Plan
from bot.rituals.standup.setup_form import Form, Meant, Settings

NOBODY = "None of them can be asked: they are bots, or have left."
NO_OWNER = "Choose somebody of this workspace, who is there still."


@dataclass(frozen=True)
class Typed:
    """What somebody submits."""

    key: str
    channel: str
    channel_name: str
    ritual_id: int | None  # None: a new stand-up
    form: Form
    owner: str = ""  # a Slack id; "": as it is


@dataclass(frozen=True)
class Wrong:
    """Not stored: what is wrong, by field."""

    problems: Mapping[str, str]


@dataclass(frozen=True)
class Exists:
    """Somebody else set one up in that channel meanwhile."""

    ritual_id: int
    channel: str
    owner: str


def settings(
    session: Session, _at: datetime, workspace_id: int, slack_id: str, ritual_id: int
) -> Settings | Gone:
    """A stand-up's settings, by its id."""
    ritual = standing_by_id(session, workspace_id, ritual_id)
    return Gone() if ritual is None else _settings(session, ritual, slack_id)


def settings_in(
    session: Session, _at: datetime, workspace_id: int, slack_id: str, channel: str
) -> Settings | None:
    """The settings of the stand-up that a channel has."""
    ritual = standing_in(session, workspace_id, channel)
    return None if ritual is None else _settings(session, ritual, slack_id)


def standing_id(session: Session, _at: datetime, workspace_id: int, channel: str) -> int | None:
    """The id of the stand-up that a channel has."""
    ritual = standing_in(session, workspace_id, channel)
    return None if ritual is None else ritual.id


def listed(
    session: Session, _at: datetime, workspace_id: int, slack_id: str
) -> tuple[list[Mine], bool]:
    """The stand-ups that somebody is on or looks after; and whether they are a guest."""
    person = _person(session, workspace_id, slack_id)
    if person is None:
        return [], False
    return [one for one in mine(session, person) if one.kind == KIND], person.is_external


def _person(session: Session, workspace_id: int, slack_id: str) -> Person | None:
    return session.scalar(
        select(Person).where(Person.workspace_id == workspace_id, Person.slack_id == slack_id)
    )


def _settings(session: Session, ritual: Ritual, slack_id: str) -> Settings:
    team = session.get_one(Team, ritual.team_id)
    owner = session.get_one(Person, ritual.owner_id)
    asking = _person(session, team.workspace_id, slack_id)
    on_it = session.execute(
        select(Person.slack_id, Person.name)
        .join(Participant, Participant.person_id == Person.id)
        .where(Participant.ritual_id == ritual.id)
        .order_by(Person.name, Person.id)
    ).all()
    cadence = Cadence.model_validate(ritual.cadence)
    config = Config.model_validate(ritual.config)
    members = tuple(row.slack_id for row in on_it)
    return Settings(
        ritual_id=ritual.id,
        channel=ritual.channel,
        channel_name=team.name,
        form=setup_form.filled(ritual.title, cadence, config, members),
        owner=owner.slack_id,
        owner_name=owner.name,
        names=tuple(row.name for row in on_it),
        cadence=cadence,
        config=config,
        paused=ritual.state is RitualState.PAUSED,
        may_change=may_change(ritual, asking),
    )


def submit(
    session: Session, at: datetime, workspace_id: int, actor: str, typed: Typed
) -> Started | Wrong | NotOwner | Outsiders | Gone | Exists:
    """Start a stand-up, or change one; `actor` is a Slack id."""
    standing = _standing(session, workspace_id, typed)
    if standing is None and typed.ritual_id is not None:
        return Gone()
    if standing is not None and typed.ritual_id is None and standing.origin != typed.key:
        owner = session.get_one(Person, standing.owner_id)
        return Exists(standing.id, standing.channel, owner.name)
    before = None if standing is None else Cadence.model_validate(standing.cadence)
    config = None if standing is None else Config.model_validate(standing.config)
    meant = setup_form.meaning(typed.form, at.date(), before, config)
    problems = dict(meant) if not isinstance(meant, Meant) else {}
    problems |= _problems_of_people(session, workspace_id, typed)
    if problems or not isinstance(meant, Meant):
        return Wrong(problems)
    plan = Plan(
        channel=typed.channel if standing is None else standing.channel,
        channel_name=typed.channel_name,
        members=typed.form.members,
        cadence=meant.cadence,
        key=typed.key if standing is None else standing.origin,
        title=meant.title,
        config=meant.config,
        owner=typed.owner,
    )
    return setup.start(session, at, workspace_id, actor, plan)


def _standing(session: Session, workspace_id: int, typed: Typed) -> Ritual | None:
    """What a submit changes: the stand-up it is about, or what its channel has."""
    if typed.ritual_id is not None:
        return standing_by_id(session, workspace_id, typed.ritual_id)
    return standing_in(session, workspace_id, typed.channel)


def _problems_of_people(session: Session, workspace_id: int, typed: Typed) -> dict[str, str]:
    named = {typed.owner} if typed.owner else set[str]()
    people = rows_of(session, workspace_id, {*typed.form.members, *named})
    ourselves = session.get_one(Workspace, workspace_id).bot_user
    members = [people[one] for one in typed.form.members if one != ourselves]
    found: dict[str, str] = {}
    if typed.form.members and not any(is_askable(one) or outsiders([one]) for one in members):
        found["members"] = NOBODY
    if named and (typed.owner == ourselves or not _may_own(people[typed.owner])):
        found["owner"] = NO_OWNER
    return found


def _may_own(person: Person) -> bool:
    return is_askable(person) and not person.is_external
