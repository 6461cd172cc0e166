"""Use cases of what people wish of a question on their card: skip it today, or put it off."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking import by_hand, cards, channel, planning
from bot.core.cadence import local, zone
from bot.core.states import Excuse, PromptState, RitualState, RunState
from bot.db.tables import Person, Prompt, Ritual, Run
from bot.engine import timers
from bot.engine.mirrors import Urgency
from bot.engine.timers import Due

SKIPPED = "skipped today"
_LAST_MOMENTS = timedelta(minutes=15)  # what a return leaves before the end
_SHORTEST = timedelta(minutes=5)  # a return sooner than that is none


@dataclass(frozen=True)
class Noted:
    """It is as they wish; the card says so."""


@dataclass(frozen=True)
class Over:
    """The run has closed meanwhile."""

    title: str
    date: date


@dataclass(frozen=True)
class NotOwed:
    """There is nothing to skip or put off."""

    answered: bool


@dataclass(frozen=True)
class NoTime:
    """It closes too soon to be put off; when, on the person's own clock."""

    closes: datetime


@dataclass(frozen=True)
class NotTheirs:
    """The prompt is somebody else's, or there is none (any more)."""


Refusal = Over | NotOwed | NoTime | NotTheirs


@dataclass(frozen=True)
class _Place:
    prompt: Prompt
    run: Run
    ritual: Ritual
    person: Person


def skip(
    session: Session, at: datetime, workspace_id: int, slack_id: str, prompt_id: int
) -> Noted | Refusal:
    """Skip it today: nothing is owed any more, though it may be answered all the same."""
    place = _place(session, workspace_id, slack_id, prompt_id)
    if place is None:
        return NotTheirs()
    prompt = place.prompt
    if prompt.excuse is Excuse.OWN_WISH:
        return Noted()
    if (refused := _refused(place, at)) is not None:
        return refused
    prompt.state, prompt.excuse, prompt.reason = PromptState.SKIPPED, Excuse.OWN_WISH, SKIPPED
    prompt.snoozed_until = None
    session.flush()
    channel.refresh(session, [place.run.id])
    by_hand.end_if_settled(session, at, place.ritual.kind, place.run)
    _show(session, at, place)
    return Noted()


def later(
    session: Session,
    at: datetime,
    workspace_id: int,
    slack_id: str,
    prompt_id: int,
    minutes: int,
) -> Noted | Refusal:
    """Put it off by so many minutes, but no further than shortly before it closes."""
    place = _place(session, workspace_id, slack_id, prompt_id)
    if place is None:
        return NotTheirs()
    if (refused := _refused(place, at)) is not None:
        return refused
    latest = _latest(place, at)
    if latest is None:
        return NoTime(local(place.run.closes_at, zone(place.person.tz or "UTC")))
    back = min(at + timedelta(minutes=minutes), latest)
    place.prompt.snoozed_until = back
    due = Due(
        place.ritual.kind,
        planning.SNOOZE,
        back,
        place.ritual.id,
        place.run.id,
        place.person.id,
        place.run.local_date,
        place.run.ordinal,
    )
    timers.reset(session, [due])
    _show(session, at, place)
    return Noted()


def _place(session: Session, workspace_id: int, slack_id: str, prompt_id: int) -> _Place | None:
    """A prompt with what is around it, for the person whose it is and nobody else."""
    row = session.execute(
        select(Prompt, Run, Ritual, Person)
        .join(Run, Prompt.run_id == Run.id)
        .join(Ritual, Run.ritual_id == Ritual.id)
        .join(Person, Prompt.person_id == Person.id)
        .where(
            Prompt.id == prompt_id,
            Person.workspace_id == workspace_id,
            Person.slack_id == slack_id,
        )
    ).first()
    return None if row is None else _Place(*row)


def _refused(place: _Place, at: datetime) -> Refusal | None:
    run, prompt = place.run, place.prompt
    if (
        run.state is RunState.CLOSED
        or run.closes_at <= at
        or place.ritual.state is RitualState.DELETED
    ):
        return Over(place.ritual.title, run.local_date)
    if prompt.state is not PromptState.ASKED:
        return NotOwed(answered=prompt.state is PromptState.ANSWERED)
    return None


def _latest(place: _Place, at: datetime) -> datetime | None:
    """When it must come back: before their own window ends, or where that is over, the run's."""
    for end in (place.prompt.closes_at, place.run.closes_at):
        if (latest := end - _LAST_MOMENTS) >= at + _SHORTEST:
            return latest
    return None


def _show(session: Session, at: datetime, place: _Place) -> None:
    if place.prompt.asked_on is not None:
        day = (place.person.id, place.prompt.asked_on)
        cards.refresh(session, at, [day], Urgency.CLICKED)
