"""Monitors tell of many things within a minute, one by one or all in one request."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from tests.simulation.cast import Setting
from tests.simulation.model.alerts import MANY, Told
from tests.simulation.people.act import Act
from tests.simulation.people.acts.alerting import Judge
from tests.simulation.people.office import Office

_TAKEN = (202, 409)
_ANSWERS = (*_TAKEN, 503)
_AGAIN_SECONDS = 20.0


@dataclass(frozen=True)
class Storm:
    """So many things alert, or are over, each of a name of its own."""

    at: datetime
    who: str  # the monitor
    called: str
    first: int
    number: int
    firing: bool
    together: bool  # in one request, as Alertmanager sends them
    seconds: float  # between two requests

    async def perform(self, office: Office) -> None:
        names = [f"{self.called} {one}" for one in range(self.first, self.first + self.number)]
        if self.together:
            await self._tell(office, names, {"alerts": [self._alert(one) for one in names]}, 3)
            return
        for name in names:
            said = {"source": "watch", "name": name, "fingerprint": name, "status": self._state}
            await self._tell(office, [name], said, 1)
            await asyncio.sleep(self.seconds)

    @property
    def _state(self) -> str:
        return "firing" if self.firing else "resolved"

    def _alert(self, name: str) -> dict[str, object]:
        return {"status": self._state, "labels": {"alertname": name}, "fingerprint": name}

    async def _tell(
        self, office: Office, names: list[str], body: Mapping[str, object], tries: int
    ) -> None:
        """Post it; what was taken in part is taken once, as the same request comes again."""
        register = office.books.register
        told = [Told(name, self.firing, office.now()) for name in names]
        register.told += told
        sent = json.dumps(body).encode()
        headers = office.monitor.sign(sent)
        for number in range(tries):
            if number:
                await asyncio.sleep(_AGAIN_SECONDS)
            said = await office.monitor.post(headers, sent)
            if said in _TAKEN:
                for one in told:
                    one.sure = office.now()
                return
            if said is not None and said not in _ANSWERS:
                register.wrong.append(f"a storm at {office.now()} was answered by {said}")


def draw(setting: Setting, chance: Random) -> Iterator[Act]:
    """In a third of those that have a register; some of them twice, and over in between."""
    register = setting.register
    if register is None or chance.random() < 0.65:
        return
    at = setting.start + chance.uniform(0, 0.9) * (setting.end - setting.start)
    for _ in range(chance.choice((1, 1, 2, 3))):
        first, number = chance.choice((0, 0, 10)), chance.choice((4, 8, 20, 55, 90))
        firing, together = chance.random() < 0.8, chance.random() < 0.4
        seconds = chance.choice((0.0, 0.3, 0.9))
        yield Storm(at, "a monitor", "Node", first, number, firing, together, seconds)
        at += timedelta(minutes=chance.choice((0.5, 4, 11, 35, 90)))
        if chance.random() < 0.3:
            who = chance.choice((register.risk_owner, setting.people[0].id))
            name = chance.choice((MANY, "Node 0", "Node 12"))
            yield Judge(at, who, register.channel, name, "false alarm")
