"""Lists of action items, page by page: mine, the team's, the overdue."""

from datetime import datetime, timedelta
from typing import Any, assert_never

from sqlalchemy import ColumnElement, case, false, func, literal, or_, select
from sqlalchemy.orm import Session

from bot.actions import loading
from bot.actions.model import Page, Scope
from bot.core.cadence import local_date, zone
from bot.core.states import LIVE_ITEMS
from bot.db.tables import ActionItem, Person, Team

PER_PAGE = 15  # two blocks each; Slack takes a hundred, a phone shows five
_LATELY = timedelta(days=30)


def page(
    session: Session,
    at: datetime,
    workspace_id: int,
    slack_id: str,
    scope: Scope,
    number: int = 0,
    channel: str = "",
) -> Page:
    """A page of what somebody may look at; one that is not there (any more) is the nearest one.

    `channel` is the one whose team is meant.
    """
    person = session.scalar(
        select(Person).where(Person.workspace_id == workspace_id, Person.slack_id == slack_id)
    )
    team = session.scalar(
        select(Team).where(Team.workspace_id == workspace_id, Team.channel == channel)
    )
    which = _which(session, at, scope, person, team)
    total = session.scalar(select(func.count()).select_from(ActionItem).where(which)) or 0
    pages = max(1, -(-total // PER_PAGE))
    number = max(0, min(number, pages - 1))
    query = select(ActionItem).where(which).order_by(*_order(scope))
    here = session.scalars(query.limit(PER_PAGE).offset(number * PER_PAGE)).all()
    return Page(
        scope=scope,
        number=number,
        pages=pages,
        total=total,
        items=tuple(loading.shown(session, at, here)),
        channel=channel,
    )


def _order(scope: Scope) -> tuple[ColumnElement[Any], ...]:
    """What is due first comes first, and what has no day, last; what is over, the newest first."""
    if scope is Scope.CLOSED:
        return ActionItem.closed_at.desc(), ActionItem.id.desc()
    return ActionItem.due.is_(None), ActionItem.due.asc(), ActionItem.id.asc()


def _which(
    session: Session, at: datetime, scope: Scope, person: Person | None, team: Team | None
) -> ColumnElement[bool]:
    mine = ActionItem.owner_id == person.id if person is not None else false()
    teams = ActionItem.team_id == team.id if team is not None else false()
    live = ActionItem.state.in_(LIVE_ITEMS)
    match scope:
        case Scope.MINE:
            return mine & live
        case Scope.TEAM:
            return teams & live
        case Scope.OVERDUE:
            return (mine | teams) & live & _late(session, at)
        case Scope.ASKED:
            raised = ActionItem.raised_by == person.id if person is not None else false()
            return raised & or_(~mine, ActionItem.owner_id.is_(None)) & live
        case Scope.CLOSED:
            return (mine | teams) & ~live & (ActionItem.closed_at >= at - _LATELY)
        case _:
            assert_never(scope)


def _late(session: Session, at: datetime) -> ColumnElement[bool]:
    """Whether the day is over on which it was due, where its owner is."""
    zones = session.scalars(select(Person.tz).where(Person.tz.is_not(None)).distinct()).all()
    today = {tz: local_date(at, zone(tz)) for tz in zones if tz is not None}
    owners = select(Person.tz).where(Person.id == ActionItem.owner_id).scalar_subquery()
    there = case(today, value=owners, else_=at.date()) if today else literal(at.date())
    return ActionItem.due < there
