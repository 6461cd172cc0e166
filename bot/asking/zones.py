"""A person's zone: what happens to what they are asked when it changes, or is learned at last."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking import cards, changes, channel, closing, deck, planning
from bot.asking.planning import NO_SUCH_DATE, planning_time
from bot.asking.terms import Terms
from bot.core.cadence import Cadence, date_exists, instant, local_date, next_date, zone
from bot.core.states import PromptState, RitualState, RunState
from bot.db.tables import Participant, Person, Prompt, Ritual, Run
from bot.engine import timers

_TWO_DAYS = timedelta(days=2)


def retime(session: Session, at: datetime, person: Person, tz: str) -> None:
    """A person's zone is `tz` from now on.

    What is dated today in the old zone keeps its moment; later dates move to the new zone, and what
    is past there already is late. Who had no zone until now is asked from the next moment on.
    """
    old, person.tz = person.tz, tz
    session.flush()
    if old == tz:
        return
    if old is None:
        _join(session, at, person)
    else:
        _move_later(session, at, person, local_date(at, zone(old)), tz)
    changes.note(session, at, person)
    _show_times(session, at, person)
    _show_runs(session, person)


def _move_later(session: Session, at: datetime, person: Person, today: date, tz: str) -> None:
    rows = session.execute(
        select(Prompt, Run, Ritual)
        .join(Run, Prompt.run_id == Run.id)
        .join(Ritual, Run.ritual_id == Ritual.id)
        .where(
            Prompt.person_id == person.id,
            Prompt.state == PromptState.WAITING,
            Run.state != RunState.CLOSED,
            Run.local_date > today,
            Run.ordinal == 0,  # a round by hand asks them when they next work, as it was begun
        )
    )
    for prompt, run, ritual in rows.all():
        cadence = Cadence.model_validate(ritual.cadence)
        if cadence.zone is None:  # else its moment is the same wherever they are
            prompt.zone, prompt.due_at = tz, instant(run.local_date, cadence.at, zone(tz))
            _move(session, at, prompt, run, ritual.kind)


def _move(session: Session, at: datetime, prompt: Prompt, run: Run, kind: str) -> None:
    """Let all that belongs to a prompt follow its moment."""
    terms = Terms.model_validate(run.config)
    prompt.closes_at = prompt.due_at + terms.open
    if not date_exists(run.local_date, zone(prompt.zone)):
        prompt.state, prompt.reason = PromptState.SKIPPED, NO_SUCH_DATE
    for due in planning.person_timers(kind, run, terms, prompt.person_id, prompt.due_at):
        timers.move(session, due)
    closing.close_with_last(session, at, kind, run)


def _show_times(session: Session, at: datetime, person: Person) -> None:
    """The cards that wait, and Home, tell times on the person's own clock.

    Their first cards tell the country that their zone says.
    """
    asked_on = session.scalars(
        select(Prompt.asked_on)
        .join(Run, Prompt.run_id == Run.id)
        .where(
            Prompt.person_id == person.id,
            Prompt.asked_on.is_not(None),
            Run.state != RunState.CLOSED,
        )
        .distinct()
    )
    waiting = {(person.id, on) for on in asked_on if on is not None}
    first = deck.first_days(session, person.slack_id) if person.country is None else set()
    cards.refresh(session, at, (waiting or {(person.id, cards.today(person, at))}) | first)


def _show_runs(session: Session, person: Person) -> None:
    """Runs count whom they wait for, without those who will have a public holiday."""
    theirs = select(Prompt.run_id).where(Prompt.person_id == person.id)
    runs = select(Run.id).where(Run.state == RunState.OPEN, Run.id.in_(theirs))
    channel.refresh(session, session.scalars(runs).all())


def _join(session: Session, at: datetime, person: Person) -> None:
    rituals = session.scalars(
        select(Ritual)
        .join(Participant, Participant.ritual_id == Ritual.id)
        .where(Participant.person_id == person.id, Ritual.state == RitualState.ACTIVE)
    ).all()
    for ritual in rituals:
        cadence = Cadence.model_validate(ritual.cadence)
        day = next_date(cadence, at.date() - _TWO_DAYS)
        while planning_time(day) <= at:
            _join_day(session, ritual, day, person, at)
            day = next_date(cadence, day)


def _join_day(session: Session, ritual: Ritual, day: date, person: Person, at: datetime) -> None:
    run = planning.run_of(session, ritual, day)
    if run is None:
        planning.plan_day(session, at, ritual, day, after=at)
        return
    mine = [
        one
        for one in planning.moments(session, ritual, day)
        if one.person_id == person.id and one.due_at > at
    ]
    if mine:
        planning.add_prompts(session, at, ritual, run, mine)
