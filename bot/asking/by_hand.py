"""A round of asking that no cadence planned: begun by hand, or a later stage of a planned one.

Its run has an ordinal above 0. People are asked at once, or when they next work; each on their own
date of that moment.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.asking import cards, channel, closing, planning
from bot.asking.askable import ASKABLE
from bot.asking.planning import Asked
from bot.asking.terms import Terms
from bot.asking.working import next_working
from bot.core.cadence import local_date, zone
from bot.core.states import RunState
from bot.db.tables import Participant, Person, Prompt, Ritual, Run
from bot.engine import timers


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


def _next_ordinal(session: Session, ritual: Ritual, day: date) -> int:
    last = session.scalar(
        select(func.max(Run.ordinal)).where(Run.ritual_id == ritual.id, Run.local_date == day)
    )
    return (last or 0) + 1


def _zone_of_owner(session: Session, ritual: Ritual) -> str:
    return session.get_one(Person, ritual.owner_id).tz or "UTC"


def move_end(session: Session, at: datetime, kind: str, run: Run, until: datetime) -> None:
    """Let a round end at another instant, for all that owe something still.

    Sooner than now is now. Who is reminded before the end is so before the new one.
    """
    shift = max(until, at) - run.closes_at
    terms = Terms.model_validate(run.config)
    moved, days = [], []
    for prompt in session.scalars(planning.counting(run)):
        closes = max(prompt.closes_at + shift, at)
        prompt.closes_at = closes
        if prompt.asked_on is not None:
            days.append((prompt.person_id, prompt.asked_on))
        if shift.total_seconds() > 0 and prompt.state in planning.OWING:
            moved += planning.ending_timers(kind, run, terms, prompt.person_id, closes)
    run.closes_at = max(until, at)
    session.flush()
    timers.reset(session, [*moved, closing.close_timer(kind, run)])
    cards.refresh(session, at, days)  # of all: what closes first comes first there
    channel.refresh(session, [run.id])


def reset_close(session: Session, at: datetime, kind: str, run: Run) -> None:
    """Let a round close when it says."""
    timers.reset(session, [closing.close_timer(kind, run)])
    closing.show(session, at, run)


def end_if_settled(session: Session, at: datetime, kind: str, run: Run) -> None:
    """Of a kind that is cut short, a round ends at the next tick once nobody owes anything."""
    if run.state is not RunState.OPEN or not Terms.model_validate(run.config).cut_short:
        return
    owing = select(Prompt.id).where(Prompt.run_id == run.id, Prompt.state.in_(planning.OWING))
    if session.scalar(owing.limit(1)) is None:
        move_end(session, at, kind, run, at)
