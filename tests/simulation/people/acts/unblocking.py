"""Whoever was named to unblock somebody says that it is done, or that they can't help."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from tests.simulation.cast import Setting
from tests.simulation.people.act import Act
from tests.simulation.people.acts.moments import moments
from tests.simulation.people.office import Office

_DONE, _CANT_HELP = "standup.unblocked", "standup.declined"


@dataclass(frozen=True)
class Unblock:
    """Somebody presses a button of the last message that named them, if there is one."""

    at: datetime
    who: str
    helps: bool

    async def perform(self, office: Office) -> None:
        action = _DONE if self.helps else _CANT_HELP
        for message in office.dm(self.who):
            for block in message.blocks:
                for button in block.get("elements", ()):
                    if button.get("action_id") == action:
                        office.books.settled.append((self.who, office.now()))
                        await office.click(self.who, message, action, button["value"])
                        return


def draw(setting: Setting, chance: Random) -> Iterator[Act]:
    """Some time after others have answered."""
    for _standup, person, due, _ends in moments(setting):
        if chance.random() < 0.2:
            at = due + timedelta(hours=chance.uniform(0, 10))
            yield Unblock(at, person.id, helps=chance.random() < 0.7)
