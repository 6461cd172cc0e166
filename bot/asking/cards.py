"""The card: a person's one DM of the day, with all that waits for them.

A later prompt or a reminder takes the day's second message while the first shrinks to a line; with
none left, the card changes silently. `deck` says how a day's cards are counted and ordered.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.asking import deck, home
from bot.asking.deck import VIEW, Day
from bot.asking.quiet import quiet_ends
from bot.core.cadence import local_date, zone
from bot.core.states import MirrorKind, PromptState, RitualState, RunState
from bot.db.tables import Mirror, Person, Prompt, Ritual, Run
from bot.engine import mirrors, timers
from bot.engine.mirrors import Mark, Urgency
from bot.engine.timers import Due, Fired

KIND = "asking"


@dataclass(frozen=True)
class Notice:
    """Somebody whose card must come to their notice, on their local date."""

    person_id: int
    on: date
    until: datetime | None = None  # calendar time; later than that it is not sent any more
    counted: bool = True  # among the day's two; a reply to their own action is not


def notify(session: Session, at: datetime, notices: Collection[Notice]) -> None:
    """Bring cards to their people's notice, within what a day allows.

    What they still owe on an earlier date's card comes along.
    """
    if not notices:
        return
    _bring_along(session, at, {notice.person_id: notice.on for notice in notices})
    addresses = _addresses(session, {notice.person_id for notice in notices})
    standing = deck.decks(session, {(notice.person_id, notice.on) for notice in notices})
    marks: list[Mark] = []
    for notice in _one_each(notices):
        cards = standing.get((notice.person_id, notice.on), ())
        number = deck.next_number(cards, counted=notice.counted)
        marks.append(_mark(addresses[notice.person_id], notice, number))
    mirrors.mark(session, at, marks)
    home.refresh(session, at, [notice.person_id for notice in notices])


def _one_each(notices: Collection[Notice]) -> Iterable[Notice]:
    """One notice a card, which makes sense as long as any of its notices does."""
    found: dict[Day, Notice] = {}
    for one in notices:
        other = found.get((one.person_id, one.on))
        found[one.person_id, one.on] = one if other is None else _joined(one, other)
    return found.values()


def _joined(one: Notice, other: Notice) -> Notice:
    limits = [limit for limit in (one.until, other.until) if limit is not None]
    until = max(limits) if len(limits) == 2 else None
    return replace(one, until=until, counted=one.counted and other.counted)


def _bring_along(session: Session, at: datetime, on: Mapping[int, date]) -> None:
    """Move what these people owe to the date, by person id, whose card comes to their notice."""
    session.flush()
    rows = session.execute(
        select(Prompt.id, Prompt.person_id, Prompt.asked_on)
        .join(Run, Prompt.run_id == Run.id)
        .join(Ritual, Run.ritual_id == Ritual.id)
        .where(
            Prompt.person_id.in_(on),
            Prompt.state == PromptState.ASKED,
            Run.state != RunState.CLOSED,
            Ritual.state != RitualState.DELETED,
        )
    )
    moved = [row for row in rows if row.asked_on != on[row.person_id]]
    if not moved:
        return
    session.execute(
        update(Prompt), [{"id": row.id, "asked_on": on[row.person_id]} for row in moved]
    )
    refresh(session, at, {(row.person_id, row.asked_on) for row in moved if row.asked_on})


def refresh(
    session: Session,
    at: datetime,
    days: Collection[Day],
    urgency: Urgency = Urgency.PROGRESS,
) -> None:
    """Show what is true now on the cards of (person, date) that there are, silently."""
    shown = [
        card.mirror_id
        for cards in deck.decks(session, days).values()
        for card in deck.showing(cards)
    ]
    mirrors.touch_these(session, shown, urgency)
    home.refresh(session, at, [person_id for person_id, _on in days], urgency)


def tell(session: Session, at: datetime, person_ids: Collection[int]) -> None:
    """Let people see a trouble as a line on their card; after their quiet hours in any case.

    A card of today that stands already says it silently until then.
    """
    now: list[Day] = []
    silently: list[Day] = []
    for person in _people(session, person_ids).values():
        if person.deleted:
            continue
        if (when := quiet_ends(person, at)) > at:
            day = today(person, when)
            due = Due(KIND, "tell", when, person_id=person.id, local_date=day)
            timers.reset(session, [due])
            silently.append((person.id, today(person, at)))
        else:
            now.append((person.id, today(person, at)))
    decks = deck.decks(session, now)
    there = {day for day, cards in decks.items() if any(card.stands for card in cards)}
    refresh(session, at, [*there, *silently])
    notify(session, at, [Notice(*day) for day in now if day not in there])


def follow_trouble(session: Session, at: datetime, owner_ids: Collection[int]) -> None:
    """A trouble has changed, or is over: whoever was told of it reads so, silently.

    On today's card, and on the last one: it may be an earlier day's that told them of it.
    """
    people = _people(session, owner_ids).values()
    days = {(person.id, today(person, at)) for person in people}
    refresh(session, at, days | deck.last_days(session, [person.slack_id for person in people]))


def tell_step(session: Session, at: datetime, due: Sequence[Fired]) -> None:
    """Quiet hours are over: tell what could wait."""
    tell(session, at, [timer.person_id for timer in due if timer.person_id is not None])


def stands(session: Session, at: datetime, mirror: Mirror) -> None:
    """A message has come to stand: where it is a card, those before it shrink."""
    if mirror.kind is MirrorKind.MESSAGE and mirror.view == VIEW:
        show_others(session, mirror)


def show_others(session: Session, mirror: Mirror) -> None:
    """A day's earlier cards point to a later one, but only while that one stands."""
    others = [
        card.mirror_id
        for card in deck_of(session, mirror)
        if card.mirror_id != mirror.id and card.stands
    ]
    mirrors.touch_these(session, others, Urgency.PROGRESS)


def deck_of(session: Session, mirror: Mirror) -> deck.Deck:
    """The cards of the day that a card is of."""
    person_id, on, _number = deck.parse(mirror.subject)
    return deck.decks(session, [(person_id, on)]).get((person_id, on), ())


def _mark(address: tuple[int, str], notice: Notice, number: int) -> Mark:
    workspace_id, slack_id = address
    return Mark(
        workspace_id=workspace_id,
        kind=MirrorKind.MESSAGE,
        view=VIEW,
        subject=deck.subject(notice.person_id, notice.on, number),
        target=slack_id,
        not_after=notice.until,
        gathers=True,  # two rituals of one minute are one message, though the crowd asked be large
    )


def _addresses(session: Session, ids: Collection[int]) -> Mapping[int, tuple[int, str]]:
    """Of each person the workspace and the Slack id."""
    rows = session.execute(
        select(Person.id, Person.workspace_id, Person.slack_id).where(Person.id.in_(ids))
    )
    return {person_id: (workspace_id, slack_id) for person_id, workspace_id, slack_id in rows}


def _people(session: Session, ids: Collection[int]) -> Mapping[int, Person]:
    rows = session.scalars(select(Person).where(Person.id.in_(ids)))
    return {person.id: person for person in rows}


def today(person: Person, at: datetime) -> date:
    """The date on a person's clock."""
    return local_date(at, zone(person.tz or "UTC"))
