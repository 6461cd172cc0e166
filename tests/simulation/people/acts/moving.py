"""People fly to another zone, and leave the workspace."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bot.sandbox import people
from tests.simulation.cast import ZONES, Setting
from tests.simulation.people.act import Act
from tests.simulation.people.office import Office


@dataclass(frozen=True)
class Fly:
    """Somebody's zone in Slack becomes another one."""

    at: datetime
    who: str
    zone: str

    async def perform(self, office: Office) -> None:
        office.books.zones[self.who].begin(self.zone, office.now())
        people.change_user(office.site, {"user": self.who, "tz": self.zone})


@dataclass(frozen=True)
class Leave:
    """Somebody's account is deactivated."""

    at: datetime
    who: str

    async def perform(self, office: Office) -> None:
        office.books.active[self.who].begin(False, office.now())
        people.change_user(office.site, {"user": self.who, "deleted": True})


def draw(setting: Setting, chance: Random) -> Iterator[Act]:
    """One in five flies, some soon back again; now and then one who is no admin leaves."""
    length = setting.end - setting.start
    for person in setting.people:
        if chance.random() < 0.2:
            at = setting.start + chance.random() * length
            yield Fly(at, person.id, chance.choice(sorted(ZONES)))
            if chance.random() < 0.5:
                soon = timedelta(seconds=chance.choice((0.05, 2, 30, 400)))
                again = chance.choice((soon, chance.random() * length / 4))
                yield Fly(at + again, person.id, person.zone)
        elif not person.is_admin and chance.random() < 0.07:
            yield Leave(setting.start + chance.random() * length, person.id)
