"""Answering in the DM: what a person writes there is their answer to the next question.

The first message begins with the stand-up that is not answered and closes first; one conversation
goes on until it is saved or left. What is half-said when its run closes counts if all that is
needed has been said, as of the moment it was said, and the person did not skip that day. Else it is
not saved, and the last question says so, in place: the person's own words stand in the DM.

A message takes effect once, by its receipt. One that is delivered late answers the question that is
next then: Slack gives an event no number by which a gap before it could be seen.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.core.markup import mentioned, plain
from bot.core.states import Excuse, RunState
from bot.db.tables import Person, Prompt, Run
from bot.engine.timers import Fired
from bot.rituals.standup import answers, running, values
from bot.rituals.standup import dialogue_replies as replies
from bot.rituals.standup.answers import Incomplete, Saved
from bot.rituals.standup.dialogue_replies import Kind, Remark, Reply
from bot.rituals.standup.drafts import Draft
from bot.rituals.standup.model import Config
from bot.rituals.standup.questions import Question
from bot.rituals.standup.sheets import Place, open_places
from bot.rituals.standup.values import Problem
from bot.rituals.standup.views.dialogue import CANCEL, SKIP

_SKIPPING = frozenset({SKIP, "-"})


@dataclass(frozen=True)
class Said:
    """A message of a person in their DM, as Slack has it: its text in Slack's markup."""

    ts: str
    text: str
    thread_ts: str | None = None


def hear(session: Session, at: datetime, workspace_id: int, slack_id: str, said: Said) -> None:
    """Take a person's message as the answer to what is asked next, and reply."""
    person = session.scalar(
        select(Person)
        .where(Person.workspace_id == workspace_id, Person.slack_id == slack_id)
        .with_for_update()  # one message of theirs after the other
    )
    if person is not None and (person.deleted or person.is_bot):
        return
    reply = _reply(session, at, person, said)
    replies.mark(session, at, workspace_id, slack_id, reply, said.thread_ts)


def _reply(session: Session, at: datetime, person: Person | None, said: Said) -> Reply:
    if person is None:
        return Reply(Kind.IDLE, 0, said.ts)
    places = open_places(session, at, person.id)
    place = _next(places, at)
    if place is None:
        return Reply(Kind.IDLE, person.id, said.ts)
    words = plain(said.text, _names(session, person.workspace_id, said.text)).strip()
    if words.casefold() == CANCEL:
        return _leave(place, said)
    return _Conversation(session, at, person, place, said, words).go_on(places)


def _next(places: Sequence[Place], at: datetime) -> Place | None:
    """What a message is about: the conversation under way, else what is owed and closes first.

    Tomorrow's only where nothing of today's is open: a word of thanks after today's is no answer.
    """
    under_way = (one for one in places if one.prompt.draft is not None)
    owed = (one for one in places if one.owed(at))
    early = (one for one in places if not any(other.answered for other in places))
    return next(under_way, None) or next(owed, None) or next(early, None)


def _names(session: Session, workspace_id: int, text: str) -> Mapping[str, str]:
    rows = session.execute(
        select(Person.slack_id, Person.name).where(
            Person.workspace_id == workspace_id, Person.slack_id.in_(mentioned(text))
        )
    )
    return dict(rows.all())


def _leave(place: Place, said: Said) -> Reply:
    if place.prompt.draft is None:
        return Reply(Kind.NOTHING_TO_LEAVE, place.prompt.id, said.ts)
    place.prompt.draft = None
    return Reply(Kind.LEFT, place.prompt.id, said.ts)


@dataclass(frozen=True)
class _Conversation:
    """One message in one conversation."""

    session: Session
    at: datetime
    person: Person
    place: Place
    said: Said
    words: str

    def go_on(self, places: Sequence[Place]) -> Reply:
        """Take the words as the answer to the next question; after the last one, save."""
        prompt = self.place.prompt
        draft = Draft.of(prompt) or Draft(self.said.ts, self.at)
        questions = Config.model_validate(self.place.run.config).questions
        others = [one for one in places if one is not self.place and one.owed(self.at)]
        opened = 1 + len(others) if prompt.draft is None else 0
        owed = [one for one in questions if one.key not in draft.said]
        if not owed:  # the stand-up asks less than it did when the conversation began
            return self._save(draft, others)
        match self._answer(owed[0]):
            case Problem() | Remark() as wrong:
                return self._ask(draft, owed[0], wrong.name, opened)
            case text:
                draft = replace(draft, at=self.at, said={**draft.said, owed[0].key: text})
        if not owed[1:]:
            return self._save(draft, others)
        remark = Remark.NOTED if text else Remark.LEFT_OUT
        return self._ask(draft, owed[1], remark.name, opened)

    def _answer(self, question: Question) -> str | Problem | Remark:
        """What these words are to a question: its answer, "" to leave it out, or a problem."""
        if not self.words:
            return Remark.NO_WORDS
        if self.words.casefold() in _SKIPPING:
            return values.problem(question, "") or ""
        return values.typed(question, self.words)

    def _ask(self, draft: Draft, question: Question, remark: str, opened: int) -> Reply:
        prompt = self.place.prompt
        prompt.draft = replace(draft, ts=self.said.ts).json()
        return Reply(Kind.ASKS, prompt.id, self.said.ts, question.key, remark, opened)

    def _save(self, draft: Draft, others: Sequence[Place]) -> Reply:
        self.place.prompt.draft = None
        result = _submit(self.session, self.at, self.person, self.place.prompt, draft)
        if isinstance(result, Incomplete):
            return self._ask_again(draft, result.problems)
        then = others[0].prompt.id if others else 0
        return Reply(Kind.KEPT, self.place.prompt.id, self.said.ts, more=then)

    def _ask_again(self, draft: Draft, problems: Mapping[str, Problem]) -> Reply:
        """The stand-up's questions changed meanwhile: what does not fit them is asked anew."""
        fits = {key: text for key, text in draft.said.items() if key not in problems}
        questions = Config.model_validate(self.place.run.config).questions
        first = next(one for one in questions if one.key in problems)
        return self._ask(replace(draft, said=fits), first, problems[first.key].name, 0)


def _submit(
    session: Session, at: datetime, person: Person, prompt: Prompt, draft: Draft
) -> Saved | Incomplete:
    said = {key: text for key, text in draft.said.items() if text}
    result = answers.submit(session, at, person.workspace_id, person.slack_id, prompt.id, said)
    if not isinstance(result, Saved | Incomplete):  # it was open when it was looked for
        raise TypeError(f"an open prompt took no answer: {result}")
    return result


def close(session: Session, at: datetime, due: Sequence[Fired]) -> None:
    """Step: what was half-said in time is seen to, then the runs close."""
    _finish(session, at, [timer.run_id for timer in due if timer.run_id is not None])
    running.close(session, at, due)


def _finish(session: Session, at: datetime, run_ids: Collection[int]) -> None:
    rows = session.execute(
        select(Prompt, Run, Person)
        .join(Run, Prompt.run_id == Run.id)
        .join(Person, Prompt.person_id == Person.id)
        .where(
            Run.id.in_(run_ids),
            Run.state != RunState.CLOSED,
            Run.closes_at <= at,
            Prompt.draft.is_not(None),
        )
    ).all()
    for prompt, run, person in rows:
        draft = Draft.of(prompt)
        if draft is None:
            continue
        questions = Config.model_validate(run.config).questions
        skipped = prompt.excuse is Excuse.OWN_WISH
        if not skipped and not values.problems(questions, draft.said):
            answers.submit(
                session, draft.at, person.workspace_id, person.slack_id, prompt.id, draft.said
            )
        replies.end(session, prompt)
