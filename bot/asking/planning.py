"""Planning a round of asking: one run, a prompt for each person, and the timers that carry it.

What every kind of ritual shares. A run has one local date, which is each person's own; it is
planned by the afternoon before that date wherever it comes first, so that whoever likes can answer
the evening before, and closes with the last person's window.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, delete, exists, func, select, update
from sqlalchemy.orm import Session

from bot.asking import cards, channel, closing
from bot.asking.askable import ASKABLE
from bot.asking.deck import Day
from bot.asking.terms import Terms
from bot.asking.views import NOT_DELIVERED
from bot.core.cadence import Cadence, clocks, date_exists, falls_on, instant, next_date
from bot.core.states import Excuse, PromptState, RitualState, RunState
from bot.db.tables import Participant, Person, Prompt, Ritual, Run, Timer
from bot.db.upsert import insert
from bot.engine import timers
from bot.engine.timers import Due, Fired

PLAN, ASK, REMIND, LATE = "plan", "ask", "remind", "late"
SNOOZE = "snooze"  # somebody's own wish: they come back to it then
# The earliest zones are 14 hours ahead of UTC (Pacific/Kiritimati), the latest 12 behind.
_FIRST_MIDNIGHT = timedelta(hours=14)
# From 16:00 the day before, people may answer what they will be asked.
EVENING_BEFORE = timedelta(hours=8)
_DAY = timedelta(days=1)
NO_SUCH_DATE = "the date does not exist there"
NOT_ON_IT = "no longer on it"
CHANGED = "changed before its moment came"
ENDED = "ended before its moment came"  # by somebody's hand: no fault of Meridian's
_NOT_ASKED = (PromptState.WAITING, PromptState.SKIPPED)
OWING = (PromptState.WAITING, PromptState.ASKED)


@dataclass(frozen=True)
class Asked:
    """When one person is asked on one date."""

    person_id: int
    zone: str
    due_at: datetime
    exists: bool


def planning_time(day: date) -> datetime:
    """When the run of `day` is planned: 16:00 the day before, in the world's first zone."""
    return datetime.combine(day, time.min, tzinfo=UTC) - _FIRST_MIDNIGHT - EVENING_BEFORE


def begin(session: Session, at: datetime, ritual: Ritual) -> date:
    """Plan a ritual that starts or was changed now; answers the date of its next planned run.

    Nobody is asked for a moment already past: whoever's time was earlier today starts tomorrow.
    """
    take_back(session, at, ritual)
    return plan_from(session, at, ritual)


def plan_from(session: Session, at: datetime, ritual: Ritual) -> date:
    """Plan what `at` has come to, and set the next planning; answers the date of that."""
    cadence = Cadence.model_validate(ritual.cadence)
    day = next_date(cadence, at.date() - 2 * _DAY)
    while planning_time(day) <= at:
        plan_day(session, at, ritual, day, after=at)
        day = next_date(cadence, day)
    for run in session.scalars(live_runs(ritual)).all():
        closing.close_with_last(session, at, ritual.kind, run)
    _plan_next(session, ritual, day)
    return day


def rezone(session: Session, ritual: Ritual) -> None:
    """A ritual is asked in another zone than before: read what nobody was asked yet anew in it."""
    session.flush()
    own = select(Person.tz).where(Person.id == Prompt.person_id).scalar_subquery()
    session.execute(
        update(Prompt)
        .where(_live(ritual), Prompt.state.in_(_NOT_ASKED))
        .values(zone=func.coalesce(own, Prompt.zone))
        .execution_options(synchronize_session=False)
    )


def live_runs(ritual: Ritual) -> Select[Run]:
    """The runs of a ritual that have not closed."""
    return select(Run).where(Run.ritual_id == ritual.id, Run.state != RunState.CLOSED)


def take_back(session: Session, at: datetime, ritual: Ritual) -> None:
    """Take back what nobody has been asked yet, and what is owed by those no longer on it.

    A round begun by hand goes on as it was begun. What is due already is left to the next tick:
    asked late, or missed and told. Prompts keep their rows, also those of runs in which nobody is
    left: somebody may have theirs open already, and its zone may be one they have left. (The ids of
    rows that go SQLite gives to new ones: what is open would be about another stand-up then.)
    """
    session.execute(
        delete(Timer)
        .where(
            Timer.ritual_id == ritual.id,
            Timer.step.in_([PLAN, ASK]),
            Timer.due_at > at,
            Timer.consumed_at.is_(None),
            Timer.run_id.is_(None) | Timer.run_id.not_in(_by_hand(ritual)),
            ~_waits_for_day(at),
        )
        .execution_options(synchronize_session=False)
    )
    on_it = select(Participant.person_id).where(Participant.ritual_id == ritual.id)
    owing = Prompt.state.in_(OWING) | Prompt.excuse.is_not(None)
    off_it = Prompt.person_id.not_in(on_it) & owing
    asked = session.execute(
        select(Prompt.person_id, Prompt.asked_on, Prompt.reason).where(_live(ritual), off_it)
    ).all()
    _skip(session, ritual, off_it, NOT_ON_IT)
    to_come = (Prompt.due_at > at) & (Prompt.state == PromptState.WAITING)
    planned = Prompt.run_id.not_in(_by_hand(ritual))
    _skip(session, ritual, to_come & planned, CHANGED)
    days = [(person_id, on) for person_id, on, _why in asked if on is not None]
    cards.refresh(session, at, days)
    if ritual.owner_id is not None and any(why == NOT_DELIVERED for _who, _on, why in asked):
        cards.follow_trouble(session, at, [ritual.owner_id])
    channel.refresh(session, session.scalars(live_runs(ritual).with_only_columns(Run.id)).all())


def _by_hand(ritual: Ritual) -> Select[int]:
    return select(Run.id).where(Run.ritual_id == ritual.id, Run.ordinal > 0)


def _waits_for_day(at: datetime) -> ColumnElement[bool]:
    """Whether a timer asks somebody late, after their quiet hours."""
    return exists().where(
        Prompt.run_id == Timer.run_id,
        Prompt.person_id == Timer.person_id,
        Prompt.state == PromptState.WAITING,
        Prompt.due_at <= at,
    )


def _live(ritual: Ritual) -> ColumnElement[bool]:
    return Prompt.run_id.in_(live_runs(ritual).with_only_columns(Run.id))


def _skip(session: Session, ritual: Ritual, which: ColumnElement[bool], reason: str) -> None:
    session.execute(
        update(Prompt)
        .where(_live(ritual), which)
        .values(state=PromptState.SKIPPED, reason=reason, excuse=None)
        .execution_options(synchronize_session=False)
    )


def plan(session: Session, at: datetime, due: Sequence[Fired]) -> None:
    """Step: plan the run of a date, and its successor."""
    for timer in due:
        ritual = session.get(Ritual, timer.ritual_id)
        if ritual is None or ritual.state is not RitualState.ACTIVE or timer.local_date is None:
            continue
        cadence = Cadence.model_validate(ritual.cadence)
        if falls_on(cadence, timer.local_date):  # it was changed while this was due
            plan_day(session, at, ritual, timer.local_date)
        _plan_next(session, ritual, next_date(cadence, timer.local_date))


def plan_day(
    session: Session, at: datetime, ritual: Ritual, day: date, *, after: datetime | None = None
) -> Run | None:
    """Plan the run of `day` with its prompts; with `after`, only for moments later than that."""
    asked = [one for one in moments(session, ritual, day) if after is None or one.due_at > after]
    if not any(one.exists for one in asked):
        return None
    run = run_of(session, ritual, day) or _new_run(session, ritual, day, asked)
    if run.state is RunState.PLANNED:
        run.channel, run.config = ritual.channel, ritual.config
    add_prompts(session, at, ritual, run, asked)
    return run


def run_of(session: Session, ritual: Ritual, day: date) -> Run | None:
    """The ritual's run of a date, but not one started by hand."""
    return session.scalar(
        select(Run).where(Run.ritual_id == ritual.id, Run.local_date == day, Run.ordinal == 0)
    )


def _new_run(session: Session, ritual: Ritual, day: date, asked: Collection[Asked]) -> Run:
    run = Run(
        ritual_id=ritual.id,
        local_date=day,
        channel=ritual.channel,
        config=ritual.config,
        closes_at=max(one.due_at for one in asked if one.exists),  # its prompts move it
    )
    session.add(run)
    session.flush()
    return run


def moments(session: Session, ritual: Ritual, day: date) -> list[Asked]:
    """When each participant is asked on `day`: at their own local time, or in the ritual's zone.

    Their own is the time of their zone, but of the zone they came from where their prompt is dated
    there (see `zones.retime`).
    """
    cadence = Cadence.model_validate(ritual.cadence)
    rows = session.execute(
        select(Person.id, func.coalesce(Prompt.zone, Person.tz))
        .join(Participant, Participant.person_id == Person.id)
        .outerjoin(
            Run,
            (Run.ritual_id == ritual.id) & (Run.local_date == day) & (Run.ordinal == 0),
        )
        .outerjoin(Prompt, (Prompt.run_id == Run.id) & (Prompt.person_id == Person.id))
        .where(
            Participant.ritual_id == ritual.id,
            Person.tz.is_not(None),
            ASKABLE,
        )
        .order_by(Person.id)
    )
    return [_asked(person_id, clocks(cadence, name), day, cadence.at) for person_id, name in rows]


def _asked(person_id: int, there: ZoneInfo, day: date, at: time) -> Asked:
    return Asked(person_id, there.key, instant(day, at, there), date_exists(day, there))


def add_prompts(
    session: Session, at: datetime, ritual: Ritual, run: Run, asked: Collection[Asked]
) -> None:
    """Plan these people's prompts, or plan them anew where they have not been asked yet.

    A run that has closed stays as it is: who comes too late for it starts with the next one.
    """
    if run.state is RunState.CLOSED:
        return
    terms = Terms.model_validate(run.config)
    stays = Prompt.state.not_in(_NOT_ASKED) | (Prompt.excuse == Excuse.OWN_WISH)
    past_asking = set(
        session.scalars(select(Prompt.person_id).where(Prompt.run_id == run.id, stays))
    )
    planned = [one for one in asked if one.person_id not in past_asking]
    excused = _on_cards(session, run, planned)
    _put_prompts(session, run, terms, planned)
    cards.refresh(session, at, excused)
    due = [closing.close_timer(ritual.kind, run)]
    for one in planned:
        if one.exists:
            due += person_timers(ritual.kind, run, terms, one.person_id, one.due_at)
    timers.reset(session, due)
    closing.close_with_last(session, at, ritual.kind, run)
    if run.state is RunState.OPEN:
        channel.refresh(session, [run.id])


def _on_cards(session: Session, run: Run, planned: Collection[Asked]) -> Sequence[Day]:
    """Who of these were asked already, and excused since: the card of that day says so."""
    theirs = {one.person_id for one in planned}
    rows = session.execute(
        select(Prompt.person_id, Prompt.asked_on).where(
            Prompt.run_id == run.id, Prompt.state.in_(_NOT_ASKED), Prompt.asked_on.is_not(None)
        )
    )
    return [(who, on) for who, on in rows if who in theirs and on is not None]


def _put_prompts(session: Session, run: Run, terms: Terms, planned: Collection[Asked]) -> None:
    rows = [
        {
            "run_id": run.id,
            "person_id": one.person_id,
            "state": PromptState.WAITING if one.exists else PromptState.SKIPPED,
            "reason": None if one.exists else NO_SUCH_DATE,
            "excuse": None,
            "zone": one.zone,
            "due_at": one.due_at,
            "closes_at": one.due_at + terms.open,
        }
        for one in planned
    ]
    if rows:
        statement = insert(session, Prompt)
        changed = {name: statement.excluded[name] for name in rows[0]}
        session.flush()
        session.connection().execute(
            statement.on_conflict_do_update(index_elements=["run_id", "person_id"], set_=changed),
            rows,
        )


def person_timers(kind: str, run: Run, terms: Terms, person_id: int, due_at: datetime) -> list[Due]:
    """The timers that ask one person at `due_at`, remind them, and end their own window."""
    ask = person_timer(kind, run, person_id, ASK, due_at)
    return [ask, *ending_timers(kind, run, terms, person_id, due_at + terms.open)]


def ending_timers(kind: str, run: Run, terms: Terms, person_id: int, end: datetime) -> list[Due]:
    """The timers that end a person's own window, and remind them before."""
    steps = [(LATE, end)]
    if terms.remind_before is not None and terms.remind_before < terms.open:
        steps.append((REMIND, end - terms.remind_before))
    return [person_timer(kind, run, person_id, step, when) for step, when in steps]


def person_timer(kind: str, run: Run, person_id: int, step: str, when: datetime) -> Due:
    """A timer that is about one person in a run."""
    return Due(kind, step, when, run.ritual_id, run.id, person_id, run.local_date, run.ordinal)


def counting(run: Run) -> Select[Prompt]:
    """The prompts that keep a run open."""
    return select(Prompt).where(Prompt.run_id == run.id, closing.keeps_open())


def _plan_next(session: Session, ritual: Ritual, day: date) -> None:
    due = Due(ritual.kind, PLAN, planning_time(day), ritual.id, local_date=day)
    timers.set_timers(session, [due])
