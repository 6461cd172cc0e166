"""Use cases of answering: store what a person says, or change it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking import cards
from bot.core.states import PromptState, RunState
from bot.db.tables import (
    Answer,
    AnswerRevision,
    Prompt,
    Run,
)
from bot.engine.mirrors import Urgency
from bot.rituals.standup import values
from bot.rituals.standup.model import Config
from bot.rituals.standup.questions import Question
from bot.rituals.standup.running import mark_run
from bot.rituals.standup.sheets import Closed, NotYours, over, place
from bot.rituals.standup.values import Problem


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
    row = place(session, workspace_id, slack_id, prompt_id)
    if row is None:
        return NotYours()
    prompt, run = row
    questions = Config.model_validate(run.config).questions
    tidied = values.tidy(questions, said)
    if over(session, run, at):
        return Closed(run.local_date, _handed_back(questions, tidied))
    if wrong := values.problems(questions, tidied):
        return Incomplete(wrong)
    edited = prompt.state is PromptState.ANSWERED
    changed = _store(session, at, prompt, questions, tidied)
    if changed or not edited:
        _note_answered(session, at, prompt, run)
    return Saved(edited)


def _handed_back(
    questions: Sequence[Question], said: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    return tuple(
        (one.text, values.spoken(one, said[one.key])) for one in questions if said.get(one.key)
    )


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
    mark_run(session, at, run, Urgency.PROGRESS)
    cards.refresh(session, at, [(prompt.person_id, prompt.asked_on)], Urgency.CLICKED)
