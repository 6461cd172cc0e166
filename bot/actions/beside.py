"""Action items on people's cards and on App Home."""

from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.actions import due
from bot.actions.days import days
from bot.actions.left import left_to
from bot.actions.loading import shown
from bot.actions.views import lines
from bot.actions.views.words import LIST
from bot.asking import cards
from bot.core.content import Beside
from bot.core.states import LIVE_ITEMS
from bot.db.tables import ActionItem, Person
from bot.engine.ritual import Offer

_ON_CARD, _ON_HOME = 12, 10


def on_card(session: Session, at: datetime, person_id: int, on: date) -> Beside | None:
    """What of a person's items stands on the card of a day."""
    person = session.get_one(Person, person_id)
    day = days(session, at, {person: on})[person_id]
    drawn, more = lines.card_lines(day, _ON_CARD)
    is_today = on == cards.today(person, at)
    if not drawn and not (day.open and is_today):
        return None
    return Beside(
        head=lines.card_head(day, is_today=is_today),
        lines=tuple(drawn),
        more=more,
        summary=lines.summary(day) if is_today else "",
    )


def on_home(session: Session, at: datetime, person_id: int) -> Beside | None:
    """What a person has to do, what is due first on top."""
    person = session.get_one(Person, person_id)
    mine = session.scalars(open_of(person_id)).all()
    left = [item for _person, item in left_to(session, [person])]
    if not mine and not left:
        return None
    drawn = lines.home_lines(shown(session, at, mine[:_ON_HOME]), shown(session, at, left))
    return Beside(lines.home_head(len(mine)), tuple(drawn), more=len(mine[_ON_HOME:]))


def open_of(person_id: int) -> Select[ActionItem]:
    """What somebody has to do: what is due first comes first, what has no day last."""
    return (
        select(ActionItem)
        .where(ActionItem.owner_id == person_id, ActionItem.state.in_(LIVE_ITEMS))
        .order_by(ActionItem.due.is_(None), ActionItem.due, ActionItem.id)
    )


OFFER = Offer(
    on_card=on_card,
    on_home=on_home,
    buttons={LIST: "Action items"},
    changed=due.changed,
)
