"""What was lost, and what came twice: SQL and Slack against what the crowd was told."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.db.tables import Answer, Mirror, Person, Prompt
from tests.killing.crowd import CHANNELS, Crowd

Json = Mapping[str, Any]


def unsent(session: Session) -> int:
    """How many mirrors don't show yet what SQL says."""
    stale = (Mirror.shown < Mirror.wanted) & Mirror.outcome.is_(None)
    return session.scalar(select(func.count()).select_from(Mirror).where(stale)) or 0


def answers(session: Session) -> Mapping[str, str]:
    """What SQL holds, by Slack id."""
    rows = session.execute(
        select(Person.slack_id, Answer.text)
        .join(Prompt, Prompt.person_id == Person.id)
        .join(Answer, Answer.prompt_id == Prompt.id)
        .where(Answer.question == "learned")
    )
    return dict(rows.all())


def faults(crowd: Crowd, kept: Mapping[str, str], state: Json) -> Iterator[str]:
    """Everything that is not as it must be, in words; nothing where all is well."""
    for person, told in crowd.told.items():
        if told.acked >= 0 and kept.get(person) not in told.may_stand:
            acked = told.tried[told.acked]
            yield f"lost: {person} was told {acked!r}, SQL has {kept.get(person)!r}"
    yield from _in_slack(crowd, state)


def _in_slack(crowd: Crowd, state: Json) -> Iterator[str]:
    theirs = [one for one in state["messages"] if one["metadata"] and not one["deleted"]]
    marks = Counter(one["metadata"]["event_payload"]["id"] for one in theirs)
    yield from (f"twice: the mirror {uid} stands {times} times" for uid, times in marks.items()
                if times > 1)  # fmt: skip
    cards = Counter(one["channel"] for one in theirs if one["channel"].startswith("D"))
    for person in crowd.people:
        number = cards[f"D{person[1:]}"]
        if number != 1:
            yield f"{'lost' if not number else 'twice'}: {person} has {number} cards"
    runs = Counter(one["channel"] for one in theirs if one["channel"] in CHANNELS)
    yield from (f"{channel} has {runs[channel]} messages, not one" for channel in CHANNELS
                if runs[channel] != 1)  # fmt: skip
