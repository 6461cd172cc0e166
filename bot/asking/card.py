"""What a card shows, loaded from SQL."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot.asking import agenda, cards, countries, deck
from bot.asking.issue_links import NO_LINKS
from bot.asking.items import Item, owes
from bot.asking.known_keys import issue_links
from bot.asking.views import CardShown
from bot.core.content import Asks
from bot.db.tables import Person
from bot.engine.ritual import Offer, OnCard

OnCards = Mapping[str, OnCard]


def card_shown(
    session: Session,
    subject: str,
    at: datetime,
    on_cards: OnCards,
    offers: Sequence[Offer] = (),
) -> CardShown | None:
    """A card by its subject; None where its person is gone."""
    person_id, on, number = deck.parse(subject)
    person = session.get(Person, person_id)
    if person is None:
        return None
    day = deck.decks(session, [(person_id, on)]).get((person_id, on), ())
    mine = next((card for card in day if card.number == number), None)
    later = [card for card in day if mine is not None and card.order > mine.order]
    if any(card.stands for card in later):
        return CardShown(person.name, number, continued=True, standing=True)
    items = with_plans(session, agenda.items(session, person, at, on), on_cards)
    beside = [one.on_card(session, at, person_id, on) for one in offers]
    today = on == cards.today(person, at)
    first = (person_id, on) in deck.first_days(session, person.slack_id)
    news = tuple(_news(session, at, person, items, on_cards)) if today else ()
    return CardShown(
        name=person.name,
        number=number,
        continued=False,
        standing=mine is not None and mine.stands,
        items=items,
        troubles=agenda.concerns(session, person, at) if today else (),
        beside=tuple(one for one in beside if one is not None),
        news=news,
        links=issue_links(session, person.workspace_id) if news else NO_LINKS,
        country=_country(person) if first else "",
        by_message=first and any(owes(item) and on_cards[item.kind].by_message for item in items),
    )


def with_plans(session: Session, items: Sequence[Item], on_cards: OnCards) -> tuple[Item, ...]:
    """These items, each as its kind has it read.

    With the action that repeats what was planned for it, if anything was.
    """
    asks: dict[int, Asks] = {}
    same: dict[int, str] = {}
    for kind, on_card in on_cards.items():
        owed = [item.prompt_id for item in items if item.kind == kind and owes(item)]
        if on_card.same is not None and owed:
            same |= dict.fromkeys(on_card.planned(session, owed), on_card.same)
        if shown := [item.prompt_id for item in items if item.kind == kind]:
            asks |= on_card.asks(session, shown)
    return tuple(
        replace(item, same=same.get(item.prompt_id), asks=asks.get(item.prompt_id))
        for item in items
    )


def _news(
    session: Session, at: datetime, person: Person, items: Sequence[Item], on_cards: OnCards
) -> Iterator[str]:
    """Only for those who owe something of that kind."""
    for kind, on_card in on_cards.items():
        if any(item.kind == kind and owes(item) for item in items):
            yield from on_card.news(session, at, person.id)


def _country(person: Person) -> str:
    """The name of the country that a person's zone says, where they have not said it."""
    code = countries.guess(person.tz) if person.country is None else None
    return "" if code is None else countries.spoken(code)
