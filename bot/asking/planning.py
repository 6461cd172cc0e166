"""Planning a round of asking: one run, a prompt for each person, and the timers that carry it.

What every kind of ritual shares. A run has one local date, which is each person's own; it is
planned before that date begins anywhere, and closes with the last person's window.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from bot.asking.terms import Terms
from bot.core.cadence import Cadence, date_exists, instant, local_date, next_date, zone
from bot.core.states import PromptState, RitualState, RunState
from bot.db.tables import Participant, Person, Prompt, Ritual, Run, Timer
from bot.db.upsert import insert_missing
from bot.engine import timers
from bot.engine.timers import Due

PLAN, ASK, REMIND, CLOSE = "plan", "ask", "remind", "close"
# The earliest zones are 14 hours ahead of UTC (Pacific/Kiritimati), the latest 12 behind.
_FIRST_MIDNIGHT = timedelta(hours=14)
_DAY = timedelta(days=1)
NO_SUCH_DATE = "the date does not exist in this zone"


@dataclass(frozen=True)
class Asked:
    """When one person is asked on one date."""

    person_id: int
    zone: str
    due_at: datetime
    exists: bool


def planning_time(day: date) -> datetime:
    """When `day` begins in the world's first zone; its run is planned then."""
    return datetime.combine(day, time.min, tzinfo=UTC) - _FIRST_MIDNIGHT


def begin(session: Session, at: datetime, ritual: Ritual) -> date:
    """Plan a ritual that starts or was changed now; answers the date of its next planned run.

    Nobody is asked for a moment already past: whoever's time was earlier today starts tomorrow.
    """
    cadence = Cadence.model_validate(ritual.cadence)
    forget_planned(session, ritual)
    _skip_who_left(session, ritual)
    day = next_date(cadence, at.date() - 2 * _DAY)
    while planning_time(day) <= at:
        plan_day(session, ritual, day, after=at)
        day = next_date(cadence, day)
    _plan_next(session, ritual, day)
    return day


def forget_planned(session: Session, ritual: Ritual) -> None:
    """Take back what is planned and nobody has been asked yet."""
    session.execute(delete(Run).where(Run.ritual_id == ritual.id, Run.state == RunState.PLANNED))
    session.execute(
        delete(Timer).where(
            Timer.ritual_id == ritual.id, Timer.step == PLAN, Timer.consumed_at.is_(None)
        )
    )


def _skip_who_left(session: Session, ritual: Ritual) -> None:
    on_it = select(Participant.person_id).where(Participant.ritual_id == ritual.id)
    runs = select(Run.id).where(Run.ritual_id == ritual.id, Run.state != RunState.CLOSED)
    session.execute(
        update(Prompt)
        .where(
            Prompt.run_id.in_(runs),
            Prompt.state == PromptState.WAITING,
            Prompt.person_id.not_in(on_it),
        )
        .values(state=PromptState.SKIPPED, reason="no longer on it")
        .execution_options(synchronize_session=False)
    )


def plan(session: Session, _at: datetime, due: Sequence[Timer]) -> None:
    """Step: plan the run of a date, and its successor."""
    for timer in due:
        ritual = session.get(Ritual, timer.ritual_id)
        if ritual is None or ritual.state is not RitualState.ACTIVE or timer.local_date is None:
            continue
        plan_day(session, ritual, timer.local_date)
        following = next_date(Cadence.model_validate(ritual.cadence), timer.local_date)
        _plan_next(session, ritual, following)


def plan_day(
    session: Session, ritual: Ritual, day: date, *, after: datetime | None = None
) -> Run | None:
    """Plan the run of `day` with its prompts; with `after`, only for moments later than that."""
    terms = Terms.model_validate(ritual.config)
    asked = [one for one in moments(session, ritual, day) if after is None or one.due_at > after]
    if not any(one.exists for one in asked):
        return None
    insert_missing(
        session,
        Run,
        [
            {
                "ritual_id": ritual.id,
                "local_date": day,
                "ordinal": 0,
                "channel": ritual.channel,
                "state": RunState.PLANNED,
                "config": ritual.config,
                "closes_at": max(one.due_at for one in asked if one.exists) + terms.open,
            }
        ],
    )
    run = session.scalars(
        select(Run).where(Run.ritual_id == ritual.id, Run.local_date == day, Run.ordinal == 0)
    ).one()
    _add_prompts(session, ritual, run, terms, asked)
    return run


def moments(session: Session, ritual: Ritual, day: date) -> list[Asked]:
    """When each participant is asked on `day`, at their own local time."""
    cadence = Cadence.model_validate(ritual.cadence)
    rows = session.execute(
        select(Person.id, Person.tz)
        .join(Participant, Participant.person_id == Person.id)
        .where(
            Participant.ritual_id == ritual.id, Person.tz.is_not(None), Person.deleted.is_(False)
        )
        .order_by(Person.id)
    )
    return [
        Asked(
            person_id,
            name or "UTC",
            instant(day, cadence.at, zone(name or "UTC")),
            date_exists(day, zone(name or "UTC")),
        )
        for person_id, name in rows
    ]


def _add_prompts(
    session: Session, ritual: Ritual, run: Run, terms: Terms, asked: Collection[Asked]
) -> None:
    rows = [
        {
            "run_id": run.id,
            "person_id": one.person_id,
            "state": PromptState.WAITING if one.exists else PromptState.SKIPPED,
            "reason": None if one.exists else NO_SUCH_DATE,
            "zone": one.zone,
            "due_at": one.due_at,
            "closes_at": one.due_at + terms.open,
        }
        for one in asked
    ]
    insert_missing(session, Prompt, rows)
    due = [_close_timer(ritual.kind, run)]
    for one in asked:
        if one.exists:
            due += _person_timers(ritual.kind, run, terms, one.person_id, one.due_at)
    timers.set_timers(session, due)
    _move_close(session, ritual.kind, run)


def _person_timers(
    kind: str, run: Run, terms: Terms, person_id: int, due_at: datetime
) -> list[Due]:
    remind_at = due_at + terms.open - terms.remind_before
    steps = [(ASK, due_at)] + ([(REMIND, remind_at)] if remind_at > due_at else [])
    return [
        Due(kind, step, when, run.ritual_id, run.id, person_id, run.local_date)
        for step, when in steps
    ]


def _close_timer(kind: str, run: Run) -> Due:
    return Due(kind, CLOSE, run.closes_at, run.ritual_id, run.id, local_date=run.local_date)


def _plan_next(session: Session, ritual: Ritual, day: date) -> None:
    due = Due(ritual.kind, PLAN, planning_time(day), ritual.id, local_date=day)
    timers.set_timers(session, [due])


def retime(session: Session, at: datetime, person: Person, tz: str) -> None:
    """A person's zone is `tz` from now on.

    What is dated today in the old zone keeps its moment; later dates move to the new zone. Who had
    no zone until now is asked from the next moment on.
    """
    old, person.tz = person.tz, tz
    session.flush()
    if old is None:
        _join(session, at, person)
        return
    if old == tz:
        return
    today = local_date(at, zone(old))
    rows = session.execute(
        select(Prompt, Run, Ritual)
        .join(Run, Prompt.run_id == Run.id)
        .join(Ritual, Run.ritual_id == Ritual.id)
        .where(
            Prompt.person_id == person.id,
            Prompt.state == PromptState.WAITING,
            Run.local_date > today,
        )
    )
    for row in rows.all():
        _move(session, *row, tz)


def _move(session: Session, prompt: Prompt, run: Run, ritual: Ritual, tz: str) -> None:
    terms = Terms.model_validate(run.config)
    at = Cadence.model_validate(ritual.cadence).at
    prompt.zone = tz
    prompt.due_at = instant(run.local_date, at, zone(tz))
    prompt.closes_at = prompt.due_at + terms.open
    if not date_exists(run.local_date, zone(tz)):
        prompt.state, prompt.reason = PromptState.SKIPPED, NO_SUCH_DATE
    for due in _person_timers(ritual.kind, run, terms, prompt.person_id, prompt.due_at):
        timers.move(session, due)
    _move_close(session, ritual.kind, run)


def _move_close(session: Session, kind: str, run: Run) -> None:
    session.flush()
    last = session.scalar(
        select(func.max(Prompt.closes_at)).where(
            Prompt.run_id == run.id, Prompt.state != PromptState.SKIPPED
        )
    )
    if last is not None and last != run.closes_at:
        run.closes_at = last
        timers.move(session, _close_timer(kind, run))


def _join(session: Session, at: datetime, person: Person) -> None:
    rituals = session.scalars(
        select(Ritual)
        .join(Participant, Participant.ritual_id == Ritual.id)
        .where(Participant.person_id == person.id, Ritual.state == RitualState.ACTIVE)
    ).all()
    for ritual in rituals:
        cadence = Cadence.model_validate(ritual.cadence)
        day = next_date(cadence, at.date() - 2 * _DAY)
        while planning_time(day) <= at:
            _join_day(session, ritual, day, person, at)
            day = next_date(cadence, day)


def _join_day(session: Session, ritual: Ritual, day: date, person: Person, at: datetime) -> None:
    mine = [
        one
        for one in moments(session, ritual, day)
        if one.person_id == person.id and one.due_at > at
    ]
    run = session.scalar(
        select(Run).where(Run.ritual_id == ritual.id, Run.local_date == day, Run.ordinal == 0)
    )
    if run is None:
        plan_day(session, ritual, day, after=at)
    elif mine and run.state is not RunState.CLOSED:
        _add_prompts(session, ritual, run, Terms.model_validate(run.config), mine)
