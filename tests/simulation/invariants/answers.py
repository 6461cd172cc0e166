"""What people said and the bot acknowledged is kept, and each stands where the books say."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import select

from bot.core.states import PromptState
from bot.db.tables import Answer, Person, Prompt, Ritual, Run
from tests.simulation.evidence import Evidence
from tests.simulation.model.books import Key, Said
from tests.simulation.model.expected import Asked, Moment


def kept(evidence: Evidence) -> Iterator[str]:
    """Every answer stands with its last text."""
    rows = evidence.session.execute(
        select(Ritual.title, Run.local_date, Person.slack_id, Answer.question, Answer.text)
        .join(Run, Run.ritual_id == Ritual.id)
        .join(Prompt, Prompt.run_id == Run.id)
        .join(Person, Prompt.person_id == Person.id)
        .join(Answer, Answer.prompt_id == Prompt.id)
    )
    stored: dict[Key, dict[str, str]] = {}
    for title, day, who, question, text in rows:
        stored.setdefault(Key(title, day, who), {})[question] = text
    for key, answers in evidence.books.answers.items():
        may = answers.may_stand()
        sure = any(one.sure for one in may)
        if key not in stored:
            if sure:
                yield f"{key} was told that their answer is saved, and SQL has none"
        elif not any(_same(one.said, stored[key]) for one in may):
            said = [dict(one.said) for one in may]
            if sure or not _loose(evidence, key, stored[key]):
                yield f"{key} said {said}, and SQL has {stored[key]}"
    for key in stored.keys() - evidence.books.answers.keys():
        if not _loose(evidence, key, stored[key]):
            yield f"{key} said nothing, and SQL has {stored[key]}"


def _same(said: Said, stored: Mapping[str, str]) -> bool:
    return all(stored.get(question) == text for question, text in said.items())


def _loose(evidence: Evidence, key: Key, stored: Mapping[str, str]) -> bool:
    """Whether all of it are words of theirs in a DM that ended half-way."""
    words = {text for one in evidence.books.loose[key.who] for text in one.texts}
    return set(stored.values()) <= words


def states(evidence: Evidence) -> Iterator[str]:
    """Each prompt is in a state that the books allow."""
    rows = evidence.session.execute(
        select(Ritual.title, Run.local_date, Person.slack_id, Prompt.state, Prompt.reason)
        .join(Run, Run.ritual_id == Ritual.id)
        .join(Prompt, Prompt.run_id == Run.id)
        .join(Person, Prompt.person_id == Person.id)
    )
    found = {Key(*row[:3]): (row.state, row.reason) for row in rows}
    for key, moment in evidence.expected.moments.items():
        if moment.done_by >= evidence.now:
            continue
        state, reason = found.get(key, (None, None))
        allowed = _allowed(evidence, moment)
        if allowed and state not in allowed:
            yield f"{key} is {state} ({reason}) and should be one of {sorted(allowed)}"


def _allowed(evidence: Evidence, moment: Moment) -> set[PromptState]:
    """The states that a moment may have led to; nothing where nobody can tell."""
    books, key = evidence.books, moment.key
    answers = books.answers[key]
    if any(one.sure for one in answers.statements):
        return {PromptState.ANSWERED}
    if moment.asked is not Asked.YES or answers.statements or books.loose[key.who]:
        return set()
    if _changed_since(evidence, moment, moment.due):
        return set()
    closes = evidence.expected.closes(key.title, key.day)
    if evidence.weather.deadline(closes[1]) < evidence.now:
        return {PromptState.MISSED}
    if evidence.now >= closes[0]:
        return set()
    fair = evidence.weather.fair(moment.due, evidence.now)
    # Whose card came too late for the day waits for the next morning.
    return {PromptState.ASKED} if fair else {PromptState.ASKED, PromptState.WAITING}


def _changed_since(evidence: Evidence, moment: Moment, since: datetime) -> bool:
    """Whether anything changed that may have excused them, or taken them off it."""
    return bool(evidence.books.wishes[moment.key]) or any(
        change.sure is None or change.sure >= since
        for change in evidence.books.changes_of(moment.key)
    )
