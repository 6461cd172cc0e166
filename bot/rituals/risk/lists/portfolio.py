"""All teams' critical, overdue and unowned risks, for named leaders and admins."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.asking.askable import is_askable
from bot.asking.newcomers import rows_of
from bot.core import merging
from bot.db.tables import Audit, Person, Team, Workspace
from bot.db.upsert import insert_missing
from bot.rituals.risk.lists.portfolio_model import NotLeader, Portfolio
from bot.rituals.risk.loading import lines
from bot.rituals.risk.model import LEAST
from bot.rituals.risk.owners import late
from bot.rituals.risk.rights import is_leader, person_of, stands_out
from bot.rituals.risk.states import Band
from bot.rituals.risk.tables import Leader, Risk

PER_PAGE = 10


def portfolio(
    session: Session, at: datetime, workspace_id: int, slack_id: str, number: int = 0
) -> Portfolio | NotLeader:
    """A page of them, the worst first."""
    person = person_of(session, workspace_id, slack_id)
    if person is None or not is_askable(person):
        return NotLeader()
    if not (person.is_admin or is_leader(session, person)):
        return NotLeader()
    worst = (Risk.likelihood * Risk.impact).desc()
    found = session.scalars(
        select(Risk)
        .join(Team, Risk.team_id == Team.id)
        .where(Team.workspace_id == workspace_id, stands_out(session, at))
        .order_by(worst, Risk.next_review, Risk.id)
    ).all()
    pages = max(1, -(-len(found) // PER_PAGE))
    number = max(0, min(number, pages - 1))
    return Portfolio(
        number=number,
        pages=pages,
        total=len(found),
        teams=len({one.team_id for one in found}),
        critical=sum(one.likelihood * one.impact >= LEAST[Band.CRITICAL] for one in found),
        overdue=len(late(session, at, found)),
        unowned=sum(one.owner_id is None for one in found),
        risks=tuple(lines(session, at, found[number * PER_PAGE : (number + 1) * PER_PAGE])),
        leaders=_leaders(session, workspace_id) if person.is_admin else (),
        may_name=person.is_admin,
    )


def _leaders(session: Session, workspace_id: int) -> tuple[str, ...]:
    rows = session.scalars(
        select(Person.slack_id)
        .join(Leader, Leader.person_id == Person.id)
        .where(Person.workspace_id == workspace_id, Person.deleted.is_(False))
        .order_by(Person.name)
    )
    return tuple(rows)


@dataclass(frozen=True)
class Named:
    """So many see it now, beside the admins."""

    people: int


def name_leaders(
    session: Session,
    at: datetime,
    workspace_id: int,
    slack_id: str,
    chosen: Collection[str],
    was: Collection[str] | None = None,
) -> Named | NotLeader:
    """An admin says who sees it.

    `was` is whom they were shown: whom others have named or taken out since stays so.
    """
    actor = person_of(session, workspace_id, slack_id, make=True)
    if actor is None or not actor.is_admin or not is_askable(actor):
        return NotLeader()
    if was is not None:
        workspace = session.get_one(Workspace, workspace_id)
        session.refresh(workspace, with_for_update=True)  # of two who save at once, one waits
        chosen = merging.each(was, chosen, _leaders(session, workspace_id))
    people = [
        one for one in rows_of(session, workspace_id, set(chosen)).values() if is_askable(one)
    ]
    theirs = select(Person.id).where(Person.workspace_id == workspace_id)
    session.execute(delete(Leader).where(Leader.person_id.in_(theirs)))
    insert_missing(session, Leader, [{"person_id": one.id} for one in people])
    detail = {"leaders": sorted(one.slack_id for one in people)}
    subject = f"workspace:{workspace_id}"
    session.add(
        Audit(at=at, actor_id=actor.id, action="risk.leaders", subject=subject, detail=detail)
    )
    return Named(len(people))
