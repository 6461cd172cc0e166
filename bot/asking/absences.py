"""Use cases of being away: enter days, list them, take them back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking import cards
from bot.asking.askable import is_askable
from bot.asking.excusing import reconsider
from bot.core.states import AbsenceKind
from bot.core.text import clean, one_line
from bot.db.tables import Absence, Audit, Person

_LONGEST = timedelta(days=366)
REASON = 200  # characters


@dataclass(frozen=True)
class Request:
    """What the modal says. Who is a Slack id; None where it offers no choice: oneself."""

    who: str | None
    first: date | None
    last: date | None
    kind: AbsenceKind
    reason: str
    key: str  # of the modal: a second submit of it changes what the first made


class Problem(StrEnum):
    """What is wrong with one input, as the person reads it."""

    NO_DAY = "Choose a day."
    BACKWARDS = "This is before the first day."
    OVER = "That day is over already."
    TOO_LONG = "At most a year at a time."
    NOT_ADMIN = "Only a workspace admin can enter this for somebody else."
    NOBODY = "Meridian asks them nothing, so there is nothing to be away from."


@dataclass(frozen=True)
class Wrong:
    """Not stored: what is wrong, by input."""

    problems: Mapping[str, Problem]


@dataclass(frozen=True)
class Entered:
    """Stored. `name` where it is somebody else's."""

    first: date
    last: date
    name: str | None


@dataclass(frozen=True)
class Away:
    """One absence, as whoever may remove it sees it."""

    absence_id: int
    first: date
    last: date
    kind: AbsenceKind
    reason: str
    name: str | None  # None: one's own


@dataclass(frozen=True)
class Listed:
    """What the modal shows; `today` is the date on the person's own clock."""

    today: date
    admin: bool
    away: tuple[Away, ...]


def listed(session: Session, at: datetime, workspace_id: int, slack_id: str) -> Listed:
    """One's own current and coming absences, and those that one entered for others."""
    person = _person(session, workspace_id, slack_id)
    if person is None:
        return Listed(at.date(), admin=False, away=())
    today = cards.today(person, at)
    return Listed(today, person.is_admin, away_of(session, person, today, others=True))


def away_of(
    session: Session, person: Person, today: date, *, others: bool = False
) -> tuple[Away, ...]:
    """A person's current and coming absences; with `others`, those they entered for others too."""
    theirs = Absence.person_id == person.id
    if others:
        theirs |= Absence.entered_by == person.id
    rows = session.execute(
        select(Absence, Person)
        .join(Person, Absence.person_id == Person.id)
        .where(Absence.last >= today, theirs)
        .order_by(Absence.first, Absence.id)
    )
    return tuple(
        Away(
            one.id,
            one.first,
            one.last,
            one.kind,
            one.reason or "",
            None if who.id == person.id else who.name,
        )
        for one, who in rows
    )


def enter(
    session: Session, at: datetime, workspace_id: int, slack_id: str, request: Request
) -> Entered | Wrong:
    """Write down days on which somebody is away; dates are that person's own."""
    actor = _person(session, workspace_id, slack_id)
    who = actor if request.who is None else _person(session, workspace_id, request.who)
    if who is None or not is_askable(who) or actor is None:
        return Wrong({"first" if request.who is None else "who": Problem.NOBODY})
    if who.id != actor.id and not actor.is_admin:
        return Wrong({"who": Problem.NOT_ADMIN})
    first, last = request.first, request.last
    if first is None or last is None:
        missing = {"first": first, "last": last}
        return Wrong({name: Problem.NO_DAY for name, day in missing.items() if day is None})
    if (problem := _problem(first, last, cards.today(who, at))) is not None:
        return Wrong({"last": problem})
    before = _write(session, at, request, actor, who, first, last)
    _audit(session, at, actor, "absence.set", who, first, last)
    reconsider(session, at, {who.id, before})
    return Entered(first, last, None if who.id == actor.id else who.name)


def _problem(first: date, last: date, today: date) -> Problem | None:
    if last < first:
        return Problem.BACKWARDS
    if last < today:
        return Problem.OVER
    return Problem.TOO_LONG if last - first > _LONGEST else None


def _write(
    session: Session,
    at: datetime,
    request: Request,
    actor: Person,
    who: Person,
    first: date,
    last: date,
) -> int:
    """Store it; answers whose it was before, which is somebody else's after a corrected choice."""
    absence = session.scalar(select(Absence).where(Absence.origin == request.key))
    if absence is None:
        absence = Absence(origin=request.key, created_at=at, person_id=who.id)
        session.add(absence)
    before = absence.person_id
    absence.person_id, absence.entered_by = who.id, actor.id
    absence.first, absence.last, absence.kind = first, last, request.kind
    absence.reason = one_line(clean(request.reason))[:REASON] or None
    session.flush()
    return before


def remove(
    session: Session, at: datetime, workspace_id: int, slack_id: str, absence_id: int
) -> Listed:
    """Take an absence back: one's own, one that one entered, or as an admin any.

    Answers what is left; somebody else's, or one that is gone, changes nothing.
    """
    actor = _person(session, workspace_id, slack_id)
    absence = session.get(Absence, absence_id)
    if actor is not None and absence is not None:
        who = session.get_one(Person, absence.person_id)
        may = actor.id in (who.id, absence.entered_by) or actor.is_admin
        if may and who.workspace_id == workspace_id:
            session.delete(absence)
            _audit(session, at, actor, "absence.removed", who, absence.first, absence.last)
            reconsider(session, at, [who.id])
    return listed(session, at, workspace_id, slack_id)


def _person(session: Session, workspace_id: int, slack_id: str) -> Person | None:
    return session.scalar(
        select(Person).where(Person.workspace_id == workspace_id, Person.slack_id == slack_id)
    )


def _audit(
    session: Session,
    at: datetime,
    actor: Person,
    action: str,
    who: Person,
    first: date,
    last: date,
) -> None:
    detail = {"first": first.isoformat(), "last": last.isoformat()}
    subject = f"person:{who.id}"
    session.add(Audit(at=at, actor_id=actor.id, action=action, subject=subject, detail=detail))
