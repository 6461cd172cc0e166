"""When risks are looked at again: asked for on the day that their score says, and then chased.

A timer stands at the moment on which a person is told of a date, one for all that is due on it. It
finds out for itself what there is to ask, so a review that moves needs no timer moved. Who is away
is asked on their next working day, while the chase goes on without them; where the day's card
stands already, the lines come to it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions.mornings import cadences, morning, next_mornings
from bot.asking import cards, deck
from bot.asking.askable import ASKABLE
from bot.asking.cards import Notice
from bot.asking.excuses import excuses
from bot.asking.quiet import quiet_begins
from bot.core.cadence import instant, local_date, zone
from bot.core.states import Excuse, Role
from bot.db.tables import Membership, Person, Timer
from bot.engine import timers
from bot.engine.timers import Due, Fired
from bot.rituals.risk.model import KIND
from bot.rituals.risk.owners import reviewers
from bot.rituals.risk.reviews import stages
from bot.rituals.risk.states import LIVE, Chased
from bot.rituals.risk.tables import Risk
from bot.rituals.risk.telling import tell_risk_owners

STEP = "review"
_AWAY = (Excuse.ABSENCE, Excuse.STATUS)
_DAY = timedelta(days=1)
_WAITING = Risk.status.in_(LIVE) & Risk.next_review.is_not(None)


def plan(session: Session, at: datetime, risks: Iterable[Risk]) -> None:
    """See to it that the reviewer of each is asked on its day; now, where that has come."""
    session.flush()
    dated = [one for one in risks if one.next_review is not None]
    who = reviewers(session, dated)
    asked = cadences(session, list(set(who.values())))
    due: dict[str, Due] = {}
    for one in dated:
        person = who.get(one.id)
        if person is None or one.next_review is None:
            continue
        today = cards.today(person, at)
        if one.next_review > today:
            timer = _timer(person, morning(person, one.next_review, asked), one.next_review)
        else:
            timer = _timer(person, at, today)  # its step knows whether they may be told by now
        due[timers.key(timer)] = timer
    timers.reset(session, due.values())


def _timer(person: Person, when: datetime, on: date) -> Due:
    return Due(KIND, STEP, when, person_id=person.id, local_date=on)


def _plan_tomorrow(session: Session, at: datetime, people: Sequence[Person]) -> None:
    """Look at each one's again tomorrow, though they may be away by then."""
    asked = cadences(session, people)
    days = [(one, cards.today(one, at) + _DAY) for one in people]
    timers.reset(session, [_timer(one, morning(one, on, asked), on) for one, on in days])


def _plan_next(session: Session, at: datetime, people: Sequence[Person]) -> None:
    """Set each one's timer for the next moment at which they may be told."""
    when = next_mornings(session, at, people)
    days = [(one, local_date(when[one.id], zone(one.tz or "UTC"))) for one in people]
    timers.reset(session, [_timer(one, when[one.id], on) for one, on in days])


def step(session: Session, at: datetime, due: Sequence[Fired]) -> None:
    """Step: ask these people for the reviews whose day has come, or chase what they owe."""
    people = _people(session, {one.person_id for one in due if one.person_id is not None})
    when = next_mornings(session, at, people)
    owing = _owed(session, at, people)
    escalated: set[int] = set()
    notices: list[Notice] = []
    chased: list[Person] = []
    for person in people:
        if when[person.id] > at or not owing.get(person.id):
            continue
        today = cards.today(person, at)
        new = [stages.ask(one, person, today) for one in owing[person.id]]
        escalated |= _come_to_risk_owner(owing[person.id], new)
        if Chased.ASKED in new or Chased.REMINDED in new:
            notices.append(_notice(person, at))
        if any(one.chased is not Chased.CHANNEL for one in owing[person.id]):
            chased.append(person)
    put_off = [one for one in people if when[one.id] > at and owing.get(one.id)]
    escalated |= _go_on_without(session, at, put_off, owing)
    session.flush()
    _plan_tomorrow(session, at, chased)
    bring(session, at, notices)
    tell_risk_owners(session, at, escalated)


def _go_on_without(
    session: Session,
    at: datetime,
    people: Sequence[Person],
    owing: Mapping[int, Sequence[Risk]],
) -> set[int]:
    """Those of these who are away are not asked, but others are told in time; answers the teams.

    On weekends, holidays and evenings it waits.
    """
    dates = [(one, cards.today(one, at)) for one in people]
    found = excuses(session, at, dates)
    escalated: set[int] = set()
    chased: list[Person] = []
    for person, today in dates:
        excused = found.get((person.id, today))
        if excused is None or excused.excuse not in _AWAY:
            continue
        risks = owing[person.id]
        escalated |= _come_to_risk_owner(risks, [stages.go_on(one, today) for one in risks])
        session.flush()
        cards.refresh(session, at, [(person.id, today)])
        if any(one.chased is not Chased.CHANNEL for one in risks):
            chased.append(person)
    _plan_next(session, at, people)
    _plan_tomorrow(session, at, chased)
    return escalated


def _come_to_risk_owner(risks: Sequence[Risk], new: Sequence[Chased | None]) -> set[int]:
    """The teams of those whose new stage is the risk owner."""
    those = zip(risks, new, strict=True)
    return {one.team_id for one, stage in those if stage is Chased.RISK_OWNER}


def _owed(session: Session, at: datetime, people: Collection[Person]) -> Mapping[int, list[Risk]]:
    """What each of these people is to look at by now: their own, and what nobody owns."""
    ids = {person.id: person for person in people}
    teams = select(Membership.team_id).where(
        Membership.person_id.in_(ids), Membership.role == Role.RISK_OWNER
    )
    latest = max((cards.today(one, at) for one in people), default=at.date())
    risks = session.scalars(
        select(Risk)
        .where(
            _WAITING,
            Risk.next_review <= latest,
            Risk.owner_id.in_(ids) | (Risk.owner_id.is_(None) & Risk.team_id.in_(teams)),
        )
        .order_by((Risk.likelihood * Risk.impact).desc(), Risk.next_review, Risk.id)
    ).all()
    who = reviewers(session, risks)
    found: dict[int, list[Risk]] = defaultdict(list)
    for one in risks:
        person = ids.get(who[one.id].id) if one.id in who else None
        if person and one.next_review and one.next_review <= cards.today(person, at):
            found[person.id].append(one)
    return found


def owed(session: Session, at: datetime, person: Person) -> list[Risk]:
    """What somebody has been asked to look at and has not yet, what matters most first."""
    theirs = _owed(session, at, [person]).get(person.id, [])
    return [one for one in theirs if one.chased is not Chased.NOBODY]


def bring(session: Session, at: datetime, notices: Collection[Notice]) -> None:
    """Bring cards to their people's notice; where today's stands, it changes silently."""
    there = deck.decks(session, {(one.person_id, one.on) for one in notices})
    cards.refresh(session, at, there)
    cards.notify(session, at, [one for one in notices if (one.person_id, one.on) not in there])


def _notice(person: Person, at: datetime) -> Notice:
    """It makes sense until their day ends, or their quiet hours begin."""
    on = cards.today(person, at)
    midnight = instant(on + _DAY, time.min, zone(person.tz or "UTC"))
    return Notice(person.id, on, min(midnight, quiet_begins(person, at) or midnight))


def changed(session: Session, at: datetime, person_ids: Collection[int]) -> None:
    """These people have another zone or role, have left, or are back: who is asked when may differ.

    What nobody owns is asked of whoever answers for it now.
    """
    session.flush()
    theirs = Risk.owner_id.in_(person_ids) | Risk.owner_id.is_(None)
    plan(session, at, session.scalars(select(Risk).where(theirs, _WAITING)).all())


def plan_missing(session: Session, at: datetime) -> None:
    """Each night: plan what no timer is going to ask for, as its reviewer is a new one.

    A risk owner may be named long after a risk, or in another's place.
    """
    session.flush()
    risks = session.scalars(select(Risk).where(_WAITING).order_by(Risk.id)).all()
    who = reviewers(session, risks)
    rows = session.execute(
        select(Timer.person_id, Timer.local_date).where(
            Timer.kind == KIND,
            Timer.step == STEP,
            Timer.consumed_at.is_(None),
            Timer.parked_at.is_(None),
        )
    )
    live: dict[int | None, set[date]] = defaultdict(set)
    for person_id, on in rows:
        if on is not None:
            live[person_id].add(on)
    missing = [
        one
        for one in risks
        if (person := who.get(one.id)) is not None
        and not (one.chased is Chased.CHANNEL and one.asked_id == person.id)
        and not _is_planned(one, cards.today(person, at), live[person.id])
    ]
    plan(session, at, missing)


def _is_planned(risk: Risk, today: date, live: Collection[date]) -> bool:
    """Whether one of its reviewer's timers will ask for it, or chase it."""
    if risk.next_review is not None and risk.next_review > today:
        return risk.next_review in live
    return any(on <= today + _DAY for on in live)


def _people(session: Session, ids: Collection[int]) -> Sequence[Person]:
    return session.scalars(
        select(Person).where(Person.id.in_(ids), ASKABLE).order_by(Person.id)
    ).all()
