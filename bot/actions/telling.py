"""Telling people of their action items, by their day's card.

A timer stands at the moment on which somebody is told of a date: one for all that is due on it. It
finds out for itself what there is to tell, so a date or an owner that changes needs no timer moved.
Where the day's card stands already the lines come to it silently.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.actions import left
from bot.actions.days import Days, days, is_given
from bot.actions.model import DayShown
from bot.actions.mornings import cadences, morning, next_mornings
from bot.asking import cards, deck
from bot.asking.askable import ASKABLE
from bot.asking.cards import Notice
from bot.asking.quiet import quiet_begins
from bot.core.cadence import instant, local_date, zone
from bot.core.states import LIVE_ITEMS
from bot.db.tables import ActionItem, Person, Timer
from bot.engine import timers
from bot.engine.timers import Due

KIND = "actions"
STEP = "tell"
_DAY = timedelta(days=1)


def plan(session: Session, at: datetime, items: Iterable[ActionItem]) -> None:
    """See to it that each of these is told of on the day that it is due.

    Whose moment of that day is over already, or who learned of it otherwise, is not told by this.
    """
    dated = [one for one in items if one.due is not None and one.state in LIVE_ITEMS]
    people = _people(session, {one.owner_id for one in dated if one.owner_id is not None})
    asked = cadences(session, people)
    by_id = {person.id: person for person in people}
    due: dict[str, Due] = {}
    for one in dated:
        person = by_id.get(one.owner_id or 0)
        if person is None or one.due is None or one.due < cards.today(person, at):
            continue
        if (when := morning(person, one.due, asked)) > at:
            timer = _timer(person, when)
            due[timers.key(timer)] = timer
    timers.reset(session, due.values())


def _timer(person: Person, when: datetime) -> Due:
    on = local_date(when, zone(person.tz or "UTC"))
    return Due(KIND, STEP, when, person_id=person.id, local_date=on)


def step(session: Session, at: datetime, due: Sequence[Timer]) -> None:
    """Step: people have a day's card by now; what is due or new to them comes to it."""
    tell(session, at, {timer.person_id for timer in due if timer.person_id is not None})


def tell(session: Session, at: datetime, person_ids: Collection[int]) -> None:
    """Bring to these people's notice what is due or new to them: now, or when they next work."""
    session.flush()
    people = _people(session, person_ids)
    when = next_mornings(session, at, people)
    timers.reset(session, [_timer(one, when[one.id]) for one in people if when[one.id] > at])
    today = {one: cards.today(one, at) for one in people if when[one.id] <= at}
    _note_told(session, today)
    found = days(session, at, today)
    told = {one: on for one, on in today.items() if _is_worth_telling(found[one.id])}
    there = deck.decks(session, {(one.id, on) for one, on in told.items()})
    cards.refresh(session, at, there)
    missing = {one: on for one, on in told.items() if (one.id, on) not in there}
    cards.notify(session, at, [_notice(one, at) for one in missing])


def _is_worth_telling(day: DayShown) -> bool:
    return bool(day.due or day.new or day.left)


def _notice(person: Person, at: datetime) -> Notice:
    """It makes sense until their day ends, or their quiet hours begin."""
    on = cards.today(person, at)
    midnight = instant(on + _DAY, time.min, zone(person.tz or "UTC"))
    return Notice(person.id, on, min(midnight, quiet_begins(person, at) or midnight))


def _note_told(session: Session, today: Days) -> None:
    """What was given to these people is new on this day's card, and on no later one."""
    for on in set(today.values()):
        ids = [person.id for person, day in today.items() if day == on]
        session.execute(
            update(ActionItem)
            .where(
                ActionItem.owner_id.in_(ids),
                ActionItem.state.in_(LIVE_ITEMS),
                ActionItem.told_on.is_(None),
            )
            .values(told_on=on)
        )


def given(session: Session, at: datetime, items: Iterable[ActionItem]) -> None:
    """These have a new owner: whoever was given one by somebody else is told."""
    owners = {one.owner_id for one in items if is_given(one) and one.told_on is None}
    tell(session, at, {owner for owner in owners if owner is not None})


def changed(session: Session, at: datetime, person_ids: Collection[int]) -> None:
    """These people have another zone, have left, or are back."""
    owned = ActionItem.owner_id.in_(person_ids) & ActionItem.state.in_(LIVE_ITEMS)
    items = session.scalars(select(ActionItem).where(owned)).all()
    plan(session, at, items)
    tell(session, at, left.heirs(session, person_ids))


def _people(session: Session, ids: Collection[int]) -> Sequence[Person]:
    return session.scalars(
        select(Person).where(Person.id.in_(ids), ASKABLE).order_by(Person.id)
    ).all()
