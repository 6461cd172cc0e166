"""What waits for a person, and what comes next: frozen values that the card and Home draw."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import assert_never

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, defer

from bot.asking import planning
from bot.asking.items import Item, Window
from bot.asking.owners import taken_over
from bot.asking.stopping import DELETED
from bot.asking.views import NOT_DELIVERED, TakenOver, Trouble
from bot.core.cadence import local, zone
from bot.core.states import Excuse, Outcome, PromptState, RitualState, RunState
from bot.db.tables import Mirror, Person, Prompt, Ritual, Run

_TROUBLE_DAYS = 7
# Whoever is on fifty of them would wait for a hundred and fifty to be parsed.
_NOT_SHOWN = (defer(Run.config), defer(Ritual.config), defer(Ritual.cadence))


def items(
    session: Session, person: Person, at: datetime, asked_on: date | None = None
) -> list[Item]:
    """The prompts of a card's date, or without one all that have not closed.

    What closes first comes first.
    """
    query = (
        select(Prompt, Run, Ritual)
        .join(Run, Prompt.run_id == Run.id)
        .join(Ritual, Run.ritual_id == Ritual.id)
        .where(Prompt.person_id == person.id)
        .order_by(Prompt.closes_at, Prompt.due_at, Prompt.id)
        .options(*_NOT_SHOWN)
    )
    if asked_on is not None:
        spared = Prompt.excuse.is_not(None) | (Prompt.reason == DELETED)
        shown = (Prompt.state != PromptState.SKIPPED) | spared
        query = query.where(Prompt.asked_on == asked_on, shown)
    else:
        # What they skip themselves they may take up again.
        shown = (Prompt.state != PromptState.SKIPPED) | (Prompt.excuse == Excuse.OWN_WISH)
        query = query.where(shown)
        query = query.where(Run.state != RunState.CLOSED, Ritual.state != RitualState.DELETED)
    return [_item(person, at, *row) for row in session.execute(query)]


def _item(person: Person, at: datetime, prompt: Prompt, run: Run, ritual: Ritual) -> Item:
    there = zone(person.tz or "UTC")
    back = prompt.snoozed_until
    return Item(
        prompt_id=prompt.id,
        kind=ritual.kind,
        title=ritual.title,
        channel=run.channel,
        state=prompt.state,
        open=run.state is not RunState.CLOSED and ritual.state is not RitualState.DELETED,
        date=run.local_date,
        due=local(prompt.due_at, there),
        closes=local(prompt.closes_at, there),
        late=at >= prompt.closes_at,
        late_until=local(run.closes_at, there),
        excuse=_excuse(prompt),
        back=local(back, there) if back is not None and back > at else None,
    )


def window(session: Session, at: datetime, run: Run, person: Person) -> Window:
    """How long somebody may answer in a run, as their card says it."""
    there = zone(person.tz or "UTC")
    own = select(Prompt.closes_at).where(Prompt.run_id == run.id, Prompt.person_id == person.id)
    closes = session.scalar(own) or run.closes_at
    return Window(
        date=run.local_date,
        closes=local(closes, there),
        late_until=local(run.closes_at, there),
        late=at >= closes,
    )


def _excuse(prompt: Prompt) -> str:
    match prompt.excuse:
        case None:
            return "This was deleted" if prompt.reason == DELETED else ""
        case Excuse.ABSENCE:
            return "Away today"
        case Excuse.HOLIDAY | Excuse.STATUS:
            return prompt.reason or ""
        case Excuse.OWN_WISH:
            return "Skipped"
        case _:
            assert_never(prompt.excuse)


def concerns(session: Session, owner: Person, at: datetime) -> tuple[Trouble | TakenOver, ...]:
    """What an owner should know: what they look after since lately, and what went wrong there."""
    return (*taken_over(session, owner, at), *troubles(session, owner, at))


def troubles(session: Session, owner: Person, at: datetime) -> list[Trouble]:
    """What went wrong lately in the rituals of an owner, newest first."""
    # Their runs alone first: in one query SQLite walks through every mirror and prompt there is.
    theirs = select(Ritual.id).where(
        Ritual.owner_id == owner.id, Ritual.state != RitualState.DELETED
    )
    since = at - timedelta(days=_TROUBLE_DAYS)
    lately = select(Run.id).where(Run.ritual_id.in_(theirs), Run.closes_at >= since)
    runs = session.scalars(lately).all()
    return _stopped(session, runs) + _missed(session, runs) if runs else []


def _stopped(session: Session, runs: Sequence[int]) -> list[Trouble]:
    rows = session.execute(
        select(Mirror, Run, Ritual)
        .join(Run, Mirror.run_id == Run.id)
        .join(Ritual, Run.ritual_id == Ritual.id)
        .where(
            Mirror.run_id.in_(runs),
            Mirror.outcome.is_not(None),
            Mirror.outcome != Outcome.MISSED,
        )
        .order_by(Run.local_date.desc(), Mirror.id.desc())
    )
    return [
        Trouble(
            mirror.id,
            ritual.title,
            run.channel,
            run.local_date,
            mirror.outcome,
            mirror.detail or "",
        )
        for mirror, run, ritual in rows
    ]


def _missed(session: Session, runs: Sequence[int]) -> list[Trouble]:
    rows = session.execute(
        select(Run, Ritual, Person.name, Prompt.reason)
        .join(Prompt, Prompt.run_id == Run.id)
        .join(Ritual, Run.ritual_id == Ritual.id)
        .join(Person, Prompt.person_id == Person.id)
        .where(
            Prompt.run_id.in_(runs),
            or_(
                and_(
                    Prompt.state == PromptState.MISSED,
                    Prompt.asked_on.is_(None),
                    Prompt.reason.is_distinct_from(planning.ENDED),
                ),
                and_(Prompt.state != PromptState.ANSWERED, Prompt.reason == NOT_DELIVERED),
            ),
        )
        .order_by(Run.local_date.desc(), Person.name)
    )
    found: dict[tuple[int, str], tuple[Run, Ritual, list[str]]] = {}
    for run, ritual, name, reason in rows:
        found.setdefault((run.id, reason or ""), (run, ritual, []))[2].append(name)
    return [
        Trouble(None, ritual.title, run.channel, run.local_date, None, reason, _sorted(names))
        for (_run, reason), (run, ritual, names) in found.items()
    ]


def _sorted(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(names))
