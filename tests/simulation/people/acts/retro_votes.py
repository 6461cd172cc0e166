"""People vote, say that they are done, and discuss the topics of a retro in their threads."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bot.sandbox import people
from bot.sandbox.blocks import elements_of
from bot.sandbox.errors import ControlError
from bot.sandbox.views import View
from bot.sandbox.world import BOT_USER_ID, Message
from tests.simulation.cast import Setting
from tests.simulation.model.history import History
from tests.simulation.model.retros import Choice
from tests.simulation.people.act import Act
from tests.simulation.people.acts.moments import retro_moments
from tests.simulation.people.acts.retro_merging import unlike
from tests.simulation.people.acts.retro_notes import COMMAND
from tests.simulation.people.office import Office, Outcome

_VOTES, _DONE, _OF_CARD = "retro.votes", "retro.done", "retro.finished"


@dataclass(frozen=True)
class Vote:
    """Somebody chooses topics, by their numbers in the form, or changes their choice."""

    at: datetime
    who: str
    channel: str
    picks: tuple[int, ...]

    async def perform(self, office: Office) -> None:
        await office.command(self.who, self.channel, "", COMMAND)
        view = await office.modal(self.who, _VOTES)
        if view is not None:
            await self._choose(office, view)
        office.close(self.who)

    async def _choose(self, office: Office, view: View) -> None:
        offered = [
            (block["block_id"], one["value"], unlike(one["text"]["text"]))
            for block, element in elements_of(view.blocks)
            for one in element.get("options", ())
        ]
        if not offered:
            return
        taken = {offered[one % len(offered)] for one in self.picks}
        values: dict[str, dict[str, object]] = {
            block: {"votes": sorted(value for where, value, _text in taken if where == block)}
            for block, _value, _text in offered
        }
        choice = Choice(
            frozenset(text for _block, _value, text in taken),
            frozenset(text for _block, _value, text in offered),
            office.now(),
        )
        choices = office.books.retro.choices[self.who]
        choices.append(choice)
        done = await office.submit(self.who, values)
        if done.outcome is Outcome.CLOSED:
            choice.sure = office.now()
        elif done.outcome is not Outcome.UNKNOWN and not done.unsure:
            choices.remove(choice)


@dataclass(frozen=True)
class SayDone:
    """Somebody says that they are done, in the channel or on their card."""

    at: datetime
    who: str
    channel: str

    async def perform(self, office: Office) -> None:
        for message in (*_latest(office, self.channel), *office.dm(self.who)):
            for _block, element in elements_of(message.blocks):
                if element.get("action_id") in (_DONE, _OF_CARD):
                    action, value = element["action_id"], element["value"]
                    office.books.retro.done.append((self.who, office.now()))
                    await office.click(self.who, message, action, value)
                    return


@dataclass(frozen=True)
class SayInThread:
    """Somebody says something in a topic's thread, and maybe edits or deletes it later."""

    at: datetime
    who: str
    channel: str
    pick: int
    words: str
    then: str  # keep, edit, delete

    async def perform(self, office: Office) -> None:
        topics = [one for one in _latest(office, self.channel) if one.text.startswith("Topic ")]
        if not topics:
            return
        thread = topics[self.pick % len(topics)].ts
        where = {"user": self.who, "channel": self.channel}
        try:
            said = people.say(office.site, {**where, "text": self.words, "thread_ts": thread})
        except ControlError:
            return
        history: History[str | None] = History(None)
        office.books.retro.replies[said["ts"]] = history
        office.books.retro.threads[said["ts"]] = thread
        history.begin(self.words, office.now())
        if self.then == "edit":
            history.begin(f"{self.words}, or not", office.now())
            people.edit(office.site, {**where, "ts": said["ts"], "text": f"{self.words}, or not"})
        elif self.then == "delete":
            history.begin(None, office.now())
            people.delete(office.site, {**where, "ts": said["ts"]})


def _latest(office: Office, channel: str) -> Sequence[Message]:
    """What the bot has posted in a channel, the latest first."""
    found = office.site.world.messages(channel)
    return [one for one in found if one.user == BOT_USER_ID and not one.deleted][::-1]


def draw(setting: Setting, chance: Random) -> Iterator[Act]:
    """At about the times at which a retro usually comes to that."""
    for number, (retro, person, due, ends) in enumerate(retro_moments(setting)):
        where = (person.id, retro.channel)
        if chance.random() < 0.6:
            yield SayDone(due + chance.uniform(0.05, 1.0) * (ends - due), *where)
        vote = ends + timedelta(minutes=retro.sort_minutes)
        length = timedelta(minutes=retro.vote_minutes)
        for _ in range(chance.choice((0, 1, 1, 2))):
            picks = tuple(chance.sample(range(6), chance.randint(1, retro.votes)))
            yield Vote(vote + chance.uniform(0, 1.3) * length, *where, picks)
        discuss = vote + length
        length = timedelta(minutes=retro.discuss_minutes)
        for again in range(chance.choice((0, 1, 2))):
            at = discuss + chance.uniform(-0.2, 1.2) * length
            words, then = f"{person.name} thinks {number} {again}", ("keep", "edit", "delete")
            yield SayInThread(at, *where, chance.randrange(3), words, chance.choice(then))
        if chance.random() < 0.4:
            yield SayDone(discuss + chance.uniform(0, 1) * length, *where)
