"""Whoever leads a retro moves it on, gives it more time, or closes it; others try to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bot.sandbox.blocks import elements_of
from bot.sandbox.world import BOT_USER_ID
from tests.simulation.cast import Setting
from tests.simulation.model.retros import Led, Way
from tests.simulation.people.act import Act
from tests.simulation.people.acts.moments import retro_moments
from tests.simulation.people.acts.retro_notes import COMMAND
from tests.simulation.people.office import Office

_LEAD = "retro.lead"
_HOUR = timedelta(hours=1)


async def open_screen(office: Office, who: str, channel: str) -> bool:
    """Press *Facilitate* in the channel; whether the screen comes."""
    for message in list(office.site.world.messages(channel))[::-1]:
        for _block, element in elements_of(message.blocks):
            if message.user == BOT_USER_ID and element.get("action_id") == _LEAD:
                await office.click(who, message, _LEAD, element["value"])
                return await office.sees(who, "leads it")
    return False


@dataclass(frozen=True)
class Lead:
    """Somebody types what is to come, or presses it in the facilitator's screen."""

    at: datetime
    who: str
    channel: str
    way: Way
    typed: bool

    async def perform(self, office: Office) -> None:
        office.books.retro.led.append(Led(self.way, office.now(), _HOUR))
        if self.typed and self.way is not Way.FEW:
            text = "extend 1h" if self.way is Way.EXTEND else self.way.value
            await office.command(self.who, self.channel, text, COMMAND)
            return
        if await open_screen(office, self.who, self.channel):
            await self._press(office)
        office.close(self.who)

    async def _press(self, office: Office) -> None:
        view = office.site.views.top(self.who)
        action = f"retro.{self.way}"
        for _block, element in elements_of(view.blocks) if view is not None else ():
            if element.get("action_id") == action:
                value = element.get("value") or element["options"][0]["value"]
                await office.click_view(self.who, action, value)
                return


def draw(setting: Setting, chance: Random) -> Iterator[Act]:
    """Now and then, at any time from the beginning on; mostly by who may."""
    retro = setting.retro
    moments = list(retro_moments(setting))
    if retro is None or not moments:
        return
    begins = min(due for _retro, _person, due, _ends in moments)
    others = [one.id for one in setting.people]
    for _ in range(chance.choice((0, 1, 2, 4))):
        who = chance.choice((retro.facilitator, retro.facilitator, retro.owner, *others))
        at = begins + chance.random() * (setting.end - begins)
        way = chance.choice((Way.NEXT, Way.NEXT, Way.EXTEND, Way.FEW, Way.CLOSE))
        yield Lead(at, who, retro.channel, way, typed=chance.random() < 0.5)
