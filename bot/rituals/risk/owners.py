"""Who answers for risks: their owners, or their team's risk owners; and what date it is there."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bot.asking import cards
from bot.asking.askable import ASKABLE
from bot.core.states import Role
from bot.db.tables import Membership, Person
from bot.rituals.risk.states import LIVE
from bot.rituals.risk.tables import Risk

# How far the clocks of the world are from UTC.
_BEHIND, _AHEAD = timedelta(hours=12), timedelta(hours=14)


def risk_owners(session: Session, team_ids: Collection[int]) -> Mapping[int, list[Person]]:
    """Those who answer for each team's register, the one we have known longest first."""
    rows = session.execute(
        select(Membership.team_id, Person)
        .join(Person, Membership.person_id == Person.id)
        .where(Membership.team_id.in_(team_ids), Membership.role == Role.RISK_OWNER, ASKABLE)
        .order_by(Person.id)
    )
    found: dict[int, list[Person]] = {}
    for team_id, person in rows:
        found.setdefault(team_id, []).append(person)
    return found


def reviewers(session: Session, risks: Iterable[Risk]) -> Mapping[int, Person]:
    """Who looks at each of these again: its owner, or else the team's first risk owner."""
    told = list(risks)
    people = _people(session, {one.owner_id for one in told if one.owner_id is not None})
    unowned = {one.team_id for one in told if one.owner_id not in people}
    owners = risk_owners(session, unowned) if unowned else {}
    found: dict[int, Person] = {}
    for one in told:
        person = people.get(one.owner_id or 0)
        if person is None and owners.get(one.team_id):
            person = owners[one.team_id][0]
        if person is not None:
            found[one.id] = person
    return found


def _people(session: Session, ids: Collection[int]) -> Mapping[int, Person]:
    if not ids:
        return {}
    rows = session.scalars(select(Person).where(Person.id.in_(ids), Person.deleted.is_(False)))
    return {person.id: person for person in rows}


def today(reviewer: Person | None, at: datetime) -> date:
    """The date by which a review is due or late: where whoever does it is, UTC's without them."""
    return at.date() if reviewer is None else cards.today(reviewer, at)


def late(session: Session, at: datetime, risks: Collection[Risk]) -> set[int]:
    """Those of some live risks whose reviewers have let their day pass."""
    who = reviewers(session, risks)
    return {
        one.id
        for one in risks
        if one.next_review is not None and one.next_review < today(who.get(one.id), at)
    }


def overdue(session: Session, at: datetime) -> ColumnElement[bool]:
    """The same of all, as a condition: only of a day or two it depends on where they are."""
    first, last = (at - _BEHIND).date(), (at + _AHEAD).date()
    some = select(Risk).where(
        Risk.status.in_(LIVE), Risk.next_review >= first, Risk.next_review < last
    )
    return (Risk.next_review < first) | Risk.id.in_(late(session, at, session.scalars(some).all()))
