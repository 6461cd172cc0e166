"""A deck: the cards that a person was given on one local date, in the order they came in.

A card's subject is `person/date/number`, so the mirror's unique key is the limit of two notifying
messages a day: `…/1` and `…/2`. From `…/3` on they are returns of what the person put off, replies
to their own action, which are exempt. Of one day's cards the last that stands holds everything; the
others are a line. Their order is that of the mirrors' ids: a return may come before `…/2`.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.core.states import MirrorKind, Outcome
from bot.db.tables import Mirror

VIEW = "card"
PER_DAY = 2
# With its kind too, though the view would do: the unique index begins with it.
CARDS = (Mirror.kind == MirrorKind.MESSAGE) & (Mirror.view == VIEW)

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
    sent: bool  # it is a message, or one is on its way
    stands: bool  # it is a message, and can be edited
    stopped: bool  # it will not be sent (any more)


Deck = Sequence[Card]


def decks(session: Session, days: Collection[Day]) -> Mapping[Day, Deck]:
    """The cards there are of each of these days."""
    found: dict[Day, list[Card]] = defaultdict(list)
    looked, numbers = set(days), range(1, PER_DAY + 2)
    while looked:  # a second time only for those who put off a lot
        subjects = [subject(*day, number) for day in looked for number in numbers]
        looked = set()
        for mirror_id, card, remote_id, sent_at, outcome in session.execute(_of(subjects)):
            person_id, on, number = parse(card)
            there, stopped = remote_id is not None, outcome is not None
            one = Card(
                mirror_id=mirror_id,
                number=number,
                sent=there or sent_at is not None,
                stands=there and not stopped,
                stopped=stopped,
            )
            found[person_id, on].append(one)
            if number == numbers[-1]:
                looked.add((person_id, on))
        numbers = range(numbers[-1] + 1, 3 * numbers[-1])
    return {day: sorted(cards, key=lambda one: one.mirror_id) for day, cards in found.items()}


def _of(subjects: Collection[str]) -> Select[int, str, str | None, datetime | None, Outcome | None]:
    return select(
        Mirror.id, Mirror.subject, Mirror.remote_id, Mirror.sent_at, Mirror.outcome
    ).where(CARDS, Mirror.subject.in_(subjects))


def next_number(deck: Deck, *, counted: bool) -> int:
    """The card that brings something to notice: one not sent yet, or the next if one is left.

    Where none is left it is the last that stands, which changes silently.
    """
    if deck and not deck[-1].sent and not deck[-1].stopped:
        return deck[-1].number
    if not counted:
        return max([PER_DAY, *(card.number for card in deck)]) + 1
    used = sum(card.number <= PER_DAY for card in deck)
    if used < PER_DAY:
        return used + 1
    return next((card for card in reversed(deck) if card.stands), deck[-1]).number


def showing(deck: Deck) -> Deck:
    """The last card that stands, and what is still to come after it: all that isn't a line."""
    last = max((place for place, card in enumerate(deck) if card.stands), default=0)
    return deck[last:]
