"""Use cases of a running stand-up: show what to answer, store it, close."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from bot.asking import cards, rounds
from bot.asking.outlook import next_of
from bot.core.states import MirrorKind, PromptState, RitualState, RunState
from bot.db.tables import (
    Answer,
    AnswerRevision,
    Participant,
    Person,
    Prompt,
    Ritual,
    Run,
    Team,
    Timer,
)
from bot.engine import mirrors
from bot.engine.mirrors import Mark, Urgency
from bot.rituals.standup import model
from bot.rituals.standup.model import KIND, Config, NothingOpen, Problem, Question

RUN_VIEW = "standup.run"


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
    row = _place(session, workspace_id, slack_id, prompt_id)
    if row is None:
        return NotYours()
    prompt, run = row
    if _over(session, run, at):
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
            _answerable(),
        )
    )
    open_now = sorted(
        rows, key=lambda row: (row[1].channel != channel, _answered(row[0]), row[1].closes_at)
    )
    if open_now:
        return _sheet(session, *open_now[0])
    return _nothing_open(session, at, person)


def _answerable() -> ColumnElement[bool]:
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


def _place(
    session: Session, workspace_id: int, slack_id: str, prompt_id: int
) -> tuple[Prompt, Run] | None:
    """A prompt with its run, for the person whose it is and nobody else."""
    found = session.execute(
        select(Prompt, Run)
        .join(Run, Prompt.run_id == Run.id)
        .join(Person, Prompt.person_id == Person.id)
        .where(
            Prompt.id == prompt_id,
            _answerable(),
            Person.workspace_id == workspace_id,
            Person.slack_id == slack_id,
        )
    ).first()
    return None if found is None else (found[0], found[1])


def _over(session: Session, run: Run, at: datetime) -> bool:
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


@dataclass(frozen=True)
class Saved:
    """Stored. `edited` where there was an answer before."""

    edited: bool


@dataclass(frozen=True)
class Incomplete:
    """Not stored: what is wrong, by question key."""

    problems: Mapping[str, Problem]


def submit(
    session: Session,
    at: datetime,
    workspace_id: int,
    slack_id: str,
    prompt_id: int,
    said: Mapping[str, str],
) -> Saved | Incomplete | Closed | NotYours:
    """Store a person's answers, or change them; `said` by question key."""
    row = _place(session, workspace_id, slack_id, prompt_id)
    if row is None:
        return NotYours()
    prompt, run = row
    questions = Config.model_validate(run.config).questions
    tidied = model.tidy(said)
    if _over(session, run, at):
        return Closed(run.local_date, _handed_back(questions, tidied))
    if wrong := model.problems(questions, tidied):
        return Incomplete(wrong)
    edited = prompt.state is PromptState.ANSWERED
    changed = _store(session, at, prompt, questions, tidied)
    if changed or not edited:
        _note_answered(session, at, prompt, run)
    return Saved(edited)


def _handed_back(
    questions: Sequence[Question], said: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    return tuple((one.text, said[one.key]) for one in questions if said.get(one.key))


def _store(
    session: Session,
    at: datetime,
    prompt: Prompt,
    questions: Sequence[Question],
    said: Mapping[str, str],
) -> bool:
    """Write what differs, and keep the earlier text; answers whether anything did."""
    standing = {
        answer.question: answer
        for answer in session.scalars(select(Answer).where(Answer.prompt_id == prompt.id))
    }
    changed = False
    for question in questions:
        text, answer = said.get(question.key, ""), standing.get(question.key)
        if answer is None and text:
            session.add(Answer(prompt_id=prompt.id, question=question.key, text=text))
            changed = True
        elif answer is not None and answer.text != text:
            session.add(AnswerRevision(answer_id=answer.id, text=answer.text, replaced_at=at))
            answer.text = text
            changed = True
    return changed


def _note_answered(session: Session, at: datetime, prompt: Prompt, run: Run) -> None:
    if prompt.answered_at is None:
        prompt.answered_at = at
    if prompt.asked_on is None:  # answered before being asked: the card of that day shows it
        prompt.asked_on = run.local_date
    prompt.state, prompt.reason, prompt.excuse = PromptState.ANSWERED, None, None
    run.state = RunState.OPEN
    session.flush()
    _mark_run(session, at, run, Urgency.PROGRESS)
    cards.refresh(session, at, [(prompt.person_id, prompt.asked_on)], Urgency.CLICKED)


def close(session: Session, at: datetime, due: Sequence[Timer]) -> None:
    """Step: close runs whose last window has ended; the message becomes the summary."""
    for run in rounds.close(session, at, due):
        _mark_run(session, at, run, Urgency.CLOSING)


def _mark_run(session: Session, at: datetime, run: Run, urgency: Urgency) -> None:
    workspace_id = session.scalars(
        select(Team.workspace_id).join(Ritual).where(Ritual.id == run.ritual_id)
    ).one()
    mark = Mark(
        workspace_id,
        MirrorKind.MESSAGE,
        RUN_VIEW,
        str(run.id),
        run.channel,
        run_id=run.id,
        urgency=urgency,
    )
    mirrors.mark(session, at, [mark])
