"""What of earlier days is shown back to whoever answers: their plan, and what still blocks them."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions.loading import of_blockers
from bot.core.states import BlockerState
from bot.db.tables import Person, Prompt, Run
from bot.rituals.standup import blockers, plans, unblocking, values
from bot.rituals.standup.model import Back, BlockedBack, PlanBack
from bot.rituals.standup.plans import Plan
from bot.rituals.standup.questions import PlanFate, Question, QuestionKind


def back(session: Session, at: datetime, prompt: Prompt, run: Run, said: Mapping[str, str]) -> Back:
    """What is shown back for a prompt, of which `said` has been said so far."""
    plan = plans.plans(session, [prompt.id]).get(prompt.id)
    there = blockers.standing(session, prompt, run)
    named = unblocking.named(there.own)
    ids = {named} | {one.unblocker_id for one in there.earlier}
    people = {
        person.id: person
        for person in session.scalars(select(Person).where(Person.id.in_(ids - {None})))
    }
    items = of_blockers(session, at, [one.id for one in there.earlier])
    return Back(
        plan=None if plan is None else _plan(plan, said),
        blocked=tuple(
            BlockedBack(
                id=one.id,
                text=one.text,
                since=one.raised_on,
                helper=people[one.unblocker_id].name if one.unblocker_id else "",
                resolved=one.state is BlockerState.RESOLVED,
                item=items.get(one.id),
            )
            for one in there.earlier
        ),
        helper=people[named].slack_id if named else "",
    )


def beside(
    questions: Iterable[Question], said: Mapping[str, str], shown: Back
) -> Mapping[str, str]:
    """What stands in the form beside what is shown back.

    A blocker that was said once more has its own choice there, and is not asked for twice.
    """
    again = {one.text.casefold() for one in shown.blocked}
    about_blockers = (
        one.key
        for one in questions
        if one.kind is QuestionKind.BLOCKERS and not one.required and said.get(one.key)
    )
    return {**said, **{key: _without(again, said[key]) for key in about_blockers}}


def _without(again: Collection[str], text: str) -> str:
    """The text itself where none of its blockers stands elsewhere."""
    lines = values.blockers(text)
    left = [line for line in lines if line.casefold() not in again]
    return text if len(left) == len(lines) else "\n".join(left)


def _plan(plan: Plan, said: Mapping[str, str]) -> PlanBack:
    fate = next((one for one in PlanFate if said.get(one)), None)
    return PlanBack(plan.date, values.spoken(plan.question, plan.text), fate)
