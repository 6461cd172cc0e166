"""Channels are archived and opened again; messages are deleted; people look at their Home."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bot.sandbox import forms, people
from bot.sandbox.errors import ControlError
from bot.sandbox.world import BOT_USER_ID
from tests.simulation.cast import Setting
from tests.simulation.people.act import Act
from tests.simulation.people.office import Office


@dataclass(frozen=True)
class Archive:
    """A channel is archived, or opened again."""

    at: datetime
    who: str
    channel: str
    archived: bool

    async def perform(self, office: Office) -> None:
        writable = office.books.writable[self.channel]
        writable.begin(not self.archived, office.now()).sure = office.now()
        people.change_channel(office.site, {"channel": self.channel, "archived": self.archived})


@dataclass(frozen=True)
class Remove:
    """The bot is removed from a channel, or invited again."""

    at: datetime
    who: str
    channel: str
    removed: bool

    async def perform(self, office: Office) -> None:
        writable = office.books.writable[self.channel]
        writable.begin(not self.removed, office.now()).sure = office.now()
        what = "leave" if self.removed else "join"
        people.change_channel(office.site, {"channel": self.channel, what: BOT_USER_ID})


@dataclass(frozen=True)
class DeleteMessage:
    """An admin deletes what the bot last posted in a channel."""

    at: datetime
    who: str
    channel: str

    async def perform(self, office: Office) -> None:
        theirs = [
            one
            for one in office.site.world.messages(self.channel)
            if one.user == BOT_USER_ID and not one.deleted and not one.is_reply
        ]
        if theirs:
            try:
                body = {"user": self.who, "channel": self.channel, "ts": theirs[-1].ts}
                people.delete(office.site, body)
            except ControlError:
                return
            office.books.deleted.add((self.channel, theirs[-1].ts))


@dataclass(frozen=True)
class LookHome:
    """Somebody opens the bot's Home."""

    at: datetime
    who: str

    async def perform(self, office: Office) -> None:
        try:
            forms.home(office.site, {"user": self.who})
        except ControlError:
            return


def draw(setting: Setting, chance: Random) -> Iterator[Act]:
    """Now and then."""
    length = setting.end - setting.start
    admin = setting.people[0].id
    for standup in setting.standups:
        at = setting.start + chance.random() * length
        back = at + chance.random() * timedelta(hours=10)
        if chance.random() < 0.1:
            yield Archive(at, admin, standup.channel, archived=True)
            yield Archive(back, admin, standup.channel, archived=False)
        elif chance.random() < 0.1:
            yield Remove(at, admin, standup.channel, removed=True)
            yield Remove(back, admin, standup.channel, removed=False)
        if chance.random() < 0.12:
            at = setting.start + chance.random() * length
            yield DeleteMessage(at, admin, standup.channel)
    for person in setting.people:
        if chance.random() < 0.4:
            yield LookHome(setting.start + chance.random() * length, person.id)
