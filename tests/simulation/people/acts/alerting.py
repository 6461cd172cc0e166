"""Monitors tell of alerts, and people decide about them."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from bot.sandbox.blocks import elements_of
from bot.sandbox.world import BOT_USER_ID, Message
from tests.simulation.cast import Setting
from tests.simulation.model.alerts import Decided, Told
from tests.simulation.model.risks import Aspect, Deed, Risk, Way
from tests.simulation.people.act import Act
from tests.simulation.people.office import Heard, Office
from tests.simulation.people.risk_form import dates

_TAKEN, _REPEATED, _UNPROVEN, _FLOOD = 202, 409, 401, 503
_TRIES, _AGAIN_SECONDS, _REFUSAL_SECONDS = 4, 20.0, 4.0
_MANY = 70  # more than a team's monitors may send at once
_A_WHILE = timedelta(seconds=60)


class Then(StrEnum):
    """What follows a request of a monitor's."""

    NOTHING = "nothing"
    REPLAY = "somebody sends it again"
    FORGE = "somebody sends one that is not signed by it"
    FLOOD = "it sends many more"


@dataclass(frozen=True)
class Alert:
    """A monitor tells that something is alerting, or over; its name is its fingerprint."""

    at: datetime
    who: str  # the monitor
    name: str
    firing: bool
    number: int
    then: Then

    async def perform(self, office: Office) -> None:
        told, headers, body = await self._tell(office, f"{self.number}", _TRIES)
        match self.then:
            case Then.REPLAY:
                said = await office.monitor.post(headers, body)
                unheard = set() if told.sure is not None else {_TAKEN}  # it is the first to come
                self._expect(office, said, "a replay", {_REPEATED, _FLOOD} | unheard)
            case Then.FORGE:
                forged = office.monitor.sign(body, "what a stranger guesses")
                said = await office.monitor.post(forged, body)
                self._expect(office, said, "a forged request", {_UNPROVEN, _FLOOD})
            case Then.FLOOD:
                for again in range(_MANY):
                    await self._tell(office, f"{self.number}.{again}", 1)

    async def _tell(
        self, office: Office, value: str, tries: int
    ) -> tuple[Told, dict[str, str], bytes]:
        """Post it until it is known to have been taken, like any monitor."""
        told = Told(self.name, self.firing, office.now())
        state = "firing" if self.firing else "resolved"
        body = json.dumps(
            {"source": "watch", "name": self.name, "fingerprint": self.name,
             "value": value, "status": state}
        ).encode()  # fmt: skip
        office.books.register.told.append(told)
        for risk in office.books.register.about(self.name) if self.firing else ():
            risk.begin(pulled_forward(office, risk))
        headers = dict(office.monitor.sign(body))
        for _ in range(tries):
            said = await office.monitor.post(headers, body)
            if said in (_TAKEN, _REPEATED):
                told.sure = office.now()
                break
            self._expect(office, said, "a signed request", {_FLOOD})
            if tries > 1:
                await asyncio.sleep(_AGAIN_SECONDS)
        return told, headers, body

    def _expect(self, office: Office, said: int | None, what: str, right: set[int]) -> None:
        if said is not None and said not in right:
            office.books.register.wrong.append(f"{what} at {office.now()} was answered by {said}")


def pulled_forward(office: Office, risk: Risk) -> Deed:
    """Its review may be: an alert may have begun before, or matter to nobody now."""
    books, now = office.books, office.now()
    ends = now + _A_WHILE
    owners = {str(one) for one in risk.may_be(Aspect.OWNER, now, ends)} - {""}
    whose = owners | set(books.register.risk_owners.may_be(now, ends))
    days = dates(office, *whose)
    if not all(all(books.active[who].may_be(now, ends)) for who in whose):
        days |= {now.date(), ends.date()}  # with nobody left it is UTC's
    return Deed(Way.ALERTED, "", now, {Aspect.DUE: days})


@dataclass(frozen=True)
class Judge:
    """Somebody decides about an alert, beside its message."""

    at: datetime
    who: str
    channel: str
    name: str
    verdict: str

    async def perform(self, office: Office) -> None:
        action = f"risk.alert.{self.verdict.replace(' ', '_')}"
        found = self._found(office, action)
        if found is None:
            return
        message, value = found
        before = office.site.world.stamp()
        decided = Decided(self.name, self.verdict, self.who, office.now())
        office.books.register.decided.append(decided)
        done = await office.click(self.who, message, action, value)
        await asyncio.sleep(_REFUSAL_SECONDS)
        heard = office.heard(self.who, before)
        if heard is Heard.REFUSAL:
            office.books.register.decided.remove(decided)
        elif heard is Heard.NOTHING and done is not None and done["acked"]:
            decided.sure = office.now()

    def _found(self, office: Office, action: str) -> tuple[Message, str] | None:
        for message in office.site.world.messages(self.channel):
            if message.user == BOT_USER_ID and message.text.startswith(f"{self.name}: "):
                for _block, element in elements_of(message.blocks):
                    if element.get("action_id") == action:
                        return message, str(element["value"])
        return None


def draw(setting: Setting, chance: Random) -> Iterator[Act]:
    """Where there is a register; mostly about what it speaks of."""
    register = setting.register
    if register is None:
        return
    length = setting.end - setting.start
    names = [*(one.title for one in register.risks), "The gateway is slow"]
    for number in range(chance.choice((0, 2, 4, 7))):
        name = chance.choice(names[-3:])
        at = setting.start + chance.random() * length
        then = chance.choice((*[Then.NOTHING] * 4, *list(Then)))
        yield Alert(at, "a monitor", name, chance.random() < 0.7, number, then)
        if chance.random() < 0.6:
            owners = {one.title: one.owner for one in register.risks}
            who = chance.choice((owners.get(name) or register.risk_owner, setting.people[0].id))
            later = at + timedelta(minutes=chance.choice((1, 20, 300)))
            verdict = chance.choice(("retrain", "watch", "false alarm"))
            yield Judge(later, who, register.channel, name, verdict)
