"""A deck: the cards that a person was given on one local date, in the order they came in.

A card's subject is `person/date/number`, so the mirror's unique key is the limit of two notifying
messages a day: `…/1` and `…/2`. From `…/3` on they are returns of what the person put off, replies
to their own action, which are exempt. Of one day's cards the last that stands holds everything; the
others are a line. They stand in the order they were sent in: a return may come before `…/2`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.orm import Session

from bot.core.states import MirrorKind, Outcome
from bot.db.tables import Mirror

VIEW = "card"
PER_DAY = 2
# With its kind too, though the view would do: the unique index begins with it.
CARDS = (Mirror.kind == MirrorKind.MESSAGE) & (Mirror.view == VIEW)
# And without it, where they are found by whose they are.
_THEIRS = Mirror.view == VIEW

Day = tuple[int, date]
"""A person's id and a local date of theirs."""


def subject(person_id: int, on: date, number: int) -> str:
    """The card's subject; see the module's docstring."""
    return f"{person_id}/{on.isoformat()}/{number}"


def parse(card: str) -> tuple[int, date, int]:
    """Person, local date and number of a card's subject."""
    person_id, on, number = card.split("/")
    return int(person_id), date.fromisoformat(on), int(number)


@dataclass(frozen=True)
class Card:
    """One card of a day."""

    mirror_id: int
    number: int
    place: tuple[int, ...]  # its timestamp, in whole numbers; none while it has not been sent
    sent: bool  # it is a message, or one is on its way
    stands: bool  # it is a message, and can be edited
    stopped: bool  # it will not be sent (any more); one that came too late may be, with news
    stale: bool  # what it shows has changed

    @property
    def order(self) -> tuple[bool, tuple[int, ...], int]:
        """As they stand in the conversation, those to come last."""
        return not self.place, self.place, self.mirror_id

    @property
    def used(self) -> bool:
        """Whether its number is spent: a card that had nothing to show may still come."""
        return self.sent or self.stopped


Deck = Sequence[Card]


def decks(session: Session, days: Collection[Day]) -> Mapping[Day, Deck]:
    """The cards there are of each of these days."""
    found: dict[Day, list[Card]] = defaultdict(list)
    looked, numbers = set(days), range(1, PER_DAY + 2)
    while looked:  # a second time only for those who put off a lot
        subjects = [subject(*day, number) for day in looked for number in numbers]
        looked = set()
        for mirror_id, card, remote_id, sent_at, outcome, stale in _cards(session, subjects):
            person_id, on, number = parse(card)
            one = Card(
                mirror_id=mirror_id,
                number=number,
                place=_place(remote_id),
                sent=remote_id is not None or sent_at is not None,
                stands=remote_id is not None and outcome is None,
                stopped=outcome not in (None, Outcome.MISSED),
                stale=stale,
            )
            found[person_id, on].append(one)
            if number == numbers[-1]:
                looked.add((person_id, on))
        numbers = range(numbers[-1] + 1, 3 * numbers[-1])
    return {day: sorted(cards, key=lambda one: one.order) for day, cards in found.items()}


def first_days(session: Session, slack_id: str) -> set[Day]:
    """The day on which somebody was given their first cards; none while there are none."""
    first = session.scalar(_FIRST, {"target": slack_id})
    return set() if first is None else {parse(first)[:2]}


def last_days(session: Session, slack_ids: Collection[str]) -> set[Day]:
    """The days on which these people were given their last cards, so far."""
    last = (
        select(func.max(Mirror.id))
        .where(_THEIRS, Mirror.target.in_(slack_ids))
        .group_by(Mirror.target)
    )
    found = session.scalars(select(Mirror.subject).where(Mirror.id.in_(last)))
    return {parse(one)[:2] for one in found}


_FIRST = (
    select(Mirror.subject)
    .where(_THEIRS, Mirror.target == bindparam("target"))
    .order_by(Mirror.id)
    .limit(1)
)


def _place(ts: str | None) -> tuple[int, ...]:
    return tuple(map(int, ts.split("."))) if ts else ()


# Kept, since to build it takes longer than to run it.
_OF = select(
    Mirror.id,
    Mirror.subject,
    Mirror.remote_id,
    Mirror.sent_at,
    Mirror.outcome,
    Mirror.shown < Mirror.wanted,
).where(CARDS, Mirror.subject.in_(bindparam("subjects", expanding=True)))


def _cards(
    session: Session, subjects: Sequence[str]
) -> Iterable[Row[int, str, str | None, datetime | None, Outcome | None, bool]]:
    return session.execute(_OF, {"subjects": subjects})


def next_number(deck: Deck, *, counted: bool) -> int:
    """The card that brings something to notice: one that waits to be sent, or the next.

    Where none of the counted ones is left it is the last that stands, which changes silently.
    """
    used = {card.number for card in deck if card.used}
    if not counted:
        waiting = [card.number for card in deck if card.stale and not card.used]
        return waiting[-1] if waiting else max([PER_DAY, *(card.number for card in deck)]) + 1
    left = [number for number in range(1, PER_DAY + 1) if number not in used]
    if left:
        return left[0]
    standing = [card.number for card in deck if card.stands]
    return standing[-1] if standing else PER_DAY


def showing(deck: Deck) -> Deck:
    """The last card that stands, and what is still to come after it: all that isn't a line."""
    last = max((place for place, card in enumerate(deck) if card.stands), default=0)
    return deck[last:]
