"""A round of asking that no cadence planned: begun by hand, or a later stage of a planned one.

Its run has an ordinal above 0. People are asked at once, or when they next work; each on their own
date of that moment.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.asking import cards, channel, closing, planning, stopping
from bot.asking.askable import ASKABLE
from bot.asking.deck import Day
from bot.asking.planning import Asked
from bot.asking.terms import Terms
from bot.asking.working import next_working
from bot.core.cadence import local_date, zone
from bot.core.states import PromptState, RunState
from bot.db.tables import Participant, Person, Prompt, Ritual, Run
from bot.engine import timers
from bot.engine.timers import Due


def open_round(
    session: Session, at: datetime, ritual: Ritual, config: Mapping[str, Any], shown_in: str
) -> Run:
    """Ask everybody on a ritual from now on; `config` says how long. It is open at once."""
    terms = Terms.model_validate(config)
    day = local_date(at, zone(_zone_of_owner(session, ritual)))
    run = Run(
        ritual_id=ritual.id,
        local_date=day,
        ordinal=_next_ordinal(session, ritual, day),
        channel=shown_in,
        state=RunState.OPEN,
        config=dict(config),
        closes_at=at + terms.open,
    )
    session.add(run)
    session.flush()
    people = session.scalars(
        select(Person)
        .join(Participant, Participant.person_id == Person.id)
        .where(Participant.ritual_id == ritual.id, Person.tz.is_not(None), ASKABLE)
        .order_by(Person.id)
    )
    asked = [Asked(one.id, one.tz or "UTC", next_working(at, one), True) for one in people]
    planning.add_prompts(session, at, ritual, run, asked)
    return run


def go_on(session: Session, at: datetime, ritual: Ritual) -> None:
    """A ritual rests no more: in its open rounds those are asked whose moment came, or was to come.

    Each while their own window is open; what a cadence planned is planned anew.
    """
    session.flush()
    rows = session.execute(
        select(Run, Prompt, Person)
        .join(Prompt, Prompt.run_id == Run.id)
        .join(Person, Prompt.person_id == Person.id)
        .join(
            Participant,
            (Participant.ritual_id == Run.ritual_id) & (Participant.person_id == Person.id),
        )
        .where(
            Run.ritual_id == ritual.id,
            Run.state == RunState.OPEN,
            Run.ordinal > 0,
            Prompt.state == PromptState.SKIPPED,
            Prompt.reason.in_([stopping.PAUSED, planning.NOT_ON_IT]),
            ASKABLE,
        )
        .order_by(Run.id, Person.id)
        .execution_options(populate_existing=True)
    ).all()
    due: list[Due] = []
    for run, prompt, person in rows:
        when = next_working(max(at, prompt.due_at), person)
        if when < prompt.closes_at:
            prompt.state, prompt.reason = PromptState.WAITING, None
            due.append(planning.person_timer(ritual.kind, run, person.id, planning.ASK, when))
    timers.reset(session, due)
    for run in {one.id: one for one, _prompt, _person in rows}.values():
        closing.close_with_last(session, at, ritual.kind, run)


def _next_ordinal(session: Session, ritual: Ritual, day: date) -> int:
    last = session.scalar(
        select(func.max(Run.ordinal)).where(Run.ritual_id == ritual.id, Run.local_date == day)
    )
    return (last or 0) + 1


def _zone_of_owner(session: Session, ritual: Ritual) -> str:
    return session.get_one(Person, ritual.owner_id).tz or "UTC"


def move_end(session: Session, at: datetime, kind: str, run: Run, until: datetime) -> None:
    """Let a round end at another instant, and everybody's own window as much sooner or later.

    Sooner than now is now. Who is reminded before the end is so before the new one.
    """
    until = max(until, at)
    shift = until - run.closes_at
    _end(session, at, kind, run, until, lambda prompt: max(prompt.closes_at + shift, at))


def reopen(session: Session, at: datetime, kind: str, run: Run, until: datetime) -> None:
    """Let a round whose windows have ended go on for everybody until then, with a reminder."""
    _end(session, at, kind, run, until, lambda _prompt: until)


def _end(
    session: Session,
    at: datetime,
    kind: str,
    run: Run,
    until: datetime,
    own: Callable[[Prompt], datetime],
) -> None:
    terms = Terms.model_validate(run.config)
    due: list[Due] = []
    days: list[Day] = []
    for prompt in session.scalars(planning.counting(run)):
        before, prompt.closes_at = prompt.closes_at, own(prompt)
        if prompt.asked_on is not None:
            days.append((prompt.person_id, prompt.asked_on))
        if prompt.closes_at > max(before, at) and prompt.state in planning.OWING:
            due += planning.ending_timers(kind, run, terms, prompt.person_id, prompt.closes_at)
    run.closes_at = until
    session.flush()
    timers.reset(session, [*due, closing.close_timer(kind, run)])
    cards.refresh(session, at, days)  # of all: what closes first comes first there
    channel.refresh(session, [run.id])


def reset_close(session: Session, at: datetime, kind: str, run: Run) -> None:
    """Let a round close when it says."""
    timers.reset(session, [closing.close_timer(kind, run)])
    closing.show(session, at, run)


def end_if_settled(session: Session, at: datetime, kind: str, run: Run) -> None:
    """Of a kind that is cut short, a round ends at the next tick once nobody owes anything.

    Where all were spared, as on a public holiday, it lasts: somebody may come by.
    """
    if not Terms.model_validate(run.config).cut_short:
        return
    session.flush()
    # By columns, since steps change many rows at once and leave the objects as they were.
    states = set(
        session.scalars(
            select(Prompt.state)
            .join(Run, Prompt.run_id == Run.id)
            .where(Run.id == run.id, Run.state == RunState.OPEN)
            .distinct()
        )
    )
    if PromptState.ANSWERED in states and states.isdisjoint(planning.OWING):
        move_end(session, at, kind, run, at)


def end_settled(session: Session, at: datetime, run_ids: Collection[int]) -> None:
    """The same of several rounds, in which somebody owes nothing any more."""
    if not run_ids:
        return
    rows = session.execute(
        select(Run, Ritual.kind)
        .join(Ritual, Run.ritual_id == Ritual.id)
        .where(Run.id.in_(run_ids), Run.state == RunState.OPEN)
        .order_by(Run.id)
    ).all()
    for run, kind in rows:
        end_if_settled(session, at, kind, run)
