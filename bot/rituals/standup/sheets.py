"""What a person is shown to answer: the sheet of an open prompt."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from bot.asking.outlook import next_of
from bot.core.states import PromptState, RitualState, RunState
from bot.db.tables import (
    Answer,
    Participant,
    Person,
    Prompt,
    Ritual,
    Run,
)
from bot.rituals.standup.model import KIND, Config, NothingOpen
from bot.rituals.standup.questions import Question


@dataclass(frozen=True)
class Sheet:
    """What the answer modal shows."""

    prompt_id: int
    channel: str
    date: date
    questions: tuple[Question, ...]
    said: Mapping[str, str]
    answered: bool


@dataclass(frozen=True)
class Closed:
    """The run has closed: answers can't change any more. What was said is handed back."""

    date: date
    said: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class NotYours:
    """The prompt is somebody else's, or there is none (any more)."""


def sheet(
    session: Session, at: datetime, workspace_id: int, slack_id: str, prompt_id: int
) -> Sheet | Closed | NotYours:
    """What a person's *Answer* button opens."""
    row = place(session, workspace_id, slack_id, prompt_id)
    if row is None:
        return NotYours()
    prompt, run = row
    if over(session, run, at):
        return Closed(run.local_date)
    return _sheet(session, prompt, run)


def open_sheet(
    session: Session, at: datetime, workspace_id: int, slack_id: str, channel: str
) -> Sheet | NothingOpen:
    """What `/standup` opens: this channel's prompt where it is open, else what closes first."""
    person = session.scalar(
        select(Person).where(Person.workspace_id == workspace_id, Person.slack_id == slack_id)
    )
    if person is None:
        return NothingOpen(None, on_any=False)
    rows = session.execute(
        _prompts_of(person).where(
            (Run.state == RunState.OPEN) | Prompt.excuse.is_not(None),
            Run.state != RunState.CLOSED,
            Run.closes_at > at,
            answerable(),
        )
    )
    open_now = sorted(
        rows, key=lambda row: (row[1].channel != channel, _answered(row[0]), row[1].closes_at)
    )
    if open_now:
        return _sheet(session, *open_now[0])
    return _nothing_open(session, at, person)


def answerable() -> ColumnElement[bool]:
    """Who is away or has a holiday isn't asked, but may answer."""
    return (Prompt.state != PromptState.SKIPPED) | Prompt.excuse.is_not(None)


def _answered(prompt: Prompt) -> bool:
    return prompt.state is PromptState.ANSWERED


def _nothing_open(session: Session, at: datetime, person: Person) -> NothingOpen:
    moments = [one.due for one in next_of(session, at, person.id) if one.kind == KIND and one.due]
    on_any = session.scalar(
        select(Participant.ritual_id)
        .join(Ritual, Participant.ritual_id == Ritual.id)
        .where(
            Participant.person_id == person.id,
            Ritual.kind == KIND,
            Ritual.state == RitualState.ACTIVE,
        )
        .limit(1)
    )
    return NothingOpen(min(moments, default=None), on_any is not None)


def _prompts_of(person: Person) -> Select[Prompt, Run]:
    return (
        select(Prompt, Run)
        .join(Run, Prompt.run_id == Run.id)
        .join(Ritual, Run.ritual_id == Ritual.id)
        .where(
            Prompt.person_id == person.id,
            Ritual.kind == KIND,
            Ritual.state == RitualState.ACTIVE,
        )
    )


def place(
    session: Session, workspace_id: int, slack_id: str, prompt_id: int
) -> tuple[Prompt, Run] | None:
    """A prompt with its run, for the person whose it is and nobody else."""
    found = session.execute(
        select(Prompt, Run)
        .join(Run, Prompt.run_id == Run.id)
        .join(Person, Prompt.person_id == Person.id)
        .where(
            Prompt.id == prompt_id,
            answerable(),
            Person.workspace_id == workspace_id,
            Person.slack_id == slack_id,
        )
    ).first()
    return None if found is None else (found[0], found[1])


def over(session: Session, run: Run, at: datetime) -> bool:
    """Whether a run takes no answers any more."""
    ritual = session.get_one(Ritual, run.ritual_id)
    closed = run.state is RunState.CLOSED or run.closes_at <= at
    return closed or ritual.state is not RitualState.ACTIVE


def _sheet(session: Session, prompt: Prompt, run: Run) -> Sheet:
    return Sheet(
        prompt_id=prompt.id,
        channel=run.channel,
        date=run.local_date,
        questions=Config.model_validate(run.config).questions,
        said=_said(session, prompt.id),
        answered=prompt.state is PromptState.ANSWERED,
    )


def _said(session: Session, prompt_id: int) -> dict[str, str]:
    rows = session.execute(
        select(Answer.question, Answer.text).where(Answer.prompt_id == prompt_id)
    )
    return dict(rows.all())
