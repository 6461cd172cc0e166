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
from tests.simulation.model.retros import HandedBack, Written
from tests.simulation.people.act import Act
from tests.simulation.people.acts.moments import retro_moments
from tests.simulation.people.office import Office, Outcome

COMMAND = "/retro"
NOTES = "retro.notes"
_CHANGE, _DROP = "retro.note.change", "retro.note.drop"
_REFUSED = "can't be taken back"
_TOO_LATE, BRING_UP = "before you sent this", "Bring it up"
_NO_VOTE = "takes no more notes for the vote"


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
        if await office.modal(self.who, NOTES) is not None:
            await self._write(office)
        office.close(self.who)

    async def _write(self, office: Office) -> None:
        note = None
        for number in range(self.number):
            note = await enter(office, self.who, f"{self.words} {number}")
            if note is None:
                return
        if note is not None:
            await think_better(office, note, f"{self.words} {self.number - 1}", self.then)


async def enter(office: Office, who: str, said: str) -> Written | None:
    """Write a note in the form in hand; None where it was not certainly kept."""
    note = Written(who, History(None))
    office.books.retro.notes.append(note)
    if await _send(office, note, said):
        return note
    if not note.text.changes:
        office.books.retro.notes.remove(note)
    return None


async def _send(office: Office, note: Written, said: str) -> bool:
    """Enter a text; whether it was certainly kept. What was handed back was not."""
    view = office.site.views.top(note.who)
    block = "" if view is None else _block(view, "note:")
    if view is None or not block:
        return False
    brought_up = _says_late(str(view.content))
    change = note.text.begin(said, office.now())
    done = await office.submit(note.who, {block: {"note": said}})
    is_form = done.outcome is Outcome.UPDATED and _TOO_LATE not in done.said
    if is_form and said in done.said:
        change.sure = office.now()
        note.taken(brought_up=brought_up, told_late=_says_late(done.said))
        return True
    if _TOO_LATE in done.said:
        handed_back = HandedBack(office.now(), BRING_UP in done.said)
        office.books.retro.handed_back.append(handed_back)
    shown_since = is_form and not brought_up and _says_late(done.said)
    if done.outcome is not Outcome.UNKNOWN and not done.unsure and not shown_since:
        note.text.drop(change)
    return False


async def think_better(office: Office, note: Written, said: str, then: Then) -> None:
    """Change the note that was written last, or take it back."""
    token = "" if then is Then.KEEP else await look_again(office, note, said)
    if token and then is Then.CHANGE:
        await _send(office, note, f"{said} after all")
    elif token:
        await take_back(office, note, said, token)


async def look_again(office: Office, note: Written, said: str) -> str:
    """Press *Change* beside a note; its token where the form is filled with it then."""
    view = office.site.views.top(note.who)
    token = "" if view is None else _token(view, said)
    if not token:
        return ""
    await office.click_view(note.who, _CHANGE, token)
    return token if await office.sees(note.who, _DROP) else ""


async def take_back(office: Office, note: Written, said: str, token: str) -> None:
    """Press *Take it back*; it surely was where the form is without it then."""
    change: Change[str | None] = note.text.begin(None, office.now())
    await office.click_view(note.who, _DROP, token)
    if await office.sees(note.who, NOTES, without=said):
        change.sure = office.now()
    elif await office.sees(note.who, _REFUSED):
        note.text.drop(change)


def _says_late(content: str) -> bool:
    """Whether a form says that what is written in it comes up in the discussion."""
    return BRING_UP in content or _NO_VOTE in content


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
