"""The register as lists: by score, by category, the overdue; searched, and page by page."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select
from sqlalchemy.orm import Session

from bot.core.text import one_line
from bot.db.tables import Person
from bot.rituals.risk import loading
from bot.rituals.risk.lists.lists_model import SEARCH, Asked, Page, Scope
from bot.rituals.risk.owners import overdue
from bot.rituals.risk.registers import categories, team_in
from bot.rituals.risk.reviews import chasing
from bot.rituals.risk.rights import person_of
from bot.rituals.risk.states import LIVE, Status
from bot.rituals.risk.tables import Risk

PER_PAGE = 10


def page(session: Session, at: datetime, workspace_id: int, slack_id: str, asked: Asked) -> Page:
    """A page of what somebody may look at; one that is not there (any more) is the nearest one."""
    asked = replace(asked, search=one_line(asked.search)[:SEARCH].rstrip())
    person = person_of(session, workspace_id, slack_id)
    team = team_in(session, workspace_id, asked.channel)
    if team is None and asked.scope not in (Scope.MINE, Scope.REVIEW):
        which: ColumnElement[bool] = false()
    else:
        which = _which(session, at, person, None if team is None else team.id, asked)
    counted = select(func.count()).select_from(Risk).where(which)
    total = session.scalar(counted) or 0
    pages = max(1, -(-total // PER_PAGE))
    asked = replace(asked, number=max(0, min(asked.number, pages - 1)))
    found = session.scalars(
        _ordered(asked).where(which).limit(PER_PAGE).offset(asked.number * PER_PAGE)
    ).all()
    return Page(
        asked=asked,
        pages=pages,
        total=total,
        risks=tuple(loading.lines(session, at, found)),
        categories=categories(session, None if team is None else team.id),
    )


def _which(
    session: Session, at: datetime, person: Person | None, team_id: int | None, asked: Asked
) -> ColumnElement[bool]:
    live = Risk.status.in_(LIVE)
    here = Risk.team_id == team_id
    mine = Risk.owner_id == person.id if person is not None else false()
    owed: list[int] = []
    late = overdue(session, at) if asked.scope is Scope.OVERDUE else false()
    if asked.scope is Scope.REVIEW and person is not None:
        owed = [one.id for one in chasing.owed(session, at, person)]
    found: dict[Scope, ColumnElement[bool]] = {
        Scope.SCORE: here & live,
        Scope.OVERDUE: here & live & late,
        Scope.UNOWNED: here & live & Risk.owner_id.is_(None),
        Scope.MINE: mine & live,
        Scope.REVIEW: Risk.id.in_(owed),
        Scope.CLOSED: here & (Risk.status == Status.CLOSED),
    }
    which = found[asked.scope]
    if asked.category:
        which = which & (Risk.category == asked.category)
    if words := asked.search.split():
        which = and_(which, *map(_says, words))
    return which


def _says(word: str) -> ColumnElement[bool]:
    """Whether a risk speaks of a word; its number counts as one."""
    texts = (Risk.title, Risk.model, Risk.cause, Risk.consequence)
    found: list[ColumnElement[bool]] = [one.icontains(word, autoescape=True) for one in texts]
    number = word.upper().removeprefix("R")
    if number.isascii() and number.isdigit() and len(number) < 10:
        found.append(Risk.id == int(number))
    return or_(*found)


def _ordered(asked: Asked) -> Select[Risk]:
    worst = (Risk.likelihood * Risk.impact).desc()
    match asked.scope:
        case Scope.OVERDUE | Scope.REVIEW:
            return select(Risk).order_by(Risk.next_review, worst, Risk.id)
        case Scope.CLOSED:
            return select(Risk).order_by(Risk.closed_at.desc(), Risk.id.desc())
        case _:
            accepted = case((Risk.status == Status.ACCEPTED, 1), else_=0)
            return select(Risk).order_by(worst, accepted, Risk.next_review, Risk.id)
