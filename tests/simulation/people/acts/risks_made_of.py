"""People make risks of what there is: of a blocker, of a message, of an alert."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bot.sandbox.blocks import elements_of
from bot.sandbox.world import BOT_USER_ID, Json, Message
from tests.simulation.cast import Setting
from tests.simulation.model.risks import Of, Risk, Source, Way
from tests.simulation.model.scores import Score
from tests.simulation.people.act import Act
from tests.simulation.people.acts.alerting import Alert, Judge, Then, pulled_forward
from tests.simulation.people.acts.moments import moments
from tests.simulation.people.acts.risks import Decide, Tap
from tests.simulation.people.office import Office
from tests.simulation.people.risk_form import fill_in

_OF_BLOCKER, _OF_MESSAGE, _OF_ALERT = "risk.from_blocker", "risk.from_message", "risk.from_alert"
_UNTOLD = "The queue grows"
"""What no risk speaks of before somebody makes one of it."""
_TAKEN = timedelta(minutes=2)  # so long a monitor tries again


@dataclass(frozen=True)
class RiskOfBlocker:
    """Somebody makes a risk of one of what blocks people, in the menu below a stand-up."""

    at: datetime
    who: str
    channel: str
    title: str
    owner: str
    score: Score

    async def perform(self, office: Office) -> None:
        for message, menu in _offered(office, self.channel, _OF_BLOCKER):
            chosen = menu["options"][-1]["value"]
            await office.click(self.who, message, _OF_BLOCKER, chosen)
            risk = Risk(self.title, self.channel, Source(Of.BLOCKER, chosen, self.channel))
            await fill_in(office, self.who, risk, self.owner, self.score)
            return


@dataclass(frozen=True)
class RiskOfMessage:
    """Somebody writes of what may go wrong, and they or another make a risk of the message."""

    at: datetime
    who: str
    channel: str
    writer: str
    title: str
    owner: str
    score: Score

    async def perform(self, office: Office) -> None:
        message = office.say(self.writer, f"I fear for *us*: {self.title}", self.channel)
        if message is None:
            return
        await office.shortcut(self.who, message, _OF_MESSAGE)
        risk = Risk(self.title, self.channel, Source(Of.MESSAGE, message.ts, self.channel))
        await fill_in(office, self.who, risk, self.owner, self.score)


@dataclass(frozen=True)
class RiskOfAlert:
    """Somebody makes a risk of an alert of which the register doesn't speak."""

    at: datetime
    who: str
    channel: str
    name: str
    title: str
    owner: str
    score: Score

    async def perform(self, office: Office) -> None:
        for message, button in _offered(office, self.channel, _OF_ALERT):
            if message.text.startswith(f"{self.name}: "):
                await office.click(self.who, message, _OF_ALERT, button["value"])
                risk = Risk(self.title, self.channel, Source(Of.ALERT, self.name, self.channel))
                await fill_in(office, self.who, risk, self.owner, self.score)
                self._may_be_told_of(office, risk)
                return

    def _may_be_told_of(self, office: Office, risk: Risk) -> None:
        """What the monitor is telling just now may be taken when the risk is there."""
        told = office.books.register.told
        if any(
            one.name == self.name and one.firing and one.sure is None
            and one.since > office.now() - _TAKEN
            for one in told
        ):  # fmt: skip
            risk.begin(pulled_forward(office, risk))


def _offered(office: Office, channel: str, action: str) -> Iterator[tuple[Message, Json]]:
    """What the bot's messages in a channel offer, the latest first."""
    for message in list(office.site.world.messages(channel))[::-1]:
        if message.user == BOT_USER_ID and not message.deleted and message.ephemeral_to is None:
            for _block, element in elements_of(message.blocks):
                if element.get("action_id") == action:
                    yield message, element


def draw(setting: Setting, chance: Random) -> Iterator[Act]:
    """Where there is a register; some of what is made is looked at later."""
    if setting.register is None:
        return
    yield from _of_blockers(setting, chance)
    yield from _of_messages(setting, chance)
    yield from _of_alerts(setting, chance)


def _of_blockers(setting: Setting, chance: Random) -> Iterator[Act]:
    for number, (standup, person, due, ends) in enumerate(moments(setting)):
        if chance.random() < 0.5:
            title = f"{person.name} sees {number} blocked"
            at = due + chance.uniform(0.1, 1.2) * (ends - due)
            owner, who = _two(setting, chance)
            yield RiskOfBlocker(at, who, standup.channel, title, owner, _score(chance))
            yield from _looks(chance, at, owner, standup.channel, title)


def _of_messages(setting: Setting, chance: Random) -> Iterator[Act]:
    for number in range(chance.choice((0, 1, 1, 2))):
        channel = chance.choice([_leads(setting), *(one.channel for one in setting.standups)])
        at = setting.start + chance.random() * (setting.end - setting.start)
        owner, who = _two(setting, chance)
        title, writer = f"It was said {number}", chance.choice(setting.people).id
        yield RiskOfMessage(at, who, channel, writer, title, owner, _score(chance))
        yield from _looks(chance, at, owner, channel, title)


def _of_alerts(setting: Setting, chance: Random) -> Iterator[Act]:
    channel = _leads(setting)
    at = setting.start + chance.uniform(0, 0.6) * (setting.end - setting.start)
    for number in range(chance.choice((0, 1, 1, 2))):
        name, title = f"{_UNTOLD} {number}", f"A monitor sees {number}"
        owner, who = _two(setting, chance)
        later = at + timedelta(minutes=chance.choice((0.2, 3, 40)))
        yield Alert(at, "a monitor", name, True, 100 + number, Then.NOTHING)
        yield RiskOfAlert(later, who, channel, name, title, owner, _score(chance))
        yield Judge(later + timedelta(minutes=10), owner, channel, name, "retrain")
        for again in range(chance.randint(0, 3)):
            at = later + timedelta(minutes=chance.choice((1, 35, 400)) * (again + 1))
            yield Alert(at, "a monitor", name, again % 2 == 1, 200 + again, Then.NOTHING)
        yield from _looks(chance, later, owner, channel, title)


def _looks(chance: Random, at: datetime, who: str, channel: str, title: str) -> Iterator[Act]:
    """It is kept, rescored or closed some time after."""
    if chance.random() < 0.5:
        later = at + timedelta(hours=chance.choice((0.1, 2, 9)))
        way = chance.choice((Way.KEPT, Way.RESCORED, Way.CLOSED))
        if way is Way.KEPT:
            yield Tap(later, who, channel, title, way, on_card=False)
        else:
            yield Decide(later, who, channel, title, way, "As it turned out", _score(chance))


def _leads(setting: Setting) -> str:
    assert setting.register is not None
    return setting.register.channel


def _two(setting: Setting, chance: Random) -> tuple[str, str]:
    """Who is to look after it, and who makes it."""
    return chance.choice(setting.people).id, chance.choice(setting.people).id


def _score(chance: Random) -> Score:
    return chance.randint(1, 5), chance.randint(1, 5)
