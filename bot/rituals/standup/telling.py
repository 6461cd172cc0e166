"""Telling whoever can unblock somebody: once, by a message of its own, in their working hours.

It is exempt from the two messages a day, and so is bound to hours in which it disturbs nobody:
Monday to Friday, 09:00 to 18:00 on their clock, outside their quiet hours, on no day off.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking.askable import is_askable
from bot.asking.working import working_hours
from bot.core.cadence import local_date, zone
from bot.core.states import BlockerState, MirrorKind, Outcome
from bot.db.tables import Blocker, Mirror, Person
from bot.engine import mirrors, timers
from bot.engine.mirrors import Mark, Urgency
from bot.engine.timers import Due, Fired
from bot.rituals.standup.model import KIND
from bot.rituals.standup.unblock_shown import VIEW, subject

STEP = "unblock"


def tell(session: Session, at: datetime, named: Iterable[Blocker]) -> None:
    """Tell who can help with these, now or when they next work. Who was told is told no more."""
    session.flush()
    waiting = sorted((one for one in named if _untold(one)), key=lambda one: one.id)
    if not waiting:
        return
    people = _people(session, {one.unblocker_id for one in waiting if one.unblocker_id})
    for person_id, ritual_id in sorted({(one.unblocker_id or 0, one.ritual_id) for one in waiting}):
        if person := people.get(person_id):
            theirs = (one for one in waiting if one.unblocker_id == person_id)
            _tell(session, at, person, ritual_id, [r for r in theirs if r.ritual_id == ritual_id])


def step(session: Session, at: datetime, due: Sequence[Fired]) -> None:
    """Step: somebody's working hours have begun; tell what waits, and what could not be sent."""
    people = _people(session, {one.person_id for one in due if one.person_id})
    for timer in due:
        person = people.get(timer.person_id or 0)
        if person is None or timer.ritual_id is None:
            continue
        rows = session.scalars(
            select(Blocker)
            .where(
                Blocker.unblocker_id == person.id,
                Blocker.ritual_id == timer.ritual_id,
                Blocker.state == BlockerState.OPEN,
            )
            .order_by(Blocker.id)
        )
        missed = _missed(session, person)
        untold = [one for one in rows.all() if _untold(one)]
        if missed or untold:
            _tell(session, at, person, timer.ritual_id, untold)


def _missed(session: Session, person: Person) -> Sequence[str]:
    """The subjects of messages to a person that could not be sent within their hours."""
    return session.scalars(
        select(Mirror.subject).where(
            Mirror.kind == MirrorKind.MESSAGE,
            Mirror.view == VIEW,
            Mirror.target == person.slack_id,
            Mirror.outcome == Outcome.MISSED,
        )
    ).all()


def _untold(one: Blocker) -> bool:
    return one.state is BlockerState.OPEN and one.unblocker_id is not None and one.told_at is None


def _people(session: Session, ids: Collection[int]) -> Mapping[int, Person]:
    rows = session.scalars(select(Person).where(Person.id.in_(ids)))
    return {person.id: person for person in rows if is_askable(person)}


def _tell(
    session: Session, at: datetime, person: Person, ritual_id: int, rows: Sequence[Blocker]
) -> None:
    when, ends = working_hours(session, at, person)
    if when <= at:
        about = {*_missed(session, person), *(subject(one.id, person.id) for one in rows)}
        mirrors.mark(session, at, [_mark(one, person, ends) for one in sorted(about)])
        for one in rows:
            one.told_at = at
        when, _ends = working_hours(session, ends, person)  # to see whether it was sent
    on = local_date(when, zone(person.tz or "UTC"))
    timers.reset(session, [Due(KIND, STEP, when, ritual_id, None, person.id, on)])


def _mark(about: str, person: Person, ends: datetime) -> Mark:
    return Mark(
        workspace_id=person.workspace_id,
        kind=MirrorKind.MESSAGE,
        view=VIEW,
        subject=about,
        target=person.slack_id,
        urgency=Urgency.CLICKED,
        not_after=ends,
    )
