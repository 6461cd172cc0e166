"""What people see in Slack, and what they do there: the sandbox's own acts, in this process."""

import asyncio
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.sandbox import acts, forms, people
from bot.sandbox.blocks import elements_of
from bot.sandbox.errors import ControlError
from bot.sandbox.site import Site
from bot.sandbox.views import View
from bot.sandbox.world import BOT_USER_ID, Json, Message
from tests.simulation.borders.line import Call
from tests.simulation.borders.monitor import Monitor
from tests.simulation.model.books import Books
from tests.simulation.model.wall import spoken

_ITEM = re.compile(
    r"\*(?P<title>[^*]+)\* · <#(?P<channel>\w+)>\n(?P<date>[^·\n]+) · (?P<standing>.+)"
)
_SHOWN_IN = re.compile(r"Shown in <#(\w+)>")
_PATIENCE_SECONDS = 8.0
_TRIES = 3
_AGAIN_SECONDS = 7.0
_REFERENCE = "tell whoever runs Meridian the reference"  # an error's, not a refusal's
_STILL_SAVING = "Still saving"
_LOOK_SECONDS = 0.5
_LATELY = timedelta(seconds=8)
_DAY = timedelta(days=1)

Values = Mapping[str, Mapping[str, object]]
"""What is entered into a form, by block and action."""


@dataclass(frozen=True)
class Item:
    """One question for its reader on a card, as they see it."""

    title: str
    date: str  # as it is spoken
    standing: str
    elements: Mapping[str, Json]  # buttons and menus by their action

    @property
    def owed(self) -> bool:
        """Whether it waits for an answer still."""
        return "standup.answer" in self.elements and not self.standing.startswith(
            ("Answered", "Skipped", "Away", "You are asked")
        )


def items(blocks: Sequence[Json]) -> Iterator[Item]:
    """The questions on a card or Home."""
    for number, block in enumerate(blocks):
        found = _ITEM.match(str((block.get("text") or {}).get("text", "")))
        if block["type"] != "section" or found is None:
            continue
        below = blocks[number + 1] if number + 1 < len(blocks) else {}
        elements = list(below["elements"]) if below.get("type") == "actions" else []
        elements += [block["accessory"]] if "accessory" in block else []
        yield Item(
            found["title"], found["date"], found["standing"],
            {one["action_id"]: one for one in elements},
        )  # fmt: skip


class Outcome(StrEnum):
    """What became of a submitted form."""

    CLOSED = "closed"
    UPDATED = "updated"  # something else is shown in its place
    REFUSED = "refused"
    UNKNOWN = "unknown"
    GONE = "gone"  # there is no form (any more), or nobody to submit it


class Heard(StrEnum):
    """What somebody was told beside what everybody sees, once they had clicked."""

    NOTHING = "nothing"
    REFUSAL = "refusal"  # or it failed
    PATIENCE = "patience"  # it may be taken yet
    LOST = "lost"  # they were to be told something, and weren't


@dataclass(frozen=True)
class Submitted:
    """What became of a form that somebody insisted on."""

    outcome: Outcome
    unsure: bool  # an earlier try may have been taken
    said: str = ""  # in its place, or under its inputs


@dataclass(frozen=True)
class Form:
    """The modal that somebody answers in."""

    view: View
    channel: str
    day: date


def _outcome(done: Json) -> Outcome:
    match done["outcome"]:
        case "closed":
            return Outcome.CLOSED
        case "updated":
            return Outcome.UPDATED
        case "errors" if _REFERENCE not in str(done["errors"]):
            return Outcome.REFUSED
        case _:
            return Outcome.UNKNOWN


class Office:
    """The workspace, as its people use it."""

    def __init__(
        self,
        site: Site,
        books: Books,
        now: Callable[[], datetime],
        monitor: Monitor,
        calls: Sequence[Call],
    ) -> None:
        self.site = site
        self._calls = calls  # of the bot, so far
        self.monitor = monitor
        self.books = books
        self.now = now
        self._at_it: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def alone(self, who: str) -> asyncio.Lock:
        """Held while somebody is at something: people do one thing at a time."""
        return self._at_it[who]

    # --- what they do; None where it can't be done

    async def click(self, who: str, message: Message, action: str, value: str) -> Json | None:
        body = {"user": who, "channel": message.channel, "ts": message.ts}
        return await self._done(acts.click, {**body, "action_id": action, "value": value})

    async def click_view(self, who: str, action: str, value: str) -> Json | None:
        return await self._done(acts.click, {"user": who, "action_id": action, "value": value})

    async def command(
        self, who: str, channel: str, text: str = "", name: str = "/standup"
    ) -> Json | None:
        body = {"user": who, "channel": channel, "command": name, "text": text}
        return await self._done(acts.command, body)

    async def submit(self, who: str, values: Values) -> Submitted:
        """Submit the modal in hand; again where nobody can tell what became of it."""
        found = Submitted(Outcome.GONE, unsure=False)
        for number in range(_TRIES):
            done = await self._done(forms.submit, {"user": who, "values": values})
            unsure = number > 0
            if done is None:
                return Submitted(Outcome.GONE, unsure)
            found = Submitted(_outcome(done), unsure, str(done.get("errors") or done.get("view")))
            if found.outcome is not Outcome.UNKNOWN:
                break
            await asyncio.sleep(_AGAIN_SECONDS)
        return found

    async def shortcut(self, who: str, message: Message, callback: str) -> Json | None:
        """Use what a message's menu offers."""
        body = {"user": who, "channel": message.channel, "ts": message.ts}
        return await self._done(acts.shortcut, {**body, "callback_id": callback})

    def say(self, who: str, text: str, channel: str = BOT_USER_ID) -> Message | None:
        """Write in a channel, or to the bot in one's DM."""
        try:
            said = people.say(self.site, {"user": who, "channel": channel, "text": text})
        except ControlError:
            return None
        return self.site.world.message(said["channel"], said["ts"])

    async def _done(self, act: Any, body: Json) -> Json | None:
        try:
            done: Json = await act(self.site, body)
        except ControlError:
            return None
        return done

    def close(self, who: str) -> None:
        self.site.views.clear(who)

    # --- what they see

    def dm(self, who: str) -> list[Message]:
        """What the bot has written to somebody and stands there, the latest first."""
        channel = self.site.world.dm(who)
        found = [
            one
            for one in self.site.world.messages(channel.id)
            if one.user == BOT_USER_ID and not one.deleted and one.ephemeral_to is None
        ]
        return found[::-1]

    def on_card(self, who: str, title: str, action: str) -> tuple[Message, Item] | None:
        """The question of a stand-up, on a card that offers an action for it."""
        for message in self.dm(who):
            for item in items(message.blocks):
                if item.title == title and action in item.elements:
                    return message, item
        return None

    def heard(self, who: str, since: str) -> Heard:
        """What only they were told since a moment, by a message that nobody else sees."""
        found = self.site.world.alone_to(who, since)
        if found is None:
            return Heard.LOST if self._lost() else Heard.NOTHING
        return Heard.PATIENCE if found.text.startswith(_STILL_SAVING) else Heard.REFUSAL

    def _lost(self) -> bool:
        """Whether what somebody was told a moment ago beside what all see did not arrive."""
        lately = self.now() - _LATELY
        told = [one for one in self._calls if one.method == "response_url" and one.began >= lately]
        return any(one.at is None for one in told)

    async def form(self, who: str) -> Form | None:
        """The modal to answer in, once it has loaded; None where something else came."""
        view = await self.modal(who, "standup.answer")
        return None if view is None else self._read(view)

    async def modal(self, who: str, callback: str) -> View | None:
        """Somebody's modal, once it is the one that is waited for."""
        for _ in range(int(_PATIENCE_SECONDS / _LOOK_SECONDS)):
            view = self.site.views.top(who)
            if view is not None and view.content.get("callback_id") == callback:
                return view
            await asyncio.sleep(_LOOK_SECONDS)
        return None

    async def sees(self, who: str, words: str, *, without: str = "") -> bool:
        """Whether somebody's modal comes to hold some words, and others not (any more)."""
        for _ in range(int(_PATIENCE_SECONDS / _LOOK_SECONDS)):
            view = self.site.views.top(who)
            content = "" if view is None else str(view.content)
            if words in content and (not without or without not in content):
                return True
            await asyncio.sleep(_LOOK_SECONDS)
        return False

    def day(self, words: str) -> date:
        """The date, near today, that is spoken of: Fri 27 March."""
        return next(one for one in self._days() if spoken(one) == words)

    def _days(self) -> list[date]:
        today = self.now().date()
        return [today + number * _DAY for number in range(-4, 5)]

    def _read(self, view: View) -> Form:
        words = " ".join(
            str(one.get("text", ""))
            for block in view.blocks
            if block["type"] == "context"
            for one in block["elements"]
        )
        channel = _SHOWN_IN.search(words)
        assert channel is not None, words
        title = str(view.content["title"]["text"]).removeprefix("Stand-up ")
        day = next(one for one in self._days() if f"{one:%a} {one.day} {one:%b}" == title)
        return Form(view, channel[1], day)


def inputs(view: View) -> set[str]:
    """The blocks of a form's inputs."""
    return {block["block_id"] for block, _ in elements_of(view.blocks) if block["type"] == "input"}
