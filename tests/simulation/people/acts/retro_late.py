"""People send a note of a retro when time is up: from a window that was open before, or later."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from tests.simulation.cast import Setting
from tests.simulation.model.retros import Way
from tests.simulation.people.act import Act
from tests.simulation.people.acts.moments import retro_moments
from tests.simulation.people.acts.retro_leading import Lead
from tests.simulation.people.acts.retro_notes import (
    BRING_UP,
    COMMAND,
    NOTES,
    Then,
    enter,
    look_again,
    take_back,
    think_better,
)
from tests.simulation.people.office import Office

_SHOWN = ("to look at", "choose what to talk about", "in the threads")  # as its message says
_LOOKS, _LOOK_SECONDS = 40, 180.0


@dataclass(frozen=True)
class WriteLate:
    """Somebody opens the form of notes, leaves it until all are shown and longer, and sends it.

    What is handed back they bring up, if they are offered that; and they may think better of it.
    """

    at: datetime
    who: str
    channel: str
    words: str
    number: int
    waits: timedelta
    dawdles: timedelta  # before they think better of it
    then: Then

    async def perform(self, office: Office) -> None:
        retros = _there(office, self.channel)
        await office.command(self.who, self.channel, "", COMMAND)
        if await office.modal(self.who, NOTES) is not None:
            await _shown(office, self.channel, retros)
            await asyncio.sleep(self.waits.total_seconds())
            for number in range(self.number):
                if not await self._write(office, f"{self.words} {number}"):
                    break
        office.close(self.who)

    async def _write(self, office: Office, said: str) -> bool:
        note = await enter(office, self.who, said)
        view = office.site.views.top(self.who)
        if note is None and view is not None and BRING_UP in str(view.content):
            said = f"{said} all the same"
            note = await enter(office, self.who, said)
        if note is None:
            return False
        await asyncio.sleep(self.dawdles.total_seconds())
        await think_better(office, note, said, self.then)
        return True


@dataclass(frozen=True)
class TakeBackLate:
    """Somebody writes a note, and takes it back once all are shown: that is too late."""

    at: datetime
    who: str
    channel: str
    words: str

    async def perform(self, office: Office) -> None:
        retros = _there(office, self.channel)
        await office.command(self.who, self.channel, "", COMMAND)
        if await office.modal(self.who, NOTES) is not None:
            note = await enter(office, self.who, self.words)
            token = "" if note is None else await look_again(office, note, self.words)
            if note is not None and token:
                await _shown(office, self.channel, retros)
                await take_back(office, note, self.words, token)
        office.close(self.who)


def _there(office: Office, channel: str) -> int:
    """How much stands in a channel."""
    return len(list(office.site.world.messages(channel)))


async def _shown(office: Office, channel: str, there: int) -> None:
    """Wait for the notes, for a while: those of a retro that was there already."""
    for _ in range(_LOOKS):
        texts = [one.text for one in office.site.world.messages(channel)][:there]
        if any(words in text for text in texts for words in _SHOWN):
            return
        await asyncio.sleep(_LOOK_SECONDS)


def draw(setting: Setting, chance: Random) -> Iterator[Act]:
    """About when the notes are shown: when time is up for one of its people, or for all."""
    moments = list(retro_moments(setting))
    retro = setting.retro
    if retro is None or not moments:
        return
    shown = max(ends for _retro, _person, _due, ends in moments)
    if retro.anonymous and chance.random() < 0.5:  # else there is often nothing to come late to
        at = shown + timedelta(minutes=chance.uniform(2, 60))
        yield Lead(at, retro.facilitator, retro.channel, Way.FEW, typed=False)
    for number, (_retro, person, _due, ends) in enumerate(moments):
        if chance.random() < 0.6:
            at = chance.choice((ends, shown, shown)) + timedelta(minutes=chance.uniform(-90, 20))
            if chance.random() < 0.15:
                yield TakeBackLate(at, person.id, retro.channel, f"{person.name} regrets {number}")
            yield late_by(at, person.id, retro.channel, f"{person.name} late {number}", chance)


def late_by(at: datetime, who: str, channel: str, words: str, chance: Random) -> WriteLate:
    """Somebody's late notes, from a window that they open then."""
    return WriteLate(
        at,
        who,
        channel,
        words,
        chance.choice((1, 1, 2)),
        waits=timedelta(minutes=chance.choice((0, 0, chance.uniform(0, 120)))),
        dawdles=timedelta(minutes=chance.choice((0, chance.uniform(0, 30)))),
        then=chance.choice(list(Then)),
    )
