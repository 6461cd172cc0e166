"""Telling people of action items by their day's card: what others gave them, or left behind.

Where the day's card stands already, the lines come to it silently.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions.days import Days, is_given
from bot.actions.left import heirs_of, left_to
from bot.actions.mornings import next_mornings
from bot.asking import cards, deck
from bot.asking.askable import ASKABLE
from bot.asking.cards import Notice
from bot.asking.quiet import quiet_begins
from bot.core.cadence import instant, local_date, zone
from bot.core.states import LIVE_ITEMS
from bot.db.tables import ActionItem, Person
from bot.engine import timers
from bot.engine.timers import Due, Fired

KIND = "actions"
GIVEN = "given"
_DAY = timedelta(days=1)


def tell_owners(session: Session, at: datetime, items: Sequence[ActionItem]) -> None:
    """Tell those to whom somebody else gave one of these, and who don't know it yet.

    Of what has no owner any more, those who are to give it to somebody.
    """
    owners = {one.owner_id for one in items if one.owner_id is not None and is_untold(one)}
    nobodys = [one for one in items if _is_nobodys(one)]
    tell(session, at, owners | heirs_of(session, nobodys))


def _is_nobodys(item: ActionItem) -> bool:
    """Whether it has no owner any more, and nobody knows it yet."""
    return item.owner_id is None and item.told_on is None and item.state in LIVE_ITEMS


def is_untold(item: ActionItem) -> bool:
    """Whether its owner doesn't know yet that somebody else gave it to them."""
    return is_given(item) and item.told_on is None


def tell(session: Session, at: datetime, person_ids: Collection[int]) -> None:
    """Tell these people what others gave them, or left behind: now, or when they next work."""
    if not person_ids:
        return
    session.flush()
    people = askable(session, person_ids)
    when = next_mornings(session, at, people)
    waiting = [timer(GIVEN, one, _date(one, when[one.id]), when[one.id]) for one in people]
    timers.reset(session, [one for one in waiting if one.due_at > at])
    today = {one: cards.today(one, at) for one in people if when[one.id] <= at}
    new = _note_told(session, today)
    behind = _note_behind(session, today)
    bring(session, at, [one for one in today if one.id in new | behind])


def given(session: Session, at: datetime, fired: Sequence[Fired]) -> None:
    """Step: people work again; what others gave them meanwhile comes to their card."""
    tell(session, at, {one.person_id for one in fired if one.person_id is not None})


def _note_told(session: Session, today: Days) -> set[int]:
    """What others gave these people is new on this day's card, and on no later one.

    Answers, by their ids, to whom something is.
    """
    untold = (
        ActionItem.owner_id.in_([person.id for person in today])
        & ActionItem.state.in_(LIVE_ITEMS)
        & ActionItem.told_on.is_(None)
        & ActionItem.assigned_by.is_distinct_from(ActionItem.owner_id)
    )
    on = {person.id: day for person, day in today.items()}
    items = session.scalars(select(ActionItem).where(untold)).all()
    for item in items:
        item.told_on = on[item.owner_id or 0]
    session.flush()
    return {item.owner_id for item in items if item.owner_id is not None}


def _note_behind(session: Session, today: Days) -> set[int]:
    """What these people are to give to somebody is told to them on this day's card.

    Answers, by their ids, to whom something is.
    """
    behind = set()
    for person, item in left_to(session, list(today)):
        behind.add(person.id)
        if item.owner_id is None:  # otherwise it is what its owner was told
            item.told_on = item.told_on or today[person]
    session.flush()
    return behind


def bring(session: Session, at: datetime, people: Collection[Person]) -> Sequence[Person]:
    """Let these people's cards of today say what there is; answers those who need a new one."""
    today = {(person.id, cards.today(person, at)) for person in people}
    there = deck.decks(session, today)
    cards.refresh(session, at, there)
    without = [one for one in people if (one.id, cards.today(one, at)) not in there]
    cards.notify(session, at, [_notice(one, at) for one in without])
    return without


def _notice(person: Person, at: datetime) -> Notice:
    """It makes sense until their day ends, or their quiet hours begin."""
    midnight = tomorrow(person, at)
    return Notice(
        person.id, cards.today(person, at), min(midnight, quiet_begins(person, at) or midnight)
    )


def tomorrow(person: Person, at: datetime) -> datetime:
    """When a person's day ends."""
    return instant(cards.today(person, at) + _DAY, time.min, zone(person.tz or "UTC"))


def timer(step: str, person: Person, on: date, when: datetime) -> Due:
    """The one timer of a step for a person and a date."""
    return Due(KIND, step, when, person_id=person.id, local_date=on)


def _date(person: Person, at: datetime) -> date:
    return local_date(at, zone(person.tz or "UTC"))


def askable(session: Session, ids: Collection[int]) -> Sequence[Person]:
    """Those of these people who may be told anything."""
    query = select(Person).where(Person.id.in_(ids), ASKABLE)
    return session.scalars(query.order_by(Person.id)).all()
