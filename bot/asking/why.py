"""Why somebody was asked today or wasn't, and when they are asked next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking.items import on_clock
from bot.asking.outlook import Prospect, prospects
from bot.asking.owners import may_change
from bot.asking.terms import Terms
from bot.core.cadence import local, zone
from bot.core.states import PromptState, RunState
from bot.core.text import escape, spoken_date
from bot.db.tables import Participant, Person, Prompt, Ritual, Run


@dataclass(frozen=True)
class Today:
    """One ritual on a person's today; instants are on the person's own clock."""

    title: str
    channel: str
    state: PromptState | None  # None: nothing is planned for them
    due: datetime | None  # None: not asked
    closes: datetime | None
    reason: str
    next: datetime | None  # later than now
    day: date | None = None  # today, as the person's clock has it


@dataclass(frozen=True)
class Why:
    """What there is to say of a person; `name` is None for whoever asks."""

    name: str | None
    rituals: tuple[Today, ...]


def why(
    session: Session,
    at: datetime,
    workspace_id: int,
    asker: str,
    whom: str | None,
    here: str | None = None,
) -> Why | None:
    """The answer to `why`; `whom` is a Slack id or a name, None oneself. None: nobody we know.

    Of somebody else it tells what the asker is on too, or looks after, and what belongs to the
    channel that they stand in, `here`: other channels may be private.
    """
    person = _find(session, workspace_id, whom or asker)
    if person is None:
        return None if whom else Why(None, ())
    ahead, still = prospects(session, at, person.id), _still_open(session, at, person.id)
    if person.slack_id == asker:
        return Why(None, tuple(_today(one, at, still.get(one.today.ritual_id)) for one in ahead))
    shared = _shared(session, workspace_id, asker, here, [one.today.ritual_id for one in ahead])
    rituals = tuple(
        _veiled(session, one, at)
        if _anonymous(session, one)
        else _today(one, at, still.get(one.today.ritual_id))
        for one in ahead
        if one.today.ritual_id in shared
    )
    return Why(person.name, rituals)


def _shared(
    session: Session, workspace_id: int, asker: str, here: str | None, ritual_ids: Sequence[int]
) -> set[int]:
    """Those of these rituals that the asker may be told of."""
    by_id = (Person.workspace_id == workspace_id, Person.slack_id == asker)
    person = session.scalars(select(Person).where(*by_id)).first()
    mine = select(Participant.ritual_id).where(Participant.person_id == (person and person.id))
    on = set(session.scalars(mine.where(Participant.ritual_id.in_(ritual_ids))))
    rituals = session.scalars(select(Ritual).where(Ritual.id.in_(ritual_ids)))
    return {
        one.id for one in rituals if one.id in on or one.channel == here or may_change(one, person)
    }


def _find(session: Session, workspace_id: int, whom: str) -> Person | None:
    """By Slack id, else by the name as it stands in Slack, in capitals or not."""
    ours = Person.workspace_id == workspace_id
    by_id = session.scalar(select(Person).where(ours, Person.slack_id == whom))
    if by_id is not None:
        return by_id
    # Compared here, since SQLite knows the small letters of ASCII alone.
    names = select(Person.id, Person.name).where(ours).order_by(Person.deleted, Person.id)
    folded = whom.casefold()
    same = (one for one, name in session.execute(names) if name.casefold() == folded)
    found = next(same, None)
    return None if found is None else session.get_one(Person, found)


def _still_open(session: Session, at: datetime, person_id: int) -> dict[int, Prompt]:
    """What somebody was asked and may still answer, by ritual: of an earlier date, or by hand."""
    rows = session.execute(
        select(Run.ritual_id, Prompt)
        .join(Prompt, Prompt.run_id == Run.id)
        .where(Prompt.person_id == person_id, Prompt.state == PromptState.ASKED)
        .where(Prompt.asked_on.is_not(None), Prompt.closes_at > at, Run.state == RunState.OPEN)
        .order_by(Prompt.due_at)
    )
    return {one.ritual_id: one.Prompt for one in rows}


def _today(ahead: Prospect, at: datetime, still: Prompt | None = None) -> Today:
    """Where none of today's is planned, what is `still` open is told of."""
    mine, prompt = ahead.today, ahead.prompt or still
    there = zone(mine.zone) if mine.zone != "?" else None
    asked = prompt is not None and prompt.asked_on is not None and there is not None
    return Today(
        title=mine.title,
        channel=mine.channel,
        state=None if prompt is None else prompt.state,
        due=local(prompt.due_at, there) if prompt and there and asked else mine.due,
        closes=local(prompt.closes_at, there) if prompt and there else None,
        reason=mine.remark,
        next=None if ahead.next is None else ahead.next.due,
        day=None if there is None else local(at, there).date(),
    )


def _anonymous(session: Session, ahead: Prospect) -> bool:
    """By what it is set to, or was when it began."""
    configs = [session.get_one(Ritual, ahead.today.ritual_id).config]
    if ahead.prompt is not None:
        configs.append(session.get_one(Run, ahead.prompt.run_id).config)
    return any(Terms.model_validate(one).anonymous for one in configs)


def _veiled(session: Session, ahead: Prospect, at: datetime) -> Today:
    """The same of somebody else, of whom it says when they are asked, and never what came of it.

    Who was done before being asked is told of like whoever still waits for that.
    """
    found, prompt = replace(_today(ahead, at), state=None), ahead.prompt
    early = (Prompt.state == PromptState.ANSWERED) & Prompt.asked_on.is_(None)
    if prompt is not None and prompt.state is PromptState.ANSWERED and prompt.asked_on is None:
        found = replace(found, due=local(prompt.due_at, zone(prompt.zone)))
    coming = session.scalars(
        select(Prompt)
        .join(Run, Prompt.run_id == Run.id)
        .where(Run.ritual_id == ahead.today.ritual_id, Run.ordinal == 0, early)
        .where(Prompt.person_id == ahead.today.person_id, Prompt.due_at > at)
        .order_by(Prompt.due_at)
    ).first()
    if coming is None:
        return found
    return replace(found, next=local(coming.due_at, zone(coming.zone)))


def answer(found: Why | None, command: str) -> str:
    """What whoever asked reads, in mrkdwn."""
    if found is None:
        return f"Meridian knows nobody by that name. Type `{command} why @` and choose a person."
    who = escape(found.name or "")
    if not found.rituals and who:
        return (
            f"{who} is on nothing that you are on or look after. What belongs to another channel "
            "is told there."
        )
    if not found.rituals:
        return "You are on no stand-up or retro, so there is nothing to ask."
    head = f"{who or 'You'}, on {'their' if who else 'your'} own clock:"
    return "\n".join([head, *(f"• {line}" for line in _lines(found))])


def _lines(found: Why) -> Iterator[str]:
    for one in found.rituals:
        nothing = "nothing is planned in the next weeks"
        coming = f"next on *{spoken_date(one.next)}, {one.next:%H:%M}*" if one.next else nothing
        yield f"*{escape(one.title)}* in <#{one.channel}>: {escape(_standing(one))}; {coming}."


def _standing(one: Today) -> str:
    match one.state:
        case PromptState.ANSWERED:
            return "answered today ✓"
        case PromptState.ASKED if one.due and one.closes:
            on, until = one.due.date(), on_clock(one.closes, one.due.date())
            day = "today" if on == (one.day or on) else f"on {spoken_date(on)}"
            return f"asked {day} at {one.due:%H:%M}, open until {until}"
        case PromptState.MISSED if one.due:
            return f"asked today at {one.due:%H:%M}, closed without an answer"
        case PromptState.SKIPPED if one.due:
            return f"asked today at {one.due:%H:%M}; {one.reason}"
        case _ if one.due and one.due == one.next:
            return "not asked yet today"
        case _ if one.due:
            return f"asked today at {one.due:%H:%M}"
        case _:
            return f"not asked today: {one.reason}"
