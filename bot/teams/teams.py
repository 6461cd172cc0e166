"""Use cases of a team: the people around one channel, and what belongs to them all."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from bot.asking import changes, sprints
from bot.asking.askable import is_outside
from bot.asking.newcomers import rows_of
from bot.core import merging
from bot.core.cadence import UnknownZone, local_date, zone
from bot.core.states import RitualState, Role
from bot.core.text import clamp, one_line
from bot.db.tables import Audit, Membership, Person, Ritual, Team
from bot.db.upsert import insert_missing
from bot.teams.model import Holder, May, NotTheirs, TeamPlan, TeamShown, Wrong

NO_START = "Choose the first day of any sprint, or “No sprints” below."
NO_LENGTH = "Choose how long a sprint is; without that, its first day says nothing."
_SAID = 5  # of those who can have no role
_NAME = 60


def team_of(session: Session, workspace_id: int, channel: str, name: str) -> Team:
    """The team of a channel, made where there is none yet; `name` is the channel's."""
    there = session.scalar(_team(workspace_id, channel))
    if there is not None:
        return there
    row = {"workspace_id": workspace_id, "channel": channel, "name": name or channel}
    insert_missing(session, Team, [row])
    return session.scalars(_team(workspace_id, channel)).one()


def standing(
    session: Session, at: datetime, workspace_id: int, slack_id: str, channel: str
) -> TeamShown:
    """What a channel's team keeps, and whether somebody may change it."""
    person = _person(session, workspace_id, slack_id)
    own = person.tz if person is not None else None
    team = session.scalar(_team(workspace_id, channel))
    may = _may(session, workspace_id, person, channel)
    if team is None:
        tz = own or "UTC"
        return TeamShown(tz, None, None, None, {}, local_date(at, zone(tz)), may)
    tz = team.tz or own or "UTC"
    return TeamShown(
        tz=tz,
        sprint_start=team.sprint_start,
        sprint_weeks=team.sprint_weeks,
        phase=team.phase,
        roles=holders(session, team.id),
        today=local_date(at, zone(tz)),
        may=may,
    )


def holders(session: Session, team_id: int) -> Mapping[Role, tuple[Holder, ...]]:
    """Who has which role in a team, by name; who has left the workspace has none."""
    rows = session.execute(
        select(Membership.role, Person.slack_id, Person.name)
        .join(Person, Membership.person_id == Person.id)
        .where(Membership.team_id == team_id, Person.deleted.is_(False))
        .order_by(Person.name, Person.id)
    )
    found: dict[Role, list[Holder]] = defaultdict(list)
    for role, slack_id, name in rows:
        found[role].append(Holder(slack_id, name))
    return {role: tuple(people) for role, people in found.items()}


def keep(
    session: Session,
    at: datetime,
    workspace_id: int,
    slack_id: str,
    typed: TeamPlan,
    was: TeamPlan | None = None,
    *,
    member: bool,
) -> TeamShown | NotTheirs | Wrong:
    """Set what a team keeps; `member` says whether whoever asks is in its channel.

    `was` is what they were shown: what others have changed since stays, where this doesn't.
    """
    actor = rows_of(session, workspace_id, {slack_id})[slack_id]
    may = _may(session, workspace_id, actor, typed.channel)
    if may is May.LOOK or (may is May.IF_MEMBER and not member):
        return NotTheirs()
    # Of two who save at once, one waits for the other.
    locked = _team(workspace_id, typed.channel).with_for_update()
    there = session.scalar(locked.execution_options(populate_existing=True))
    plan = typed if was is None or there is None else _merged(session, there, was, typed)
    people = rows_of(session, workspace_id, {one for each in plan.roles.values() for one in each})
    if problems := _problems(plan, there, people):
        return Wrong(problems)
    team = team_of(session, workspace_id, plan.channel, plan.channel_name)
    before = _kept(session, team)
    team.name = plan.channel_name or team.name
    team.tz = _zone_name(plan.tz)
    team.sprint_weeks = plan.sprint_weeks
    team.sprint_start = plan.sprint_start if plan.sprint_weeks else None
    team.phase = plan.phase
    _set_roles(session, at, team, plan, people)
    sprints.follow(session, at, team)
    _audit(session, at, actor, team, before)
    return standing(session, at, workspace_id, slack_id, plan.channel)


def _merged(session: Session, team: Team, was: TeamPlan, typed: TeamPlan) -> TeamPlan:
    """What somebody changed of what they were shown; the rest as it is kept now."""
    start, weeks = merging.one(
        (was.sprint_start, was.sprint_weeks),
        (typed.sprint_start, typed.sprint_weeks),
        (team.sprint_start, team.sprint_weeks),
    )  # either means nothing without the other
    have = holders(session, team.id)
    return replace(
        typed,
        tz=merging.one(was.tz, typed.tz, team.tz or typed.tz),
        sprint_start=start,
        sprint_weeks=weeks,
        phase=merging.one(was.phase, typed.phase, team.phase),
        roles={
            role: merging.each(
                was.roles.get(role, ()),
                typed.roles.get(role, ()),
                [one.slack_id for one in have.get(role, ())],
            )
            for role in Role
        },
    )


def _team(workspace_id: int, channel: str) -> Select[Team]:
    return select(Team).where(Team.workspace_id == workspace_id, Team.channel == channel)


def _person(session: Session, workspace_id: int, slack_id: str) -> Person | None:
    return session.scalar(
        select(Person).where(Person.workspace_id == workspace_id, Person.slack_id == slack_id)
    )


def _may(session: Session, workspace_id: int, person: Person | None, channel: str) -> May:
    """Owners of a ritual there and workspace admins; where there is none, whoever is in it."""
    if person is not None and person.is_admin:
        return May.CHANGE
    owners = session.scalars(
        select(Ritual.owner_id)
        .join(Team)
        .where(
            Team.workspace_id == workspace_id,
            Ritual.channel == channel,
            Ritual.state != RitualState.DELETED,
        )
    ).all()
    if not owners:
        return May.IF_MEMBER
    return May.CHANGE if person is not None and person.id in owners else May.LOOK


def _problems(plan: TeamPlan, team: Team | None, people: Mapping[str, Person]) -> dict[str, str]:
    found: dict[str, str] = {}
    try:
        _zone_name(plan.tz)
    except UnknownZone as error:
        found["tz"] = error.message
    kept = team.sprint_start if team is not None else None
    if plan.sprint_weeks and plan.sprint_start is None:
        found["start"] = NO_START
    elif plan.sprint_start not in (None, kept) and not plan.sprint_weeks:
        found["weeks"] = NO_LENGTH
    for role, slack_ids in plan.roles.items():
        if said := [words for one in slack_ids if (words := _unfit(people[one]))]:
            found[role.name.lower()] = " ".join(said[:_SAID])
    return found


def _unfit(person: Person) -> str:
    """Why somebody can have no role; "" for everybody else."""
    name = clamp(one_line(person.name), _NAME)
    if person.is_bot:
        return f"{name} is a bot."
    if person.deleted:
        return f"{name} has left the workspace."
    return f"{name} belongs to another organisation." if is_outside(person) else ""


def _zone_name(typed: str) -> str:
    """The zone as IANA writes it, in whatever capitals it was typed; raises UnknownZone."""
    try:
        return zone(typed.strip()).key
    except UnknownZone:
        if (name := _by_small_letters().get(typed.strip().lower())) is None:
            raise
        return name


@cache
def _by_small_letters() -> Mapping[str, str]:
    return {name.lower(): name for name in available_timezones()}


def _set_roles(
    session: Session, at: datetime, team: Team, plan: TeamPlan, people: Mapping[str, Person]
) -> None:
    mine = select(Membership.person_id, Membership.role).where(Membership.team_id == team.id)
    before = {(person_id, role) for person_id, role in session.execute(mine)}
    session.execute(delete(Membership).where(Membership.team_id == team.id))
    after = {(people[one].id, role) for role, those in plan.roles.items() for one in those}
    rows = [{"team_id": team.id, "person_id": one, "role": role} for one, role in sorted(after)]
    insert_missing(session, Membership, rows)
    changes.note_roles(session, at, {person_id for person_id, _role in before ^ after})


def _kept(session: Session, team: Team) -> dict[str, Any]:
    """All of it, as the audit writes it down."""
    rows = session.execute(
        select(Membership.role, Person.slack_id)
        .join(Person, Membership.person_id == Person.id)
        .where(Membership.team_id == team.id)
        .order_by(Membership.role, Person.slack_id)
    )
    roles: dict[str, list[str]] = {}
    for role, slack_id in rows:
        roles.setdefault(role.value, []).append(slack_id)
    start = team.sprint_start
    return {
        "tz": team.tz,
        "sprint_start": start and start.isoformat(),
        "sprint_weeks": team.sprint_weeks,
        "phase": team.phase and team.phase.value,
        "roles": roles,
    }


def _audit(
    session: Session, at: datetime, actor: Person, team: Team, before: Mapping[str, Any]
) -> None:
    """Write down what is different now, if anything is."""
    session.flush()
    after = _kept(session, team)
    if detail := {name: now for name, now in after.items() if now != before[name]}:
        subject = f"team:{team.id}"
        session.add(
            Audit(at=at, actor_id=actor.id, action="team.set", subject=subject, detail=detail)
        )
