"""The day on which action items are due: their owner is told then, by that day's card.

For each person and each day on which something of theirs is due stands one timer. It finds out for
itself what is due on that day still, so a date or an owner that changes needs no timer moved. On a
day off it waits for the next working one; and where a card was sent for it, it looks on the day
after whether that arrived.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import left, telling
from bot.actions.days import Days, days
from bot.actions.mornings import cadences, morning, next_mornings
from bot.asking import cards, deck
from bot.core.states import LIVE_ITEMS
from bot.db.tables import ActionItem, Person
from bot.engine import timers
from bot.engine.timers import Due, Fired

STEP = "due"
_DAY = timedelta(days=1)
_LOOKED_BACK = 40  # days: who was away for longer has had no card before

Dates = Mapping[Person, Collection[date]]
"""People, each with the dates on which something of theirs was due."""


def plan(session: Session, at: datetime, items: Iterable[ActionItem]) -> None:
    """See to it that each of these is told of on the day that it is due.

    Whose moment of that day is over already learns of it otherwise.
    """
    dated = [one for one in items if one.due is not None and one.state in LIVE_ITEMS]
    if not dated:
        return
    people = telling.askable(session, {one.owner_id for one in dated if one.owner_id is not None})
    asked = cadences(session, people)
    by_id = {person.id: person for person in people}
    found: dict[tuple[int, date], Due] = {}
    for one in dated:
        person = by_id.get(one.owner_id or 0)
        if person is None or one.due is None or one.due < cards.today(person, at):
            continue
        if (when := morning(person, one.due, asked)) > at:
            found[person.id, one.due] = telling.timer(STEP, person, one.due, when)
    timers.reset(session, found.values())


def step(session: Session, at: datetime, fired: Sequence[Fired]) -> None:
    """Step: people have the card of a day by now; what is due on it comes to it."""
    dates = _dates(session, fired)
    when = next_mornings(session, at, dates)
    _look_again(session, {one: dates[one] for one in dates if when[one.id] > at}, when)
    today = {one: cards.today(one, at) for one in dates if when[one.id] <= at}
    unread = _unread(session, today, dates)
    found = days(session, at, today)
    telling_of = [
        one for one in today if any(item.due in unread[one] for item in found[one.id].due)
    ]
    sent = telling.bring(session, at, telling_of)
    on_the_day_after = {one.id: telling.tomorrow(one, at) for one in sent}
    _look_again(session, {one: unread[one] for one in sent}, on_the_day_after)


def _dates(session: Session, fired: Sequence[Fired]) -> dict[Person, set[date]]:
    ids = {one.person_id for one in fired if one.person_id is not None}
    people = {person.id: person for person in telling.askable(session, ids)}
    found: dict[Person, set[date]] = {}
    for timer in fired:
        person = people.get(timer.person_id or 0)
        if person is not None and timer.local_date is not None:
            found.setdefault(person, set()).add(timer.local_date)
    return found


def _look_again(session: Session, dates: Dates, when: Mapping[int, datetime]) -> None:
    """See once more, at these moments by person, to what was due on these dates."""
    again = (
        telling.timer(STEP, person, on, when[person.id])
        for person, theirs in dates.items()
        for on in theirs
    )
    timers.reset(session, again)


def _unread(session: Session, today: Days, dates: Dates) -> Dates:
    """Of these dates, those that no card of an earlier day has told of; today's doesn't count."""
    before = {person: list(_between(min(dates[person]), on)) for person, on in today.items()}
    looked_at = {(person.id, day) for person, theirs in before.items() for day in theirs}
    decks = deck.decks(session, looked_at) if looked_at else {}
    arrived = {day for day, sent in decks.items() if any(card.place for card in sent)}

    def is_told(person: Person, on: date) -> bool:
        return any((person.id, day) in arrived for day in before[person] if day >= on)

    return {one: {on for on in dates[one] if not is_told(one, on)} for one in today}


def _between(first: date, last: date) -> Iterator[date]:
    """The dates from the first until before the last."""
    for ago in range(min((last - first).days, _LOOKED_BACK), 0, -1):
        yield last - ago * _DAY


def changed(session: Session, at: datetime, person_ids: Collection[int]) -> None:
    """These people have another zone, have left, or are back."""
    owned = ActionItem.owner_id.in_(person_ids) & ActionItem.state.in_(LIVE_ITEMS)
    plan(session, at, session.scalars(select(ActionItem).where(owned)).all())
    heirs = left.heirs(session, person_ids)
    telling.tell(session, at, heirs)
    # A card of today that is there says so at once, be it so late that they are told tomorrow.
    today = [(one.id, cards.today(one, at)) for one in telling.askable(session, heirs)]
    cards.refresh(session, at, today)
