"""What asking brings to the engine: the card, App Home, and the morning's news."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot.asking import (
    absences,
    agenda,
    away_views,
    card,
    cards,
    countries,
    deck,
    home,
    home_views,
    views,
)
from bot.asking.excuses import country_of
from bot.asking.home_views import HomeShown, Next
from bot.asking.mine import mine
from bot.asking.outlook import next_of
from bot.asking.views import CardShown
from bot.core.content import Content
from bot.core.states import PromptState
from bot.db.tables import Person
from bot.engine.ritual import OnCard, OnHome, Step, View

_SETTLED = (PromptState.ANSWERED, PromptState.SKIPPED)


class Asking:
    """The slice that all rituals share."""

    kind = cards.KIND

    def __init__(self, on_cards: Mapping[str, OnCard], on_homes: Mapping[str, OnHome]) -> None:
        """Take what each kind of ritual puts on cards, and on Home."""
        self._on_cards = on_cards
        self._on_homes = on_homes
        self._answers = {kind: one.answer for kind, one in on_cards.items()}

    @property
    def steps(self) -> Mapping[str, Step]:
        return {"tell": cards.tell_step}

    @property
    def views(self) -> Mapping[str, View]:
        return {
            deck.VIEW: View(self._card_shown, self._card),
            home.VIEW: View(self._home_shown, self._home),
        }

    def _card_shown(self, session: Session, subject: str, at: datetime) -> CardShown | None:
        return card.card_shown(session, subject, at, self._on_cards)

    def _card(self, shown: CardShown) -> Content | None:
        return views.card(shown, self._answers)

    def _home(self, shown: HomeShown) -> Content | None:
        return home_views.home(shown, self._answers, self._on_homes)

    def _home_shown(self, session: Session, subject: str, at: datetime) -> HomeShown | None:
        shown = home_shown(session, int(subject), at)
        if shown is None:
            return None
        return replace(
            shown,
            waiting=card.with_plans(session, shown.waiting, self._on_cards),
            answered=card.with_plans(session, shown.answered, self._on_cards),
        )


def home_shown(session: Session, person_id: int, at: datetime) -> HomeShown | None:
    """A person's Home; None where they are gone."""
    person = session.get(Person, person_id)
    if person is None:
        return None
    found = agenda.items(session, person, at)
    items = [one for one in found if one.state is not PromptState.WAITING]
    return HomeShown(
        waiting=tuple(one for one in items if one.state not in _SETTLED),
        answered=tuple(one for one in items if one.state in _SETTLED),
        next=tuple(
            Next(one.title, one.channel, one.due)
            for one in next_of(session, at, person.id)
            if one.due is not None
        ),
        troubles=agenda.concerns(session, person, at),
        mine=tuple(mine(session, person)),
        away=tuple(
            away_views.span(one.first, one.last)
            for one in absences.away_of(session, person, cards.today(person, at))
        ),
        country=countries.name(country_of(person)) if country_of(person) else "",
        admin=person.is_admin,
        guest=person.is_external,
    )
