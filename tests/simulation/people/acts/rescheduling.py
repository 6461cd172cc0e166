"""Those who look after a stand-up or a retro move it to another time of day, in its settings."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from random import Random

from tests.simulation.cast import TIMES, Retro, Setting
from tests.simulation.people.act import Act
from tests.simulation.people.office import Office, Outcome


@dataclass(frozen=True)
class Reschedule:
    """Somebody saves another time of day at which people are asked."""

    at: datetime
    who: str
    channel: str
    to: time
    kind: str

    async def perform(self, office: Office) -> None:
        await office.command(self.who, self.channel, "settings", f"/{self.kind}")
        if await office.modal(self.who, f"{self.kind}.setup") is not None:
            times = office.books.times[office.books.title_of(self.channel)]
            change = times.begin(self.to, office.now())
            done = await office.submit(self.who, {"at": {"at": f"{self.to:%H:%M}"}})
            if done.outcome in (Outcome.UPDATED, Outcome.CLOSED) and "changed" in done.said:
                change.sure = office.now()
            elif done.outcome is not Outcome.UNKNOWN and not done.unsure:
                times.drop(change)
        office.close(self.who)


def draw(setting: Setting, chance: Random) -> Iterator[Act]:
    """Now and then; by an admin or its owner, who may, or by somebody who may not."""
    length = setting.end - setting.start
    for ritual in setting.rituals:
        if chance.random() < 0.2:
            who = chance.choice((setting.people[0].id, ritual.owner, setting.people[-1].id))
            kind = "retro" if isinstance(ritual, Retro) else "standup"
            at = setting.start + chance.random() * length
            yield Reschedule(at, who, ritual.channel, chance.choice(TIMES), kind)
