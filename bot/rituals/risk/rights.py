"""Who may see a risk and who may change it: its owner, the team's risk owners, and admins."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from bot.asking.askable import is_askable
from bot.asking.newcomers import rows_of
from bot.core.states import RitualState
from bot.db.tables import Membership, Participant, Person, Ritual, Team
from bot.rituals.risk.model import LEAST
from bot.rituals.risk.owners import overdue, risk_owners
from bot.rituals.risk.states import LIVE, Band, Status
from bot.rituals.risk.tables import Leader, Risk
from bot.rituals.risk.values import Gone, IsClosed, NotTheirs


@dataclass(frozen=True)
class Found:
    """A risk, its team, and somebody who has to do with it."""

    risk: Risk
    team: Team
    actor: Person
    may_change: bool


def may_change(session: Session, risk: Risk, person: Person) -> bool:
    """Its owner, the team's risk owners, and workspace admins."""
    if not is_askable(person):
        return False
    if person.is_admin or person.id == risk.owner_id:
        return True
    owners = risk_owners(session, [risk.team_id]).get(risk.team_id, ())
    return any(one.id == person.id for one in owners)


def may_settle(session: Session, team_id: int | None, person: Person | None) -> bool:
    """Who decides how a team's register works: risk owners, admins, owners of its rituals.

    Where a team has none of these, whoever is in its channel.
    """
    if person is None or not is_askable(person):
        return False
    if person.is_admin or team_id is None:
        return True
    owners = {one.id for one in risk_owners(session, [team_id]).get(team_id, ())}
    owners |= set(
        session.scalars(
            select(Ritual.owner_id).where(
                Ritual.team_id == team_id, Ritual.state != RitualState.DELETED
            )
        )
    )
    return person.id in owners or not owners


def may_see(
    session: Session, at: datetime, risk: Risk, team: Team, person: Person, here: str
) -> bool:
    """Its team's people. `here` is the channel that somebody looks from: they are in it.

    Named leaders see of other teams what their portfolio shows, and nothing else.
    """
    if not is_askable(person):
        return False
    if person.is_admin or here == team.channel:
        return True
    if person.id in (risk.owner_id, risk.raised_by) or _is_on(session, team.id, person):
        return True
    if not is_leader(session, person):
        return False
    shown = select(Risk.id).where(Risk.id == risk.id, stands_out(session, at))
    return session.scalar(shown) is not None


def stands_out(session: Session, at: datetime) -> ColumnElement[bool]:
    """What leaders see of all teams: the live risks that are critical, overdue or nobody's."""
    critical = Risk.likelihood * Risk.impact >= LEAST[Band.CRITICAL]
    late = overdue(session, at)
    return Risk.status.in_(LIVE) & (critical | late | Risk.owner_id.is_(None))


def is_leader(session: Session, person: Person) -> bool:
    """Whether somebody was named to see all teams' worst risks."""
    return session.get(Leader, person.id) is not None


def _is_on(session: Session, team_id: int, person: Person) -> bool:
    """With a role in the team, or on one of its rituals."""
    role = select(Membership.team_id).where(
        Membership.team_id == team_id, Membership.person_id == person.id
    )
    asked = (
        select(Participant.ritual_id)
        .join(Ritual)
        .where(
            Ritual.team_id == team_id,
            Ritual.state != RitualState.DELETED,
            Participant.person_id == person.id,
        )
    )
    return any(session.scalar(one.limit(1)) is not None for one in (role, asked))


def find(
    session: Session, at: datetime, workspace_id: int, slack_id: str, risk_id: int, here: str = ""
) -> Found | Gone | NotTheirs | IsClosed:
    """A live risk for somebody who changes it, locked."""
    found = look(session, at, workspace_id, slack_id, risk_id, here, lock=True)
    if isinstance(found, Gone):
        return found
    if not found.may_change:
        owner = session.get(Person, found.risk.owner_id) if found.risk.owner_id else None
        return NotTheirs(owner.name if owner is not None else "")
    if found.risk.status is Status.CLOSED:
        return IsClosed(found.risk.title)
    return found


def look(
    session: Session,
    at: datetime,
    workspace_id: int,
    slack_id: str,
    risk_id: int,
    here: str = "",
    *,
    lock: bool = False,
) -> Found | Gone:
    """A risk for somebody who looks at it."""
    actor = person_of(session, workspace_id, slack_id, make=lock)
    query = _risk(workspace_id, risk_id)
    if lock:
        query = query.with_for_update(of=Risk).execution_options(populate_existing=True)
    row = session.execute(query).first()
    if row is None or actor is None:
        return Gone()
    risk, team = row
    if not may_see(session, at, risk, team, actor, here):
        return Gone()
    return Found(risk, team, actor, may_change(session, risk, actor))


def person_of(
    session: Session, workspace_id: int, slack_id: str, *, make: bool = False
) -> Person | None:
    """A person by their Slack id; made where nothing is known of them yet, if wanted."""
    if make:
        return rows_of(session, workspace_id, [slack_id])[slack_id]
    return session.scalar(
        select(Person).where(Person.workspace_id == workspace_id, Person.slack_id == slack_id)
    )


def _risk(workspace_id: int, risk_id: int) -> Select[Risk, Team]:
    return (
        select(Risk, Team)
        .join(Team, Risk.team_id == Team.id)
        .where(Risk.id == risk_id, Team.workspace_id == workspace_id)
    )
