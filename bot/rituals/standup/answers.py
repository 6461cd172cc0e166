"""Use cases of answering: store what a person says, or change it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from bot.asking import cards
from bot.asking.newcomers import rows_of
from bot.asking.views import NOT_DELIVERED
from bot.core.states import BlockerState, PromptState
from bot.db.tables import (
    Answer,
    AnswerRevision,
    Blocker,
    Person,
    Prompt,
    Ritual,
    Run,
)
from bot.engine.mirrors import Urgency
from bot.rituals.standup import blockers, dialogue_replies, plans, telling, unblocking, values
from bot.rituals.standup.blockers import Standing
from bot.rituals.standup.model import CantHelp
from bot.rituals.standup.plans import Plan
from bot.rituals.standup.questions import PlanFate, Question, QuestionKind
from bot.rituals.standup.running import mark_answer, open_early
from bot.rituals.standup.sheets import Closed, NotYours, Place, over, place
from bot.rituals.standup.values import Problem


@dataclass(frozen=True)
class Beside:
    """What a form says beside its answers."""

    fate: PlanFate | None = None  # of the plan shown back; None: not said
    resolved: Mapping[int, bool] = field(default_factory=dict)  # blockers shown back, by id
    helper: str = ""  # the Slack id of who can unblock
    anew: bool = False  # another helper than the form began with


NOTHING = Beside()
_ADDING = insert(Answer)
_STANDING = select(Answer).where(Answer.prompt_id == bindparam("prompt_id"))

# What somebody owes of the same stand-up for later dates.
_OWED_AFTER = (
    select(Prompt.person_id, Prompt.asked_on)
    .join(Run, Prompt.run_id == Run.id)
    .where(
        Prompt.person_id == bindparam("person"),
        Prompt.state == PromptState.ASKED,
        Run.ritual_id == bindparam("ritual"),
        Run.local_date > bindparam("day"),
    )
)


@dataclass(frozen=True)
class Saved:
    """Stored. `edited` where there was an answer before."""

    edited: bool


@dataclass(frozen=True)
class Incomplete:
    """Not stored: what is wrong, by question key, and with who should help."""

    problems: Mapping[str, Problem]
    helper: CantHelp | None = None


@dataclass(frozen=True)
class _Form:
    """What is submitted, and what it is held against."""

    prompt: Prompt
    run: Run
    questions: tuple[Question, ...]
    standing: Mapping[str, Answer]
    said: Mapping[str, str]  # tidied; what is missing stays as it stands
    beside: Beside
    plan: Plan | None
    helper: Person | None
    blocked: Standing

    @property
    def complete(self) -> dict[str, str]:
        """Every answer as it will stand."""
        return {key: one.text for key, one in self.standing.items()} | dict(self.said)


def submit(
    session: Session,
    at: datetime,
    workspace_id: int,
    slack_id: str,
    prompt_id: int,
    said: Mapping[str, str],
    beside: Beside = NOTHING,
) -> Saved | Incomplete | Closed | NotYours:
    """Store a person's answers, or change them; `said` by question key."""
    found = place(session, workspace_id, slack_id, prompt_id)
    if found is None:
        return NotYours()
    return store(session, at, workspace_id, found, said, beside)


def store(
    session: Session,
    at: datetime,
    workspace_id: int,
    place: Place,
    said: Mapping[str, str],
    beside: Beside,
) -> Saved | Incomplete | Closed:
    """Store the answers to a person's prompt; `said` by question key.

    A question that is not among `said` keeps its answer.
    """
    prompt, run, questions = place.prompt, place.run, place.config.questions
    tidied = values.tidy(questions, said)
    if ending := over(place, at):
        return Closed(run.local_date, _handed_back(questions, tidied), ending)
    form = _form(session, workspace_id, prompt, run, questions, tidied, beside)
    wrong, helpless = values.problems(questions, form.complete), _cant_help(form)
    if wrong or helpless:
        return Incomplete(wrong, helpless)
    edited = place.answered
    dialogue_replies.end(session, prompt)
    changed = _store_all(session, at, form)
    if changed or not edited:
        _note_answered(session, at, workspace_id, prompt, run)
    return Saved(edited)


def _handed_back(
    questions: Sequence[Question], said: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    return tuple(
        (one.text, values.spoken(one, said[one.key])) for one in questions if said.get(one.key)
    )


def _form(
    session: Session,
    workspace_id: int,
    prompt: Prompt,
    run: Run,
    questions: tuple[Question, ...],
    said: Mapping[str, str],
    beside: Beside,
) -> _Form:
    standing = session.scalars(_STANDING, {"prompt_id": prompt.id})
    plan = plans.plans(session, [prompt.id]).get(prompt.id) if beside.fate else None
    carried = plan if beside.fate is PlanFate.CARRIED else None
    chosen = beside.helper
    return _Form(
        prompt=prompt,
        run=run,
        questions=questions,
        standing={one.question: one for one in standing},
        said=_carry(questions, said, carried) if carried else said,
        beside=beside,
        plan=plan,
        helper=rows_of(session, workspace_id, [chosen])[chosen] if chosen else None,
        blocked=blockers.standing(session, prompt, run),
    )


def _carry(questions: Sequence[Question], said: Mapping[str, str], plan: Plan) -> Mapping[str, str]:
    """A plan carried over is the new plan too, where none is written."""
    question = plans.plan_question(questions)
    if question is None or said.get(question.key) or values.problem(question, plan.text):
        return said
    return {**said, question.key: plan.text}


def _cant_help(form: _Form) -> CantHelp | None:
    if form.helper is None:
        return None
    found = unblocking.cant_help(form.helper, form.prompt.person_id)
    if found or not form.beside.anew or _blockers(form.questions, form.complete):
        return found
    left = (
        one.state is BlockerState.OPEN and not form.beside.resolved.get(one.id)
        for one in form.blocked.earlier
    )
    return None if any(left) else CantHelp.NOTHING_BLOCKS


def _blockers(questions: Sequence[Question], said: Mapping[str, str]) -> list[str]:
    return [
        line
        for question in questions
        if question.kind is QuestionKind.BLOCKERS
        for line in values.blockers(said.get(question.key, ""))
    ]


def _store_all(session: Session, at: datetime, form: _Form) -> bool:
    """Write what differs; answers whether anything did."""
    before = _blockers(form.questions, {key: one.text for key, one in form.standing.items()})
    changed = _store(session, at, form)
    if form.beside.fate is not None and form.plan is not None:
        changed |= _keep_fate(session, at, form, form.beside.fate, form.plan)
    return _store_blockers(session, at, form, before) or changed


def _store(session: Session, at: datetime, form: _Form) -> bool:
    changed = False
    new: list[dict[str, object]] = []
    for question in form.questions:
        text, answer = form.said.get(question.key), form.standing.get(question.key)
        if answer is None and text:
            new.append({"prompt_id": form.prompt.id, "question": question.key, "text": text})
        elif answer is not None and text is not None and answer.text != text:
            _revise(session, at, answer, question.key, text)
            changed = True
    if new:
        session.connection().execute(_ADDING, new)
    return changed or bool(new)


def _keep_fate(session: Session, at: datetime, form: _Form, fate: PlanFate, plan: Plan) -> bool:
    """Keep what came of the earlier plan; one row that moves from one fate to the other."""
    kept = next((form.standing[key] for key in PlanFate if key in form.standing), None)
    if kept is None:
        session.add(Answer(prompt_id=form.prompt.id, question=fate, text=plan.text))
    elif (kept.question, kept.text) != (fate, plan.text):
        _revise(session, at, kept, fate, plan.text)
    else:
        return False
    return True


def _revise(session: Session, at: datetime, answer: Answer, question: str, text: str) -> None:
    """Change an answer, and keep the earlier text."""
    session.add(AnswerRevision(answer_id=answer.id, text=answer.text, replaced_at=at))
    answer.question, answer.text = question, text


def _store_blockers(session: Session, at: datetime, form: _Form, before: Sequence[str]) -> bool:
    prompt, run, beside, there = form.prompt, form.run, form.beside, form.blocked
    changed = set[Blocker]()
    former = set[int]()
    resolved = {one.id: one.resolved_on for one in there.earlier if one.resolved_on is not None}
    if beside.resolved and there.earlier:
        owner = session.get_one(Person, prompt.person_id)
        changed.update(blockers.settle(at, owner, there.earlier, beside.resolved))
    if any(one.kind is QuestionKind.BLOCKERS for one in form.questions):
        lines = _blockers(form.questions, form.complete)
        synced = blockers.sync(session, at, prompt, run, there, lines, before)
        named, former = unblocking.name(synced, there.earlier, form.helper, anew=beside.anew)
        changed.update(synced.changed, named)
    blockers.show(session, at, changed, former, resolved)
    telling.tell(session, at, changed)
    return bool(changed)


def _note_answered(
    session: Session, at: datetime, workspace_id: int, prompt: Prompt, run: Run
) -> None:
    if prompt.answered_at is None:
        prompt.answered_at = at
    if _is_trouble(prompt):
        ritual = session.get_one(Ritual, run.ritual_id)
        cards.follow_trouble(session, at, [ritual.owner_id])
    if prompt.asked_on is None:  # answered before being asked: the card of that day shows it
        prompt.asked_on = run.local_date
    prompt.state, prompt.reason, prompt.excuse = PromptState.ANSWERED, None, None
    open_early(session, run)
    session.flush()
    mark_answer(session, at, workspace_id, run, prompt)
    after = session.execute(_OWED_AFTER, _after(prompt, run))  # may be as is planned here
    shown = {(prompt.person_id, prompt.asked_on), *((who, on) for who, on in after if on)}
    cards.refresh(session, at, shown, Urgency.CLICKED)


def _is_trouble(prompt: Prompt) -> bool:
    """Whether the stand-up's owner may have been told that its person could not be asked."""
    unasked = prompt.state is PromptState.MISSED and prompt.asked_on is None
    return unasked or prompt.reason == NOT_DELIVERED


def _after(prompt: Prompt, run: Run) -> dict[str, object]:
    return {"person": prompt.person_id, "ritual": run.ritual_id, "day": run.local_date}
