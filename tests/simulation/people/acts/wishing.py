"""People skip today, or put it off, by the buttons of their card."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from tests.simulation.cast import Setting
from tests.simulation.model.books import Key, Wish
from tests.simulation.people.act import Act
from tests.simulation.people.acts.moments import moments
from tests.simulation.people.office import Heard, Item, Office

_REFUSAL_SECONDS = 4.0


@dataclass(frozen=True)
class Skip:
    """Somebody skips a stand-up today."""

    at: datetime
    who: str
    title: str

    async def perform(self, office: Office) -> None:
        await _wish(office, self.who, self.title, "asking.skip", None)


@dataclass(frozen=True)
class Later:
    """Somebody puts a stand-up off by so many minutes."""

    at: datetime
    who: str
    title: str
    minutes: int

    async def perform(self, office: Office) -> None:
        await _wish(office, self.who, self.title, "asking.later", self.minutes)


async def _wish(office: Office, who: str, title: str, action: str, minutes: int | None) -> None:
    found = office.on_card(who, title, action)
    if found is None:
        return
    message, item = found
    back = None if minutes is None else office.now() + timedelta(minutes=minutes)
    wish = Wish(office.now(), back)
    wishes = office.books.wishes[Key(title, office.day(item.date), who)]
    wishes.append(wish)
    before = office.site.world.stamp()
    done = await office.click(who, message, action, _value(item, action, minutes))
    await asyncio.sleep(_REFUSAL_SECONDS)
    heard = office.heard(who, before)
    if heard is Heard.REFUSAL:
        wishes.remove(wish)
    elif heard is Heard.NOTHING and done is not None and done["acked"]:
        wish.sure = office.now()


def _value(item: Item, action: str, minutes: int | None) -> str:
    element = item.elements[action]
    if minutes is None:
        return str(element["value"])
    return next(
        str(one["value"]) for one in element["options"] if one["value"].endswith(f" {minutes}")
    )


def draw(setting: Setting, chance: Random) -> Iterator[Act]:
    """Some put it off, a few skip."""
    for standup, person, due, ends in moments(setting):
        at = due + chance.uniform(0.002, 1.1) * (ends - due)
        if chance.random() < 0.15:
            yield Later(at, person.id, standup.title, chance.choice((30, 60, 180)))
        elif chance.random() < 0.07:
            yield Skip(at, person.id, standup.title)
