"""People answer in their DM with the bot, one question at a time; or stop half-way."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from random import Random

from bot.sandbox.world import Message
from tests.simulation.cast import Setting
from tests.simulation.model.books import Key, Loose, Statement
from tests.simulation.people.act import Act
from tests.simulation.people.acts.moments import moments
from tests.simulation.people.office import Office

_QUESTIONS = ("learned", "next", "blockers", "confidence")
_ASKED = re.compile(r"(\d) of 4 · ")
_EDIT = re.compile(r"Edit (?P<title>.+) of (?P<date>.+)")
_LOOK_SECONDS = 1.0
_PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class Talk:
    """Somebody writes so many answers, and waits for what the bot says to each."""

    at: datetime
    who: str
    words: str
    number: int

    async def perform(self, office: Office) -> None:
        if self.who in office.books.unheard:
            return  # what comes now may be the reply to that
        began, texts = office.now(), list[str]()
        if not await self._goes_to_its_end(office, began, texts):
            office.books.loose[self.who].append(Loose(tuple(texts), began))

    async def _goes_to_its_end(self, office: Office, began: datetime, texts: list[str]) -> bool:
        """Answer question after question; whether nothing is left half-said."""
        said: dict[str, str] = {}
        asked = 0
        for _ in range(self.number):
            texts.append("4" if asked == len(_QUESTIONS) else f"{self.words} {asked}")
            reply = await self._say(office, texts[-1])
            if reply is None:
                office.books.unheard.add(self.who)
                return False
            if (found := _ASKED.search(reply.text)) is not None:
                asked = int(found[1])
                said[_QUESTIONS[asked - 2]] = texts[-1]
            elif reply.text == "Saved ✓":
                said[_QUESTIONS[-1]] = texts[-1]
                statement = Statement(said, began, office.now())
                office.books.answers[self._about(office, reply)].statements.append(statement)
                return True
            else:
                return asked == 0  # there is nothing to answer
        return False

    async def _say(self, office: Office, text: str) -> Message | None:
        """Write, and wait for the reply."""
        office.books.spoken[self.who].append(office.now())
        written = office.say(self.who, text)
        if written is None:
            return None
        for _ in range(_PATIENCE_SECONDS):
            for one in office.dm(self.who):
                if one.ts > written.ts and not _is_card(one):
                    return one
            await asyncio.sleep(_LOOK_SECONDS)
        return None

    def _about(self, office: Office, reply: Message) -> Key:
        for block in reply.blocks:
            found = _EDIT.match(str(block.get("accessory", {}).get("accessibility_label", "")))
            if found:
                return Key(found["title"], office.day(found["date"]), self.who)
        raise AssertionError(f"nobody can tell what was saved: {reply.blocks}")


def _is_card(message: Message) -> bool:
    return not _ASKED.search(message.text) and not message.text.startswith(
        ("Saved ✓", "You have answered", "Nothing is open", "You are on no", "Please give")
    )


def draw(setting: Setting, chance: Random) -> Iterator[Act]:
    """Now and then, mostly to the end."""
    for number, (_standup, person, due, ends) in enumerate(moments(setting)):
        if chance.random() < 0.15:
            at = due + chance.uniform(-0.1, 1.0) * (ends - due)
            many = chance.choice((1, 2, 4, 4, 4))
            yield Talk(at, person.id, f"{person.name} says {number}", many)
