"""What people planned the last time: shown back to them, and done or carried over."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.core.states import PromptState
from bot.db.tables import Answer, Prompt, Run
from bot.rituals.standup.model import Config
from bot.rituals.standup.questions import Part, Question

REACH = timedelta(days=14)  # an older plan is forgotten


@dataclass(frozen=True)
class Earlier:
    """What a person last answered in a ritual, before the run of another prompt of theirs."""

    prompt_id: int
    run_id: int
    date: date


@dataclass(frozen=True)
class Plan:
    """A plan of an earlier day; `question` is the one that asked for it then."""

    date: date
    question: Question
    text: str


def plan_question(questions: Iterable[Question]) -> Question | None:
    """The question whose answer is shown back the next time."""
    return next((one for one in questions if one.part is Part.PLAN), None)


def earlier(session: Session, prompt_ids: Collection[int]) -> dict[int, Earlier]:
    """What the people of these prompts answered last before, each in the same ritual."""
    prompts = session.execute(
        select(Prompt.id, Prompt.person_id, Run.ritual_id, Run.local_date)
        .join(Run, Prompt.run_id == Run.id)
        .where(Prompt.id.in_(prompt_ids))
    ).all()
    if not prompts:
        return {}
    dates = [row.local_date for row in prompts]
    before = session.execute(
        select(Prompt.id, Prompt.run_id, Prompt.person_id, Run.ritual_id, Run.local_date)
        .join(Run, Prompt.run_id == Run.id)
        .where(
            Prompt.person_id.in_({row.person_id for row in prompts}),
            Prompt.state == PromptState.ANSWERED,
            Run.ritual_id.in_({row.ritual_id for row in prompts}),
            Run.local_date >= min(dates) - REACH,
            Run.local_date < max(dates),
        )
        .order_by(Run.local_date, Run.ordinal)
    ).all()
    return {
        row.id: Earlier(then.id, then.run_id, then.local_date)
        for row in prompts
        for then in before  # in order, so the latest stays
        if (then.person_id, then.ritual_id) == (row.person_id, row.ritual_id)
        and row.local_date - REACH <= then.local_date < row.local_date
    }


def plans(session: Session, prompt_ids: Collection[int]) -> dict[int, Plan]:
    """The earlier plans that these prompts show back; none where their run asks for no plan."""
    before = earlier(session, prompt_ids)
    if not before:
        return {}
    runs = dict(
        session.execute(select(Prompt.id, Prompt.run_id).where(Prompt.id.in_(before))).all()
    )
    asked = _plan_questions(session, {*runs.values(), *(one.run_id for one in before.values())})
    said = _answers(session, {one.prompt_id for one in before.values()})
    found: dict[int, Plan] = {}
    for prompt_id, then in before.items():
        question = asked[then.run_id]
        text = said.get((then.prompt_id, question.key), "") if question else ""
        if question and text and asked[runs[prompt_id]] is not None:
            found[prompt_id] = Plan(then.date, question, text)
    return found


def planned(session: Session, prompt_ids: Collection[int]) -> Collection[int]:
    """Of these prompts, those to which an earlier plan is shown back."""
    return plans(session, prompt_ids).keys()


def _plan_questions(session: Session, run_ids: Collection[int]) -> Mapping[int, Question | None]:
    rows = session.execute(select(Run.id, Run.config).where(Run.id.in_(run_ids)))
    return {
        run_id: plan_question(Config.model_validate(config).questions) for run_id, config in rows
    }


def _answers(session: Session, prompt_ids: Collection[int]) -> Mapping[tuple[int, str], str]:
    rows = session.execute(
        select(Answer.prompt_id, Answer.question, Answer.text).where(
            Answer.prompt_id.in_(prompt_ids)
        )
    )
    return {(prompt_id, question): text for prompt_id, question, text in rows}
