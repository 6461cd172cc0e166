"""*Since you left*: who is blocked and named somebody, and what their teammates said."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bot.core.states import BlockerState, MirrorKind, PromptState, RitualState, RunState
from bot.core.text import clamp, one_line
from bot.db.tables import Answer, Blocker, Mirror, Participant, Person, Prompt, Ritual, Run
from bot.rituals.standup import values
from bot.rituals.standup.model import KIND, Config, Reveal
from bot.rituals.standup.questions import QuestionKind
from bot.rituals.standup.unblock_shown import VIEW, subject

LINES = 3
_WORDS = 100
_REACH = timedelta(days=7)
_LONGEST_RUN = timedelta(days=10)  # from its date to its end, with some room


def news(session: Session, at: datetime, person_id: int) -> Sequence[str]:
    """Up to three lines since a person's last answer, plain text; blockers first, then the newest.

    It reaches a week back at most. What a run shows at its close only is no news before.
    """
    since = _last_answer(session, at, person_id)
    found = [*_naming(session, person_id, since), *_declined(session, person_id, since)][:LINES]
    return [*found, *_answers(session, person_id, since, LINES - len(found))]


def _last_answer(session: Session, at: datetime, person_id: int) -> datetime:
    last = session.scalar(
        select(Prompt.answered_at)
        .join(Run, Prompt.run_id == Run.id)
        .join(Ritual, Run.ritual_id == Ritual.id)
        .where(
            Prompt.person_id == person_id,
            Prompt.state == PromptState.ANSWERED,
            Ritual.kind == KIND,
        )
        .order_by(Prompt.answered_at.desc())
        .limit(1)
    )
    return at - _REACH if last is None else max(last, at - _REACH)


def _naming(session: Session, person_id: int, since: datetime) -> Iterator[str]:
    rows = session.execute(
        select(Person.name, Blocker.text)
        .join(Person, Blocker.owner_id == Person.id)
        .join(Ritual, Blocker.ritual_id == Ritual.id)
        .where(
            Blocker.unblocker_id == person_id,
            Blocker.state == BlockerState.OPEN,
            or_(Blocker.since > since, Blocker.told_at > since),
            Ritual.state != RitualState.DELETED,
        )
        .order_by(Blocker.since.desc(), Blocker.id.desc())
        .limit(LINES)
    )
    for name, text in rows:
        yield f"{_name(name)} is blocked, and named you: {_words(text)}"


def _declined(session: Session, person_id: int, since: datetime) -> Iterator[str]:
    """Somebody was told, and can't help: the owner may name another."""
    rows = session.execute(
        select(Blocker.id, Blocker.text)
        .where(
            Blocker.owner_id == person_id,
            Blocker.unblocker_id.is_(None),
            Blocker.state == BlockerState.OPEN,
            Blocker.told_at > since,
        )
        .order_by(Blocker.told_at.desc(), Blocker.id.desc())
        .limit(LINES)
    )
    for blocker_id, text in rows.all():
        yield f"{_last_told(session, blocker_id)} can't help with: {_words(text)}"


def _last_told(session: Session, blocker_id: int) -> str:
    told = session.scalar(
        select(Mirror.subject)
        .where(
            Mirror.kind == MirrorKind.MESSAGE,
            Mirror.view == VIEW,
            Mirror.subject.startswith(subject(blocker_id, "")),
        )
        .order_by(Mirror.id.desc())
        .limit(1)
    )
    person = session.get(Person, int(told.split("/")[1])) if told is not None else None
    return _name(person.name if person is not None else "")


def _answers(session: Session, person_id: int, since: datetime, limit: int) -> Iterator[str]:
    rows = session.execute(
        select(Prompt.id, Prompt.run_id, Person.name)
        .join(Run, Prompt.run_id == Run.id)
        .join(Ritual, Run.ritual_id == Ritual.id)
        .join(Person, Prompt.person_id == Person.id)
        .where(
            Run.ritual_id.in_(
                select(Participant.ritual_id).where(Participant.person_id == person_id)
            ),
            Run.local_date > since.date() - _LONGEST_RUN,
            or_(
                Run.state == RunState.CLOSED,
                func.coalesce(Run.config["reveal"].as_string(), Reveal.AT_ONCE) == Reveal.AT_ONCE,
            ),
            Ritual.kind == KIND,
            Ritual.state != RitualState.DELETED,
            Prompt.state == PromptState.ANSWERED,
            Prompt.answered_at > since,
            Prompt.person_id != person_id,
        )
        .order_by(Prompt.answered_at.desc(), Prompt.id.desc())
        .limit(limit)
    ).all()
    said = _said(session, [row.id for row in rows])
    runs = session.scalars(select(Run).where(Run.id.in_({row.run_id for row in rows})))
    configs = {run.id: Config.model_validate(run.config) for run in runs}
    for row in rows:
        if words := _first(configs[row.run_id], said.get(row.id, {})):
            yield f"{_name(row.name)}: {words}"


def _said(session: Session, prompt_ids: Sequence[int]) -> Mapping[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    rows = session.execute(
        select(Answer.prompt_id, Answer.question, Answer.text).where(
            Answer.prompt_id.in_(prompt_ids)
        )
    )
    for prompt_id, question, text in rows:
        found.setdefault(prompt_id, {})[question] = text
    return found


def _first(config: Config, said: Mapping[str, str]) -> str:
    for one in config.questions:
        if one.kind is not QuestionKind.BLOCKERS and said.get(one.key):
            return _words(values.spoken(one, said[one.key]))
    return ""


def _words(text: str) -> str:
    return clamp(one_line(text), _WORDS)


def _name(name: str) -> str:
    return one_line(name) or "Somebody"
