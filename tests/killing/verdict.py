"""What was lost, and what came twice: SQL and Slack against what the crowd was told."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.asking import deck
from bot.core.states import PromptState
from bot.db.tables import ActionItem, Answer, Mirror, Person, Prompt
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


def asked(session: Session) -> Mapping[str, str]:
    """Who has a card, by Slack id, and the mark that it must bear.

    Who answered first needs none: theirs had nothing to show when its turn came.
    """
    rows = session.execute(
        select(Person.slack_id, Mirror.uid)
        .join(Mirror, Mirror.target == Person.slack_id)
        .where(Mirror.view == deck.VIEW, Mirror.outcome.is_(None), Mirror.remote_id.is_not(None))
    )
    return dict(rows.all())


def unasked(session: Session, at: datetime) -> int:
    """How many were due and neither asked nor answered."""
    left = Prompt.state.in_([PromptState.WAITING, PromptState.MISSED])
    owing = left & (Prompt.due_at <= at)
    return session.scalar(select(func.count()).select_from(Prompt).where(owing)) or 0


def items(session: Session) -> Mapping[str, str | None]:
    """What SQL says is to be done, and the issue of each."""
    return dict(session.execute(select(ActionItem.what, ActionItem.issue_key)).all())


def lost_tickets(
    crowd: Crowd, kept: Mapping[str, str | None], issues: Sequence[Json]
) -> Iterator[str]:
    """What is wrong between what people noted, SQL and Jira; nothing where all is well."""
    made = Counter(one["summary"] for one in issues)
    keys = {one["key"] for one in issues}
    for person, told in crowd.to_do.items():
        if told.acked < 0:
            yield f"{person} never got their action item in"
        elif told.tried[told.acked] not in kept:
            yield f"lost: {person} was told that {told.tried[told.acked]!r} is noted"
    for what, key in kept.items():
        if made[what] != 1:
            yield f"{what!r} has {made[what]} issues, not one"
        elif key not in keys:
            yield f"{what!r} has the issue {key}, which is not there"


def faults(
    crowd: Crowd, kept: Mapping[str, str], marks: Mapping[str, str], state: Json
) -> Iterator[str]:
    """What is wrong between what people were told, SQL and Slack; nothing where all is well."""
    for person, told in crowd.told.items():
        if told.acked >= 0 and kept.get(person) not in told.may_stand:
            acked = told.tried[told.acked]
            yield f"lost: {person} was told {acked!r}, SQL has {kept.get(person)!r}"
    theirs = [one for one in state["messages"] if one["metadata"] and not one["deleted"]]
    yield from _cards(theirs, marks)
    runs = Counter(one["channel"] for one in theirs if one["channel"] in CHANNELS)
    for channel in CHANNELS:
        if runs[channel] != 1:
            yield f"{channel} has {runs[channel]} messages, not one"


def _cards(theirs: Sequence[Json], marks: Mapping[str, str]) -> Iterator[str]:
    seen = Counter(one["metadata"]["event_payload"]["id"] for one in theirs)
    for uid, times in seen.items():
        if times > 1:
            yield f"twice: the mirror {uid} stands {times} times"
    for person, uid in marks.items():
        if not seen[uid]:
            yield f"lost: the card of {person}"
    in_dms = Counter(one["channel"] for one in theirs if one["channel"].startswith("D"))
    for dm, number in in_dms.items():
        if number > 1:
            yield f"twice: {dm} has {number} cards"
