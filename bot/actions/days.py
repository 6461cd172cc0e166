"""What a person's action items are on one day: what their card says of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import islice

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from bot.actions.left import left_to
from bot.actions.loading import shown
from bot.actions.model import DayShown
from bot.asking import cards
from bot.core.cadence import instant, zone
from bot.core.states import LIVE_ITEMS
from bot.db.tables import ActionItem, Person

Days = Mapping[Person, date]
"""People, each with a local date of theirs."""


# Kept, since to build it takes longer than to run it; every card asks it.
_OWNED = (
    select(ActionItem)
    .where(
        ActionItem.owner_id.in_(bindparam("people", expanding=True)),
        or_(
            ActionItem.state.in_(LIVE_ITEMS),
            ActionItem.closed_at >= bindparam("begin", type_=ActionItem.closed_at.type),
        ),
    )
    .order_by(ActionItem.due, ActionItem.id)
)


@dataclass
class _Day:
    """The rows of one person's day."""

    on: date
    begin: datetime
    today: bool  # it is that day still
    due: list[ActionItem] = field(default_factory=list)
    new: list[ActionItem] = field(default_factory=list)
    closed: list[ActionItem] = field(default_factory=list)
    left: list[ActionItem] = field(default_factory=list)
    open: int = 0

    def take(self, item: ActionItem) -> None:
        """Put an item where it belongs on that day, if anywhere."""
        is_due = item.due is not None and item.due <= self.on
        is_new = is_given(item) and self._is_told(item)
        if item.state in LIVE_ITEMS:
            self.open += 1
            if is_due:
                self.due.append(item)
            elif is_new:
                self.new.append(item)
        elif (is_due or is_new) and item.closed_at is not None and item.closed_at >= self.begin:
            self.closed.append(item)

    def _is_told(self, item: ActionItem) -> bool:
        return item.told_on == self.on or (item.told_on is None and self.today)


def is_given(item: ActionItem) -> bool:
    """Whether somebody else gave it to its owner."""
    return item.owner_id is not None and item.assigned_by != item.owner_id


def days(session: Session, at: datetime, of: Days) -> Mapping[int, DayShown]:
    """What each of these people has on their date, by their id."""
    found = {
        person.id: _Day(
            on,
            instant(on, time.min, zone(person.tz or "UTC")),
            today=on == cards.today(person, at),
        )
        for person, on in of.items()
    }
    for item in _owned(session, found):
        found[item.owner_id or 0].take(item)
    for person, item in left_to(session, [who for who in of if found[who.id].today]):
        found[person.id].left.append(item)
    return {person_id: _shown(session, at, day) for person_id, day in found.items()}


def _owned(session: Session, of: Mapping[int, _Day]) -> Sequence[ActionItem]:
    """All that they have to do, and what they had until that day."""
    begin = min((day.begin for day in of.values()), default=None)
    if begin is None:
        return ()
    return session.scalars(_OWNED, {"people": list(of), "begin": begin}).all()


def _shown(session: Session, at: datetime, day: _Day) -> DayShown:
    rows = (day.due, day.new, day.closed, day.left)
    found = iter(shown(session, at, [item for each in rows for item in each]))
    due, new, closed, left = (tuple(islice(found, len(each))) for each in rows)
    return DayShown(due, new, closed, left, day.open)
