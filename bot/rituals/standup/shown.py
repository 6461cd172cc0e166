"""Loads from SQL what a stand-up's views draw."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.core.states import PromptState, RunState
from bot.db.tables import Answer, Person, Prompt, Ritual, Run
from bot.rituals.standup.model import Config
from bot.rituals.standup.views import Line, RunShown


def run_shown(session: Session, subject: str, _at: datetime) -> RunShown | None:
    """A run by its id, as its channel sees it; None once it is gone."""
    run = session.get(Run, int(subject))
    if run is None:
        return None
    prompts = session.execute(
        select(Prompt.id, Prompt.state, Prompt.answered_at, Person.name)
        .join(Person, Prompt.person_id == Person.id)
        .where(Prompt.run_id == run.id, Prompt.state != PromptState.SKIPPED)
        .order_by(Prompt.answered_at, Person.name)
    ).all()
    answered = [one for one in prompts if one.state is PromptState.ANSWERED]
    said = _said(session, run.id)
    questions = Config.model_validate(run.config).questions
    return RunShown(
        title=session.get_one(Ritual, run.ritual_id).title,
        date=run.local_date,
        closed=run.state is RunState.CLOSED,
        closes_at=run.closes_at,
        lines=tuple(
            Line(
                one.name,
                tuple((q, said[one.id][q.key]) for q in questions if said[one.id].get(q.key)),
            )
            for one in answered
        ),
        owing=tuple(sorted(one.name for one in prompts if one.state is not PromptState.ANSWERED)),
        asked=len(prompts),
    )


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
