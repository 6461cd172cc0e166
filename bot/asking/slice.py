"""What asking brings to the engine: the card, App Home, and the morning's news."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot.asking import (
    absences,
    agenda,
    away_views,
    card,
    cards,
    changes,
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
from bot.engine.ritual import Offer, OnCard, OnHome, Step, View
from bot.engine.timers import Fired

_SETTLED = (PromptState.ANSWERED, PromptState.SKIPPED)


class Asking:
    """The slice that all rituals share."""

    kind = cards.KIND

    def __init__(
        self,
        on_cards: Mapping[str, OnCard],
        on_homes: Mapping[str, OnHome],
        offers: Sequence[Offer] = (),
    ) -> None:
        """Take what each kind of ritual puts on cards, and on Home, and what other slices do."""
        self._on_cards = on_cards
        self._on_homes = on_homes
        self._offers = offers
        self._buttons = {action: label for one in offers for action, label in one.buttons.items()}
        self._answers = {kind: one.answer for kind, one in on_cards.items()}

    @property
    def steps(self) -> Mapping[str, Step]:
        return {
            "tell": cards.tell_step,
            changes.STEP: self._changed,
            changes.ROLES: self._roles_changed,
        }

    @property
    def views(self) -> Mapping[str, View]:
        return {
            deck.VIEW: View(self._card_shown, self._card),
            home.VIEW: View(self._home_shown, self._home),
        }

    def _changed(self, session: Session, at: datetime, due: Sequence[Fired]) -> None:
        """Step: tell the other slices of people who have moved, left or come back."""
        people = {timer.person_id for timer in due if timer.person_id is not None}
        for offer in self._offers:
            offer.changed(session, at, people)

    def _roles_changed(self, session: Session, at: datetime, due: Sequence[Fired]) -> None:
        """Step: tell the other slices of people who have other roles."""
        people = {timer.person_id for timer in due if timer.person_id is not None}
        for offer in self._offers:
            offer.roles_changed(session, at, people)

    def _card_shown(self, session: Session, subject: str, at: datetime) -> CardShown | None:
        return card.card_shown(session, subject, at, self._on_cards, self._offers)

    def _card(self, shown: CardShown) -> Content | None:
        return views.card(shown, self._answers)

    def _home(self, shown: HomeShown) -> Content | None:
        return home_views.home(shown, self._answers, self._on_homes, self._buttons)

    def _home_shown(self, session: Session, subject: str, at: datetime) -> HomeShown | None:
        shown = home_shown(session, int(subject), at)
        if shown is None:
            return None
        found = [one.on_home(session, at, int(subject)) for one in self._offers]
        return replace(
            shown,
            waiting=card.with_plans(session, shown.waiting, self._on_cards),
            answered=card.with_plans(session, shown.answered, self._on_cards),
            beside=tuple(one for one in found if one is not None),
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
        country=countries.spoken(country_of(person)) if country_of(person) else "",
        admin=person.is_admin,
        guest=person.is_external,
    )
