"""Whoever leads a retro merges notes that say the same, and takes some apart again."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bot.sandbox.blocks import elements_of
from bot.sandbox.views import View
from tests.simulation.cast import Setting
from tests.simulation.model.retros import Merged
from tests.simulation.people.act import Act
from tests.simulation.people.acts.moments import retro_moments
from tests.simulation.people.acts.retro_leading import open_screen
from tests.simulation.people.office import Office, Outcome

_MERGE, _MERGED, _PART = "retro.merge", "retro.merged", "retro.part"
_SHOWN = "to look at"  # what a retro's message says then
_LOOKS, _LOOK_SECONDS = 20, 150.0
_ALIKE = re.compile(r" \(\+\d+\)$")


@dataclass(frozen=True)
class MergeNotes:
    """Somebody makes one topic of some, and maybe thinks better of it."""

    at: datetime
    who: str
    channel: str
    picks: tuple[int, ...]
    parts: bool

    async def perform(self, office: Office) -> None:
        if await self._shown(office) and await open_screen(office, self.who, self.channel):
            value = _value(office.site.views.top(self.who), _MERGE)
            await office.click_view(self.who, _MERGE, value)
            view = await office.modal(self.who, _MERGED) if value else None
            if view is not None:
                await self._merge(office, view)
        office.close(self.who)

    async def _shown(self, office: Office) -> bool:
        """Wait for the notes, for a while."""
        for _ in range(_LOOKS):
            messages = office.site.world.messages(self.channel)
            if any(_SHOWN in one.text for one in messages if not one.deleted):
                return True
            await asyncio.sleep(_LOOK_SECONDS)
        return False

    async def _merge(self, office: Office, view: View) -> None:
        offered = [
            (block["block_id"], one["value"], unlike(one["text"]["text"]))
            for block, element in elements_of(view.blocks)
            for one in element.get("options", ())
        ]
        if not offered:
            return
        taken = sorted({one % len(offered) for one in self.picks})
        chosen = [offered[number] for number in taken]
        merged = Merged(frozenset(text for _block, _value, text in chosen), office.now())
        office.books.retro.merged.append(merged)
        values: dict[str, dict[str, object]] = {
            block: {"topics": [value for where, value, _text in chosen if where == block]}
            for block, _value, _text in offered
        }
        done = await office.submit(self.who, values)
        if done.outcome is Outcome.UPDATED and "Merged." in done.said:
            merged.sure = office.now()
        elif done.outcome is not Outcome.UNKNOWN and not done.unsure:
            office.books.retro.merged.remove(merged)
        value = _value(office.site.views.top(self.who), _PART)
        if self.parts and value:
            office.books.retro.parted.append(office.now())
            await office.click_view(self.who, _PART, value)


def unlike(label: str) -> str:
    """What a note says, without how many are like it."""
    return _ALIKE.sub("", label)


def _value(view: View | None, action: str) -> str:
    found = elements_of(view.blocks) if view is not None else ()
    return next((str(one["value"]) for _block, one in found if one.get("action_id") == action), "")


def draw(setting: Setting, chance: Random) -> Iterator[Act]:
    """Once the notes are shown, which may wait until its people work."""
    moments = list(retro_moments(setting))
    retro = setting.retro
    if retro is None or not moments:
        return
    shown = max(ends for _retro, _person, _due, ends in moments)
    for _ in range(chance.choice((0, 1, 3, 6))):
        who = chance.choice((retro.facilitator, retro.facilitator, retro.owner))
        wait = timedelta(hours=chance.choice((0, 0, chance.uniform(-4, 14))))
        at = shown + wait - timedelta(minutes=chance.uniform(0, 15))
        picks = tuple(chance.sample(range(8), chance.randint(2, 4)))
        yield MergeNotes(at, who, retro.channel, picks, parts=chance.random() < 0.3)
