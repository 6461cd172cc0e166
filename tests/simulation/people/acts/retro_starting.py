"""People begin a retro by hand, and hold it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bot.sandbox.blocks import elements_of
from tests.simulation.cast import Retro, Setting
from tests.simulation.model.retros import Answer, Begun, Way
from tests.simulation.people.act import Act
from tests.simulation.people.acts.moments import retro_moments
from tests.simulation.people.acts.retro_late import late_by
from tests.simulation.people.acts.retro_leading import Lead
from tests.simulation.people.acts.retro_notes import COMMAND, Then, WriteNotes
from tests.simulation.people.acts.retro_votes import SayDone, SayInThread, Vote
from tests.simulation.people.office import Office

_START = "retro.start"
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class StartRetro:
    """Somebody types `/retro start`, or presses the button on its status."""

    at: datetime
    who: str
    channel: str
    typed: bool

    async def perform(self, office: Office) -> None:
        if self.typed:
            begun = self._begin(office)
            done = await office.command(self.who, self.channel, "start", COMMAND)
            said = str((done or {}).get("response") or "")
            begun.answer = next(one for one in Answer if one in said)
            begun.answered = office.now()
            if done is None:  # they have left
                office.books.retro.begun.remove(begun)
            return
        await office.command(self.who, self.channel, "status", COMMAND)
        if await office.sees(self.who, _START):
            await self._press(office)
        office.close(self.who)

    async def _press(self, office: Office) -> None:
        view = office.site.views.top(self.who)
        for _block, element in elements_of(view.blocks) if view is not None else ():
            if element.get("action_id") == _START:
                begun = self._begin(office)
                await office.click_view(self.who, _START, element["value"])
                for answer in (Answer.BEGUN, Answer.UNDER_WAY, Answer.NOT_THEIRS):
                    if begun.answer is Answer.NONE and await office.sees(self.who, answer):
                        begun.answer = answer
                begun.answered = office.now()
                return

    def _begin(self, office: Office) -> Begun:
        begun = Begun(self.who, office.now())
        office.books.retro.begun.append(begun)
        return begun


def draw(setting: Setting, chance: Random) -> Iterator[Act]:
    """At any hour, or when it begins by itself; some twice in a row. Most of them are held then."""
    retro = setting.retro
    if retro is None:
        return
    others = [one.id for one in setting.people]
    due = [at for _retro, _person, at, _ends in retro_moments(setting)]
    for number in range(chance.choice((0, 0, 1, 1, 2, 3))):
        at = setting.start + chance.random() * (setting.end - setting.start)
        if due and chance.random() < 0.3:
            at = chance.choice(due) + timedelta(minutes=chance.uniform(-90, 90))
        for again in range(chance.choice((1, 1, 2))):
            who = chance.choice((retro.facilitator, retro.owner, setting.people[0].id, *others))
            when = at + again * timedelta(seconds=chance.choice((0.2, 2, 600)))
            yield StartRetro(when, who, retro.channel, typed=chance.random() < 0.6)
        if chance.random() < 0.7:
            yield from _held(setting, retro, at, number, chance)


def _held(
    setting: Setting, retro: Retro, at: datetime, number: int, chance: Random
) -> Iterator[Act]:
    """Notes, votes and talk, about when it comes to that if whoever leads it moves it on."""
    collect = retro.open_minutes * chance.uniform(0.2, 0.8)
    sort = collect + max(2.0, retro.sort_minutes * chance.uniform(0.2, 0.8))
    vote = sort + retro.vote_minutes * chance.uniform(0.3, 0.8)
    for ends in (collect, sort, vote):
        who = chance.choice((retro.facilitator, retro.owner))
        yield Lead(at + ends * _MINUTE, who, retro.channel, Way.NEXT, typed=chance.random() < 0.5)
    if retro.anonymous and chance.random() < 0.6:
        when = at + (collect + 0.5) * _MINUTE
        yield Lead(when, retro.facilitator, retro.channel, Way.FEW, typed=False)
    for person in setting.people:
        where, words = (person.id, retro.channel), f"{person.name} by hand {number}"
        if chance.random() < 0.7:
            when = at + chance.uniform(0.02, 1.0) * collect * _MINUTE
            then = chance.choice(list(Then))
            yield WriteNotes(when, *where, words, chance.randint(1, 2), then)
        if chance.random() < 0.4:
            when = at + (collect - chance.uniform(0.5, 30)) * _MINUTE
            yield late_by(when, *where, f"{words} late", chance)
        if chance.random() < 0.6:
            yield SayDone(at + chance.uniform(0.1, 1.0) * collect * _MINUTE, *where)
        if chance.random() < 0.6:
            picks = tuple(chance.sample(range(6), chance.randint(1, retro.votes)))
            yield Vote(at + chance.uniform(sort, vote) * _MINUTE, *where, picks)
        if chance.random() < 0.5:
            when = at + (vote + chance.uniform(1, retro.discuss_minutes)) * _MINUTE
            later = chance.choice(("keep", "edit", "delete"))
            yield SayInThread(when, *where, chance.randrange(3), f"{words} talk", later)
