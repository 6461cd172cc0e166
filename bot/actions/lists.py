"""Lists of action items, page by page: mine, the team's, the overdue."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import assert_never

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import Session

from bot.actions import loading
from bot.actions.model import Page, Scope
from bot.asking import cards
from bot.core.states import LIVE_ITEMS
from bot.db.tables import ActionItem, Person, Team

PER_PAGE = 15  # two blocks each; Slack takes a hundred, a phone shows five
_LATELY = timedelta(days=30)
_DAY = timedelta(days=1)


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
    found = _items(session, at, scope, person, team)
    pages = max(1, -(-len(found) // PER_PAGE))
    number = max(0, min(number, pages - 1))
    here = found[number * PER_PAGE : (number + 1) * PER_PAGE]
    return Page(
        scope=scope,
        number=number,
        pages=pages,
        total=len(found),
        items=tuple(loading.shown(session, at, here)),
        channel=channel,
    )


def _items(
    session: Session, at: datetime, scope: Scope, person: Person | None, team: Team | None
) -> Sequence[ActionItem]:
    mine = ActionItem.owner_id == person.id if person is not None else false()
    teams = ActionItem.team_id == team.id if team is not None else false()
    live = ActionItem.state.in_(LIVE_ITEMS)
    match scope:
        case Scope.MINE:
            return _by_day(session, mine & live)
        case Scope.TEAM:
            return _by_day(session, teams & live)
        case Scope.OVERDUE:
            near = ActionItem.due <= at.date()  # wherever it is yesterday already
            return _late(session, at, _by_day(session, (mine | teams) & live & near))
        case Scope.ASKED:
            raised = ActionItem.raised_by == person.id if person is not None else false()
            others = or_(~mine, ActionItem.owner_id.is_(None))
            return _by_day(session, raised & others & live)
        case Scope.CLOSED:
            lately = ActionItem.closed_at >= at - _LATELY
            found = select(ActionItem).where((mine | teams) & ~live & lately)
            newest = found.order_by(ActionItem.closed_at.desc(), ActionItem.id.desc())
            return session.scalars(newest).all()
        case _:
            assert_never(scope)


def _by_day(session: Session, which: ColumnElement[bool]) -> Sequence[ActionItem]:
    """What is due first comes first; what has no day, last."""
    order = (ActionItem.due.is_(None), ActionItem.due, ActionItem.id)
    return session.scalars(select(ActionItem).where(which).order_by(*order)).all()


def _late(session: Session, at: datetime, items: Sequence[ActionItem]) -> list[ActionItem]:
    """Those whose day is over where their owners are."""
    ids = {one.owner_id for one in items if one.owner_id is not None}
    people = session.scalars(select(Person).where(Person.id.in_(ids)))
    today = {person.id: cards.today(person, at) for person in people}
    return [
        one
        for one in items
        if one.due is not None and one.due < today.get(one.owner_id or 0, at.date())
    ]
