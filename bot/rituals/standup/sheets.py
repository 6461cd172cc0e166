"""What a person is shown to answer: the sheet of an open prompt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import Session

from bot.asking.outlook import next_of
from bot.core.cadence import instant, local, zone
from bot.core.states import PromptState, RitualState, RunState
from bot.db.tables import (
    Answer,
    Participant,
    Person,
    Prompt,
    Ritual,
    Run,
)
from bot.rituals.standup import shown_back
from bot.rituals.standup.drafts import Draft
from bot.rituals.standup.model import (
    KIND,
    NOTHING_BACK,
    Back,
    Choice,
    Choosable,
    Config,
    Ending,
    NothingOpen,
    Reveal,
)
from bot.rituals.standup.questions import Question

EVENING = time(16)
"""From then on, on the day before, a person may answer: on the clock that dates their prompt."""
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Sheet:
    """What the answer modal shows."""

    prompt_id: int
    channel: str
    date: date
    questions: tuple[Question, ...]
    said: Mapping[str, str]
    answered: bool
    back: Back = NOTHING_BACK
    at_close: bool = False  # its channel sees it when it closes


@dataclass(frozen=True)
class Place:
    """A prompt of a person with its run and its stand-up."""

    prompt: Prompt
    run: Run
    ritual: Ritual

    @cached_property
    def config(self) -> Config:
        """What its run asks, and how."""
        return Config.model_validate(self.run.config)

    @property
    def answered(self) -> bool:
        return self.prompt.state is PromptState.ANSWERED

    def owed(self, at: datetime) -> bool:
        """Whether its moment has come and it is not answered."""
        return not self.answered and self.prompt.due_at <= at


@dataclass(frozen=True)
class Closed:
    """Answers can't change any more. What was said is handed back."""

    date: date
    said: tuple[tuple[str, str], ...] = ()
    why: Ending = Ending.CLOSED


@dataclass(frozen=True)
class NotYours:
    """The prompt is somebody else's, or there is none (any more)."""


def sheet(
    session: Session, at: datetime, workspace_id: int, slack_id: str, prompt_id: int
) -> Sheet | Closed | NotYours:
    """What a person's *Answer* button opens."""
    found = place(session, workspace_id, slack_id, prompt_id)
    if found is None:
        return NotYours()
    if ending := over(found, at):
        return Closed(found.run.local_date, why=ending)
    return _sheet(session, at, found)


def open_sheet(
    session: Session, at: datetime, workspace_id: int, slack_id: str, channel: str
) -> Sheet | Choice | NothingOpen:
    """What `/standup` opens: what is open for a person where they typed it, else anywhere.

    Where that leaves several they are asked which; what is answered already, and what they are not
    asked until tomorrow, counts only where nothing is owed now.
    """
    person = session.scalar(
        select(Person).where(Person.workspace_id == workspace_id, Person.slack_id == slack_id)
    )
    if person is None:
        return NothingOpen(None, on_any=False)
    places = open_places(session, at, person.id)
    if not places:
        return nothing_open(session, at, person.id)
    here = [one for one in places if one.run.channel == channel]
    if one := _only(here, at) or _only(places, at):
        return _sheet(session, at, one)
    return Choice(tuple(map(choosable, places)))


def _only(places: Sequence[Place], at: datetime) -> Place | None:
    """The one that must be meant, if there is one."""
    meant = [one for one in places if one.owed(at)] or places
    return meant[0] if len(meant) == 1 else None


def choosable(one: Place) -> Choosable:
    """What a person reads of one of their prompts."""
    return Choosable(
        one.prompt.id, one.ritual.title, one.run.channel, one.run.local_date, one.answered
    )


def open_places(session: Session, at: datetime, person_id: int) -> list[Place]:
    """What a person may answer now: what is not answered first, then what closes first.

    Each is open from the evening before, whether they are asked or excused, until its run closes.
    """
    rows = session.execute(
        select(Prompt, Run, Ritual)
        .join(Run, Prompt.run_id == Run.id)
        .join(Ritual, Run.ritual_id == Ritual.id)
        .where(
            Prompt.person_id == person_id,
            Ritual.kind == KIND,
            Ritual.state != RitualState.DELETED,
            Run.state != RunState.CLOSED,
            Run.closes_at > at,
            answerable(),
        )
    )
    places = [Place(*row) for row in rows]
    return sorted(
        (one for one in places if opens_at(one.prompt, one.run) <= at),
        key=lambda one: (one.answered, one.run.closes_at, one.prompt.id),
    )


def opens_at(prompt: Prompt, run: Run) -> datetime:
    """From when on a prompt may be answered: the evening before, or when it is asked sooner."""
    return min(_evening_before(run.local_date, prompt.zone), prompt.due_at)


def answerable() -> ColumnElement[bool]:
    """Who is away or has a holiday isn't asked, but may answer."""
    return (Prompt.state != PromptState.SKIPPED) | Prompt.excuse.is_not(None)


def nothing_open(session: Session, at: datetime, person_id: int) -> NothingOpen:
    """When a person is asked next, and from when on they may answer that."""
    on_any = session.scalar(
        select(Participant.ritual_id)
        .join(Ritual, Participant.ritual_id == Ritual.id)
        .where(
            Participant.person_id == person_id,
            Ritual.kind == KIND,
            Ritual.state != RitualState.DELETED,
        )
        .limit(1)
    )
    coming = [
        (one.due, _evening_before(one.day, one.zone))
        for one in next_of(session, at, person_id)
        if one.kind == KIND and one.due is not None
    ]
    due, evening = min(coming, default=(None, None))
    return NothingOpen(due, on_any is not None, evening, _elsewhere(session, at, person_id))


def _elsewhere(session: Session, at: datetime, person_id: int) -> tuple[str, ...]:
    """The titles of what other kinds of rituals ask a person by now, what closes first first."""
    rows = session.scalars(
        select(Ritual.title)
        .join(Run, Run.ritual_id == Ritual.id)
        .join(Prompt, Prompt.run_id == Run.id)
        .where(
            Prompt.person_id == person_id,
            Prompt.state != PromptState.SKIPPED,
            Prompt.due_at <= at,
            Ritual.kind != KIND,
            Ritual.state != RitualState.DELETED,
            Run.state != RunState.CLOSED,
            Run.closes_at > at,
        )
        .order_by(Run.closes_at, Prompt.id)
    )
    return tuple(rows)


def _evening_before(day: date, tz: str) -> datetime:
    """On the clocks of the zone."""
    return local(instant(day - _DAY, EVENING, zone(tz)), zone(tz))


# Kept, since to build it takes longer than to run it; so do others on the way of an answer.
_PLACE = (
    select(Prompt, Run, Ritual)
    .join(Run, Prompt.run_id == Run.id)
    .join(Ritual, Run.ritual_id == Ritual.id)
    .join(Person, Prompt.person_id == Person.id)
    .where(
        Prompt.id == bindparam("prompt_id"),
        Person.workspace_id == bindparam("workspace_id"),
        Person.slack_id == bindparam("slack_id"),
    )
)


def place(session: Session, workspace_id: int, slack_id: str, prompt_id: int) -> Place | None:
    """A prompt with what is around it, for the person whose it is and nobody else."""
    whose = {"workspace_id": workspace_id, "slack_id": slack_id, "prompt_id": prompt_id}
    found = session.execute(_PLACE, whose).first()
    return None if found is None else Place(*found)


def over(place: Place, at: datetime) -> Ending | None:
    """Why a prompt takes no answer any more; None while it does."""
    prompt, run, ritual = place.prompt, place.run, place.ritual
    if ritual.state is RitualState.DELETED:
        return Ending.DELETED
    if run.state is RunState.CLOSED or run.closes_at <= at:
        return Ending.CLOSED
    if prompt.state is not PromptState.SKIPPED or prompt.excuse is not None:
        return None
    return Ending.PAUSED if ritual.state is RitualState.PAUSED else Ending.OFF


def _sheet(session: Session, at: datetime, place: Place) -> Sheet:
    prompt, run = place.prompt, place.run
    said = _said(session, prompt)
    back = shown_back.back(session, at, prompt, run, said)
    return Sheet(
        prompt_id=prompt.id,
        channel=run.channel,
        date=run.local_date,
        questions=place.config.questions,
        said=shown_back.beside(place.config.questions, said, back),
        answered=place.answered,
        back=back,
        at_close=place.config.reveal is Reveal.AT_CLOSE,
    )


def _said(session: Session, prompt: Prompt) -> dict[str, str]:
    """What stands in the form: what was answered, or what is half-said in the DM."""
    rows = session.execute(
        select(Answer.question, Answer.text).where(Answer.prompt_id == prompt.id)
    )
    draft = Draft.of(prompt)
    return dict(rows.all()) | dict(draft.said if draft else {})
