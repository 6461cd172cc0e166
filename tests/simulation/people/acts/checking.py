"""People check a project at its gates, approve of a release or not yet, and make risks of a no."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bot.sandbox.blocks import elements_of
from bot.sandbox.views import View
from bot.sandbox.world import BOT_USER_ID, Json, Message
from tests.simulation.cast import Setting
from tests.simulation.model.checks import Check
from tests.simulation.model.risks import Of, Risk, Source
from tests.simulation.model.scores import Score
from tests.simulation.people import risk_views
from tests.simulation.people.act import Act
from tests.simulation.people.office import Heard, Office, Outcome
from tests.simulation.people.risk_form import fill_in

_FORM, _MENU = "risk.check.form", "risk.from_check"
_BUTTONS = {"approved": "risk.check.approve", "not yet": "risk.check.not_yet"}
_REFUSAL_SECONDS = 4.0


@dataclass(frozen=True)
class RunCheck:
    """Somebody answers the questions of a check; what they say repeats itself."""

    at: datetime
    who: str
    channel: str
    kind: str
    about: str
    said: tuple[str, ...]

    async def perform(self, office: Office) -> None:
        await office.command(self.who, self.channel, f"check {self.kind}", risk_views.COMMAND)
        view = await office.modal(self.who, _FORM)
        if view is not None:
            await self._submit(office, view)
        office.close(self.who)

    async def _submit(self, office: Office, view: View) -> None:
        asked = [block["block_id"] for block, one in elements_of(view.blocks)
                 if one.get("action_id") == "said"]  # fmt: skip
        answers = {key: self.said[number % len(self.said)] for number, key in enumerate(asked)}
        check = Check(self.kind, self.about, answers, office.now())
        office.books.register.checks[self.about] = check
        entered: dict[str, dict[str, object]] = {key: {"said": one} for key, one in answers.items()}
        done = await office.submit(self.who, {"about": {"about": self.about}, **entered})
        if done.outcome is Outcome.CLOSED:
            check.sure = office.now()
        elif done.outcome is not Outcome.UNKNOWN and not done.unsure:
            del office.books.register.checks[self.about]


@dataclass(frozen=True)
class Approve:
    """Somebody says to a release that it may go, or not yet; whether they are asked or not."""

    at: datetime
    who: str
    channel: str
    about: str
    says: str

    async def perform(self, office: Office) -> None:
        found = _offered(office, self.channel, self.about, _BUTTONS[self.says])
        if found is None:
            return
        message, button = found
        before = office.site.world.stamp()
        approval = office.books.register.checks[self.about].approval
        begun = approval.begin((self.who, self.says), office.now())
        done = await office.click(self.who, message, _BUTTONS[self.says], button["value"])
        await asyncio.sleep(_REFUSAL_SECONDS)
        heard = office.heard(self.who, before)
        if heard is Heard.REFUSAL:
            approval.drop(begun)
        elif heard is Heard.NOTHING and done is not None and done["acked"]:
            begun.sure = office.now()


@dataclass(frozen=True)
class RiskOfCheck:
    """Somebody makes a risk of what is no, or unsure."""

    at: datetime
    who: str
    channel: str
    about: str
    title: str
    owner: str
    score: Score

    async def perform(self, office: Office) -> None:
        found = _offered(office, self.channel, self.about, _MENU)
        if found is not None:
            message, menu = found
            chosen = menu["options"][-1]["value"]
            await office.click(self.who, message, _MENU, chosen)
            risk = Risk(self.title, self.channel, Source(Of.CHECK, chosen, self.channel))
            await fill_in(office, self.who, risk, self.owner, self.score)


def _offered(office: Office, channel: str, about: str, action: str) -> tuple[Message, Json] | None:
    """What the message of a check offers."""
    for message in office.site.world.messages(channel):
        if message.user == BOT_USER_ID and f" check · {about}: " in message.text:
            for _block, element in elements_of(message.blocks):
                if element.get("action_id") == action and not message.deleted:
                    return message, element
    return None


def draw(setting: Setting, chance: Random) -> Iterator[Act]:
    """Where there is a register; some approve who may not, and some twice."""
    register = setting.register
    if register is None:
        return
    people = [one.id for one in setting.people]
    channel = register.channel
    for number in range(chance.choice((0, 0, 1, 1, 2))):
        at = setting.start + chance.random() * (setting.end - setting.start)
        about, kind = f"Gate {number}", chance.choice(("feasibility", "release", "release"))
        said = chance.choice((("yes",), ("yes", "no"), ("yes", "unsure", "yes")))
        yield RunCheck(at, chance.choice(people), channel, kind, about, said)
        for _ in range(chance.randint(0, 3)):
            at += timedelta(minutes=chance.choice((0.2, 5, 200)))
            who = chance.choice((register.risk_owner, register.risk_owner, *people))
            yield Approve(at, who, channel, about, chance.choice(list(_BUTTONS)))
        if chance.random() < 0.5:
            at += timedelta(minutes=chance.choice((0.2, 60)))
            score = chance.randint(1, 5), chance.randint(1, 5)
            title, who = f"What gate {number} found", chance.choice(people)
            yield RiskOfCheck(at, who, channel, about, title, chance.choice(people), score)
