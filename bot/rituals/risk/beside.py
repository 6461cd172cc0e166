"""Reviews on people's cards, and what they look after on App Home."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.asking import cards
from bot.asking.askable import is_askable
from bot.core.content import Beside
from bot.core.states import Role
from bot.db.tables import Membership, Person
from bot.engine.ritual import Offer
from bot.rituals.risk import checks, showing
from bot.rituals.risk.alerts import alerts_rows
from bot.rituals.risk.history import changing
from bot.rituals.risk.loading import lines
from bot.rituals.risk.reviews import chasing, escalations, team_review
from bot.rituals.risk.states import LIVE, Act, Chased, Status
from bot.rituals.risk.tables import Change, Risk
from bot.rituals.risk.telling import tell, tell_risk_owners
from bot.rituals.risk.views import card
from bot.rituals.risk.views.card import DayShown
from bot.rituals.risk.views.words import LIST

_ON_HOME = 6
_LATE = (Chased.RISK_OWNER, Chased.CHANNEL)


def on_card(session: Session, at: datetime, person_id: int, on: date) -> Beside | None:
    """What of a person's risks stands on the card of a day."""
    person = session.get_one(Person, person_id)
    today = on == cards.today(person, at)
    owed = chasing.owed(session, at, person)
    due = [one for one in owed if today or _was_asked(one, person, on)]
    teams = _answers_for(session, person) if today else []
    orphans, overdue = _as_risk_owner(session, teams, owed) if teams else ([], [])
    escalated = [
        one for one in escalations.waiting(session, person.id, teams) if one[0] not in owed
    ]
    day = DayShown(
        due=tuple(lines(session, at, due)),
        done=tuple(lines(session, at, _done(session, person, on, due))),
        orphans=tuple(
            (line, _name(session, one.left_by))
            for one, line in zip(orphans, lines(session, at, orphans), strict=True)
        ),
        overdue=tuple(lines(session, at, overdue)),
        escalated=tuple(
            (line, how)
            for (_risk, how), line in zip(
                escalated, lines(session, at, [risk for risk, _how in escalated]), strict=True
            )
        ),
        missed=tuple(team_review.missed(session, person.id)) if today else (),
    )
    return card.beside(day, today=today)


def _was_asked(risk: Risk, person: Person, on: date) -> bool:
    """Whether the card of a date that is over asked somebody for a review."""
    return risk.asked_id == person.id and risk.asked_on is not None and risk.asked_on <= on


def _done(session: Session, person: Person, on: date, due: Collection[Risk]) -> Sequence[Risk]:
    """What somebody reviewed on a date of theirs, unless it is due to them again.

    Another may be asked for it the same day: who has another date, or another risk owner.
    """
    reviewed = select(Change.risk_id).where(
        Change.actor_id == person.id, Change.on_date == on, Change.review
    )
    return session.scalars(
        select(Risk)
        .where(Risk.id.in_(reviewed), Risk.id.not_in([one.id for one in due]))
        .order_by(Risk.id)
    ).all()


def _answers_for(session: Session, person: Person) -> Sequence[int]:
    """The teams whose risk owner somebody is."""
    return session.scalars(
        select(Membership.team_id).where(
            Membership.person_id == person.id, Membership.role == Role.RISK_OWNER
        )
    ).all()


def _as_risk_owner(
    session: Session, teams: Collection[int], owed: Collection[Risk]
) -> tuple[Sequence[Risk], Sequence[Risk]]:
    """What has lost its owner, and what nobody has reviewed, in the teams somebody answers for."""
    theirs = Risk.team_id.in_(teams) & Risk.status.in_(LIVE)
    worst = (Risk.likelihood * Risk.impact).desc()
    orphans = session.scalars(
        select(Risk)
        .where(theirs, Risk.owner_id.is_(None), Risk.left_by.is_not(None))
        .order_by(worst, Risk.id)
    ).all()
    mine = [one.id for one in owed]
    overdue = session.scalars(
        select(Risk)
        .where(theirs, Risk.chased.in_(_LATE), Risk.id.not_in(mine))
        .order_by(worst, Risk.id)
    ).all()
    return orphans, overdue


def _name(session: Session, person_id: int | None) -> str:
    left = session.get(Person, person_id) if person_id is not None else None
    return left.name if left is not None else ""


def on_home(session: Session, at: datetime, person_id: int) -> Beside | None:
    """What a person looks after, the worst first."""
    mine = (Risk.owner_id == person_id) & Risk.status.in_(LIVE)
    total = session.scalar(select(func.count()).select_from(Risk).where(mine)) or 0
    worst = (Risk.likelihood * Risk.impact).desc()
    found = session.scalars(
        select(Risk).where(mine).order_by(worst, Risk.next_review, Risk.id).limit(_ON_HOME)
    ).all()
    return card.on_home(lines(session, at, found), total)


def changed(session: Session, at: datetime, person_ids: Collection[int]) -> None:
    """These people have another zone, have left, or are back."""
    people = session.scalars(select(Person).where(Person.id.in_(person_ids))).all()
    if gone := [one for one in people if not is_askable(one)]:
        _leave(session, at, gone)
        team_review.pass_on(session, at)
    chasing.changed(session, at, [one.id for one in people if is_askable(one)])
    # A closed risk stays whose it was, but nobody is named or asked who is not there.
    theirs = Risk.owner_id.in_(person_ids) & (Risk.status == Status.CLOSED)
    showing.refresh_all(session, at, session.scalars(select(Risk).where(theirs)).all())
    if any(_answers_for(session, one) for one in people):
        alerts_rows.show_whom_they_ask(session)
    role = select(Membership.person_id).where(Membership.person_id.in_(person_ids)).limit(1)
    if session.scalar(role) is not None:
        checks.show_whom_they_ask(session)


def _leave(session: Session, at: datetime, people: Collection[Person]) -> None:
    """What they looked after is offered to the risk owners of its teams."""
    risks = session.scalars(
        select(Risk).where(Risk.owner_id.in_([one.id for one in people]), Risk.status.in_(LIVE))
    ).all()
    for risk in risks:
        with changing(session, at, risk, None, Act.LEFT):
            risk.left_by, risk.owner_id = risk.owner_id, None
            risk.chased = Chased.NOBODY
    session.flush()
    tell_risk_owners(session, at, {one.team_id for one in risks})
    chasing.plan(session, at, risks)
    showing.refresh_all(session, at, risks)


def roles_changed(session: Session, at: datetime, person_ids: Collection[int]) -> None:
    """These people may answer for a register now, or no longer: they see what waits for them."""
    team_review.pass_on(session, at)
    chasing.changed(session, at, person_ids)
    alerts_rows.show_whom_they_ask(session)
    checks.show_whom_they_ask(session)
    people = session.scalars(select(Person).where(Person.id.in_(person_ids))).all()
    there = [one for one in people if is_askable(one)]
    showing.refresh_unowned(session, at, there)
    owners = [one for one in there if _answers_for(session, one)]
    waits = [
        one.id for one in owners if on_card(session, at, one.id, cards.today(one, at)) is not None
    ]
    tell(session, at, waits)


OFFER = Offer(
    on_card=on_card,
    on_home=on_home,
    buttons={LIST: "Risks"},
    changed=changed,
    roles_changed=roles_changed,
)
