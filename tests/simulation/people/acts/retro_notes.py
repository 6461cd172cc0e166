"""People write notes for a retro, change them, and take them back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from bot.sandbox.blocks import elements_of
from bot.sandbox.views import View
from tests.simulation.cast import Setting
from tests.simulation.model.history import Change, History
from tests.simulation.model.retros import Written
from tests.simulation.people.act import Act
from tests.simulation.people.acts.moments import retro_moments
from tests.simulation.people.office import Office, Outcome

COMMAND = "/retro"
_NOTES = "retro.notes"
_CHANGE, _DROP = "retro.note.change", "retro.note.drop"
_TOO_LATE = "before you sent this"


class Then(StrEnum):
    """What somebody does with the last note that they wrote, in the same window."""

    KEEP = "keep"
    CHANGE = "change"
    DROP = "drop"


@dataclass(frozen=True)
class WriteNotes:
    """Somebody opens the form of notes and writes so many."""

    at: datetime
    who: str
    channel: str
    words: str
    number: int
    then: Then

    async def perform(self, office: Office) -> None:
        await office.command(self.who, self.channel, "", COMMAND)
        if await office.modal(self.who, _NOTES) is not None:
            await self._write(office)
        office.close(self.who)

    async def _write(self, office: Office) -> None:
        note = None
        for number in range(self.number):
            note = Written(self.who, History(None))
            office.books.retro.notes.append(note)
            if not await self._send(office, note.text, f"{self.words} {number}"):
                if not note.text.changes:
                    office.books.retro.notes.remove(note)
                return
        if note is not None and self.then is not Then.KEEP:
            await self._think_better(office, note.text, f"{self.words} {self.number - 1}")

    async def _send(self, office: Office, text: History[str | None], said: str) -> bool:
        """Enter a text; whether it was certainly kept. What was handed back was not."""
        view = office.site.views.top(self.who)
        block = "" if view is None else _block(view, "note:")
        if not block:
            return False
        change = text.begin(said, office.now())
        done = await office.submit(self.who, {block: {"note": said}})
        if done.outcome is Outcome.UPDATED and said in done.said and _TOO_LATE not in done.said:
            change.sure = office.now()
            return True
        if done.outcome is not Outcome.UNKNOWN and not done.unsure:
            text.drop(change)
        return False

    async def _think_better(self, office: Office, text: History[str | None], said: str) -> None:
        view = office.site.views.top(self.who)
        token = "" if view is None else _token(view, said)
        if not token:
            return
        await office.click_view(self.who, _CHANGE, token)
        if not await office.sees(self.who, _DROP):
            return
        if self.then is Then.CHANGE:
            await self._send(office, text, f"{said} after all")
            return
        change: Change[str | None] = text.begin(None, office.now())
        await office.click_view(self.who, _DROP, token)
        if await office.sees(self.who, _NOTES, without=said):
            change.sure = office.now()


def _block(view: View, begins: str) -> str:
    found = (one["block_id"] for one in view.blocks if one["type"] == "input")
    return next((one for one in found if one.startswith(begins)), "")


def _token(view: View, said: str) -> str:
    """The token of a note that stands in the window."""
    for block, element in elements_of(view.blocks):
        if element.get("action_id") == _CHANGE and said in str(block["text"]):
            return str(element["value"])
    return ""


def draw(setting: Setting, chance: Random) -> Iterator[Act]:
    """Most write in time, some too late."""
    for number, (retro, person, due, ends) in enumerate(retro_moments(setting)):
        for again in range(chance.choice((0, 1, 1, 2))):
            at = due + chance.uniform(0.01, 1.15) * (ends - due) + timedelta(minutes=1)
            words = f"{person.name} notes {number} {again}"
            yield WriteNotes(
                at, person.id, retro.channel, words, chance.randint(1, 2), chance.choice(list(Then))
            )
