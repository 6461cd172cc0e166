"""How stand-ups stand just now: one in full, or all of somebody's in a line each."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, case, exists, func, select
from sqlalchemy.orm import Session

from bot.asking import cards, closing
from bot.asking.outlook import next_of
from bot.asking.owners import may_change
from bot.core.cadence import Cadence, next_date, run_date, zone
from bot.core.states import PromptState, RitualState, RunState
from bot.db.tables import Person, Prompt, Ritual, Run
from bot.rituals.standup.lifecycle import Gone, standing_by_id
from bot.rituals.standup.shown import on_it, run_shown
from bot.rituals.standup.views.channel import RunShown
from bot.rituals.standup.views.status import StatusShown, standing

_RUNS = 3
_LATELY = timedelta(days=2)


def status(
    session: Session, at: datetime, workspace_id: int, slack_id: str, ritual_id: int
) -> StatusShown | Gone:
    """One stand-up, for whoever asks."""
    ritual = standing_by_id(session, workspace_id, ritual_id)
    if ritual is None:
        return Gone()
    person = session.scalar(
        select(Person).where(Person.workspace_id == workspace_id, Person.slack_id == slack_id)
    )
    cadence = Cadence.model_validate(ritual.cadence)
    paused = ritual.state is RitualState.PAUSED
    return StatusShown(
        ritual_id=ritual.id,
        title=ritual.title,
        channel=ritual.channel,
        owner=session.get_one(Person, ritual.owner_id).name,
        cadence=cadence,
        paused=paused,
        may_change=may_change(ritual, person),
        runs=tuple(_runs(session, at, ritual)),
        next=None if paused else _next(session, at, ritual, cadence, person),
        mine=None if person is None else _mine(session, at, ritual, person),
    )


def _runs(session: Session, at: datetime, ritual: Ritual) -> Sequence[RunShown]:
    """What is open, by date; where nothing is, the last one of these days."""
    mine = select(Run.id).where(Run.ritual_id == ritual.id)
    open_now = mine.where(Run.state == RunState.OPEN).order_by(Run.local_date).limit(_RUNS)
    ids = session.scalars(open_now).all()
    if not ids:
        closed = mine.where(Run.state == RunState.CLOSED, Run.closes_at > at - _LATELY)
        closed = closed.where(_asks_anybody())
        ids = session.scalars(closed.order_by(Run.local_date.desc()).limit(1)).all()
    shown = (run_shown(session, str(run_id), at) for run_id in ids)
    return [one for one in shown if one is not None]


def _asks_anybody() -> ColumnElement[bool]:
    """Whether anybody is left in a run: its date may be none of the stand-up's any more."""
    return exists().where(Prompt.run_id == Run.id, closing.keeps_open())


def _next(
    session: Session, at: datetime, ritual: Ritual, cadence: Cadence, person: Person | None
) -> date | None:
    """The first date that nobody has been asked on yet."""
    planned = session.scalar(
        select(func.min(Run.local_date)).where(
            Run.ritual_id == ritual.id,
            Run.state == RunState.PLANNED,
            Run.closes_at > at,
            _asks_anybody(),
        )
    )
    if planned is not None:
        return planned
    there = zone((person.tz if person else None) or "UTC")
    today = cards.today(person, at) if person else at.date()
    return next_date(cadence, run_date(cadence, today, there))


def _mine(session: Session, at: datetime, ritual: Ritual, person: Person) -> datetime | None:
    moments = (one.due for one in next_of(session, at, person.id) if one.ritual_id == ritual.id)
    return next(moments, None)


def standings(session: Session, _at: datetime, ritual_ids: Collection[int]) -> Mapping[int, str]:
    """What is open of these stand-ups, in a line each; of several runs, the last."""
    answered = func.sum(case((Prompt.state == PromptState.ANSWERED, 1), else_=0))
    rows = session.execute(
        select(Run.ritual_id, Run.closes_at, answered, func.count())
        .join(Prompt, Prompt.run_id == Run.id)
        .where(Run.ritual_id.in_(ritual_ids), Run.state == RunState.OPEN, on_it())
        .group_by(Run.id, Run.ritual_id, Run.closes_at, Run.local_date)
        .order_by(Run.local_date)
    )
    return {
        ritual_id: standing(done, asked, closes_at) for ritual_id, closes_at, done, asked in rows
    }
