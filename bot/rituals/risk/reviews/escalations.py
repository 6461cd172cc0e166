"""Risks that somebody wants a team's risk owner to look at: they wait until one of them has.

What waits is read from the history: an escalation after which no risk owner did anything to it.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from bot.core.states import Role
from bot.db.tables import Membership, Person
from bot.rituals.risk.loading import changed
from bot.rituals.risk.states import LIVE, Act
from bot.rituals.risk.tables import Change, Risk
from bot.rituals.risk.values import ChangeShown


def waiting(
    session: Session, person_id: int, team_ids: Collection[int]
) -> Sequence[tuple[Risk, ChangeShown]]:
    """What others escalated in these teams, of which somebody is a risk owner; the worst first."""
    if not team_ids:
        return ()
    latest = (
        select(func.max(Change.id))
        .where(Change.team_id.in_(team_ids), Change.act == Act.ESCALATED)
        .group_by(Change.risk_id)
    )
    after = aliased(Change)
    looked_at = (
        select(after.id)
        .join(Membership, Membership.person_id == after.actor_id)
        .where(
            after.risk_id == Change.risk_id,
            after.id > Change.id,
            after.actor_id.is_distinct_from(Change.actor_id),
            Membership.team_id == Change.team_id,
            Membership.role == Role.RISK_OWNER,
        )
        .exists()
    )
    rows = session.execute(
        select(Risk, Change, Person.name)
        .join(Change, Change.risk_id == Risk.id)
        .outerjoin(Person, Change.actor_id == Person.id)
        .where(
            Change.id.in_(latest),
            Change.actor_id.is_distinct_from(person_id),
            Risk.status.in_(LIVE),
            ~looked_at,
        )
        .order_by((Risk.likelihood * Risk.impact).desc(), Risk.id)
    )
    return [(risk, changed(change, name)) for risk, change, name in rows]


def waits_for(session: Session, risk: Risk, person: Person) -> bool:
    """Whether somebody, as its team's risk owner, is to look at a risk that was escalated."""
    session.flush()
    is_owner = select(Membership.person_id).where(
        Membership.team_id == risk.team_id,
        Membership.person_id == person.id,
        Membership.role == Role.RISK_OWNER,
    )
    if session.scalar(is_owner) is None:
        return False
    return any(one.id == risk.id for one, _how in waiting(session, person.id, [risk.team_id]))
