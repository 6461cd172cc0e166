"""Loads from SQL what a stand-up's views draw."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import Session

from bot.asking.excuses import excuses
from bot.core.states import Excuse, PromptState, RunState
from bot.db.tables import Answer, Person, Prompt, Ritual, Run
from bot.rituals.standup.model import Config
from bot.rituals.standup.views.channel import Line, RunShown


def run_shown(session: Session, subject: str, at: datetime) -> RunShown | None:
    """A run by its id, as its channel sees it; None once it is gone."""
    run = session.get(Run, int(subject))
    if run is None:
        return None
    prompts = session.execute(
        select(Prompt, Person)
        .join(Person, Prompt.person_id == Person.id)
        .where(Prompt.run_id == run.id, _shown())
        .order_by(Prompt.answered_at, Person.name)
    ).all()
    answered = [row for row in prompts if row[0].state is PromptState.ANSWERED]
    away = _away(session, at, run, prompts)
    owing = [
        person.name
        for prompt, person in prompts
        if prompt.state is not PromptState.ANSWERED and person.id not in away
    ]
    said = _said(session, run.id)
    questions = Config.model_validate(run.config).questions
    return RunShown(
        title=session.get_one(Ritual, run.ritual_id).title,
        date=run.local_date,
        closed=run.state is RunState.CLOSED,
        closes_at=run.closes_at,
        lines=tuple(
            Line(
                person.name,
                tuple((q, said[one.id][q.key]) for q in questions if said[one.id].get(q.key)),
            )
            for one, person in answered
        ),
        owing=tuple(sorted(owing)),
        asked=len(answered) + len(owing),
        away=tuple(sorted(away.values())),
    )


def _shown() -> ColumnElement[bool]:
    return (Prompt.state != PromptState.SKIPPED) | Prompt.excuse.is_not(None)


def _away(
    session: Session, at: datetime, run: Run, prompts: Iterable[Row[Prompt, Person]]
) -> dict[int, str]:
    """The names of those who aren't asked, by id; of a holiday or a status with what it is.

    Whose moment has not come is looked up: their own step will skip them.
    """
    found = {
        person.id: _absent(person, prompt.excuse, prompt.reason)
        for prompt, person in prompts
        if prompt.excuse is not None
    }
    waiting = {row[1].id: row[1] for row in prompts if row[0].state is PromptState.WAITING}
    excused = excuses(session, at, [(person, run.local_date) for person in waiting.values()])
    for (person_id, _on), why in excused.items():
        found[person_id] = _absent(waiting[person_id], why.excuse, why.reason)
    return found


def _absent(person: Person, excuse: Excuse, reason: str | None) -> str:
    told = excuse in (Excuse.HOLIDAY, Excuse.STATUS)
    return f"{person.name} ({reason})" if told else person.name


def _said(session: Session, run_id: int) -> dict[int, dict[str, str]]:
    rows = session.execute(
        select(Answer.prompt_id, Answer.question, Answer.text)
        .join(Prompt, Answer.prompt_id == Prompt.id)
        .where(Prompt.run_id == run_id)
    )
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for prompt_id, question, text in rows:
        found[prompt_id][question] = text
    return found
