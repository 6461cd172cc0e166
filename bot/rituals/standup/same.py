"""*Same as planned*: the form filled in so that a day without change takes two taps."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.tables import Answer
from bot.rituals.standup import plans, values
from bot.rituals.standup.plans import Plan
from bot.rituals.standup.questions import Part, PlanFate, Question, QuestionKind
from bot.rituals.standup.sheets import Closed, NotYours, Sheet, sheet

AS_PLANNED = "As planned."
_WRITTEN = frozenset({QuestionKind.TEXT, QuestionKind.LINE})


def same_sheet(
    session: Session, at: datetime, workspace_id: int, slack_id: str, prompt_id: int
) -> Sheet | Closed | NotYours:
    """What *Same as planned* opens: as it was the last time, and what was planned then goes on.

    What has been said meanwhile stands; where an answer has been given, it is simply shown.
    """
    found = sheet(session, at, workspace_id, slack_id, prompt_id)
    if not isinstance(found, Sheet) or found.answered:
        return found
    plan = plans.plans(session, [prompt_id]).get(prompt_id)
    repeated = _repeated(found.questions, _last(session, prompt_id), plan)
    said = {**repeated, **{key: text for key, text in found.said.items() if text}}
    back = found.back
    if back.plan is not None and back.plan.fate is None:
        back = replace(back, plan=replace(back.plan, fate=PlanFate.CARRIED))
    return replace(found, said=said, back=back)


def _last(session: Session, prompt_id: int) -> Mapping[str, str]:
    then = plans.earlier(session, [prompt_id]).get(prompt_id)
    if then is None:
        return {}
    rows = session.execute(
        select(Answer.question, Answer.text).where(Answer.prompt_id == then.prompt_id)
    )
    return dict(rows.all())


def _repeated(
    questions: tuple[Question, ...], last: Mapping[str, str], plan: Plan | None
) -> Mapping[str, str]:
    """What is chosen stays chosen; what was planned is done so, and is planned again."""
    chosen = (one for one in questions if one.kind not in {*_WRITTEN, QuestionKind.BLOCKERS})
    found = {one.key: last.get(one.key, "") for one in chosen}
    if done := _done(questions):
        found[done.key] = AS_PLANNED
    if plan is not None and (planned := plans.plan_question(questions)):
        found[planned.key] = plan.text
    return {
        one.key: found[one.key]
        for one in questions
        if found.get(one.key) and values.problem(one, found[one.key]) is None
    }


def _done(questions: tuple[Question, ...]) -> Question | None:
    """What asks what came of the plan; else what must be answered in words."""
    written = [one for one in questions if one.kind in _WRITTEN and one.part is not Part.PLAN]
    done = (one for one in written if one.part is Part.DONE)
    return next(done, None) or next((one for one in written if one.required), None)
