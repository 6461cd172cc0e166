"""What shows a risk, on people's cards and in the channel: drawn anew when it has changed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from bot.asking import cards
from bot.core.states import MirrorKind
from bot.db.tables import Mirror, Person
from bot.engine import mirrors
from bot.engine.mirrors import Urgency
from bot.rituals.risk.owners import risk_owners
from bot.rituals.risk.states import LIVE
from bot.rituals.risk.tables import Alert, Change, Risk

TOP_VIEW, ALERT_VIEW = "risk.review.top", "risk.alert"
"""Messages in a channel that speak of one risk."""
_DAY, _WEEK = timedelta(days=1), 7


def refresh(session: Session, at: datetime, risk: Risk, *people: Person | None) -> None:
    """Show what is true now of a risk: on today's cards and older ones, and in the channel."""
    _show(session, at, [risk], people, Mirror.subject.like(f"%/{risk.id}"))


def refresh_all(session: Session, at: datetime, risks: Sequence[Risk]) -> None:
    """The same of many at once."""
    if not risks:
        return
    ids = {str(one.id) for one in risks}
    tops = session.scalars(
        select(Mirror.subject).where(Mirror.kind == MirrorKind.MESSAGE, Mirror.view == TOP_VIEW)
    )
    theirs = [one for one in tops if one.partition("/")[2] in ids]
    _show(session, at, risks, (), Mirror.subject.in_(theirs))


def refresh_unowned(session: Session, at: datetime, people: Collection[Person]) -> None:
    """Who is asked for what nobody owns has changed: show these people's cards as they are now."""
    unowned = session.scalars(
        select(Risk).where(Risk.owner_id.is_(None), Risk.status.in_(LIVE))
    ).all()
    todays = {one.id: cards.today(one, at) for one in people}
    spoken = {
        (who, on)
        for who, today in todays.items()
        for risk in unowned
        for on in _shown_on(risk, today)
    }
    cards.refresh(session, at, spoken | set(todays.items()))


def _show(
    session: Session,
    at: datetime,
    risks: Sequence[Risk],
    people: Collection[Person | None],
    tops: ColumnElement[bool],
) -> None:
    session.flush()
    ids = [one.id for one in risks]
    alerts = session.scalars(select(Alert.id).where(Alert.risk_id.in_(ids))).all()
    # With their kind too, though the view would do: the unique index begins with it. And one after
    # the other, since for either of two views SQLite would walk through all messages.
    message = Mirror.kind == MirrorKind.MESSAGE
    mirrors.touch(session, and_(message, Mirror.view == TOP_VIEW, tops), Urgency.PROGRESS)
    if alerts:
        told = Mirror.subject.in_([str(one) for one in alerts])
        mirrors.touch(session, and_(message, Mirror.view == ALERT_VIEW, told), Urgency.PROGRESS)
    concerned = _concerned(session, at, risks)
    days = {
        (one.id, on)
        for risk in risks
        for one in (*people, *concerned[risk.id])
        if one is not None
        for on in _shown_on(risk, cards.today(one, at))
    }
    cards.refresh(session, at, days, Urgency.CLICKED)


def _concerned(
    session: Session, at: datetime, risks: Sequence[Risk]
) -> Mapping[int, Collection[Person]]:
    """Whose cards may speak of each: of its owner, of risk owners, of who reviewed it lately."""
    owners = risk_owners(session, {one.team_id for one in risks})
    found = {one.id: {*owners.get(one.team_id, ())} for one in risks}
    lately = (Change.risk_id.in_(found), Change.review, Change.at > at - 2 * _DAY)
    did = select(Change.risk_id, Person).join(Person, Change.actor_id == Person.id).where(*lately)
    for risk_id, person in session.execute(did):
        found[risk_id].add(person)
    theirs = select(Person).where(Person.id.in_({one.owner_id for one in risks} - {None}))
    people = {one.id: one for one in session.scalars(theirs)}
    for risk in risks:
        if risk.owner_id in people:
            found[risk.id].add(people[risk.owner_id])
    return found


def _shown_on(risk: Risk, today: date) -> set[date]:
    """The dates whose cards may speak of a review: today's, the first, and those of a week."""
    if risk.asked_on is None:
        return {today}
    late = (today - risk.asked_on).days
    return {today, risk.asked_on} | {today - one * _DAY for one in range(1, min(late, _WEEK))}
