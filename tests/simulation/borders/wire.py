"""The wire from Slack to the bot: what Slack sends reaches Bolt in this process, or doesn't."""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from random import Random

from slack_bolt.response import BoltResponse

from bot.sandbox.errors import NotDeliveredError
from bot.sandbox.wire import ACK_SECONDS, Ack, Delivery
from bot.sandbox.world import Json
from tests.simulation.borders.trouble import Border
from tests.simulation.machine.process import Process

_SECONDS = (0.01, 0.15)


class Oddity(StrEnum):
    """What happens to something that Slack sends."""

    LOST = "lost"  # on its way to the bot
    UNHEARD = "unheard"  # the bot took it, and its ack is lost
    TWICE = "twice"
    LATE = "late"  # by minutes; of Jira's webhooks


@dataclass(frozen=True)
class Odd:
    """From an instant on, what happens to the next `count` deliveries."""

    at: datetime
    oddity: Oddity
    count: int = 1
    border: Border = Border.SLACK


class Oddities:
    """Those that are planned, by the calendar."""

    def __init__(self, planned: Sequence[Odd], now: Callable[[], datetime]) -> None:
        self._left = [
            (one.at, one.oddity)
            for one in sorted(planned, key=lambda one: one.at)
            for _ in range(one.count)
        ]
        self._now = now

    def next(self) -> Oddity | None:
        """That of something that is delivered now, which thereby counts."""
        if not self._left or self._left[0][0] > self._now():
            return None
        return self._left.pop(0)[1]

    def clear(self) -> None:
        """From now on all is well."""
        self._left = []


class InProcess:
    """A wire of the sandbox. Like Slack, it goes on trying while nobody hears."""

    connected = True

    def __init__(
        self,
        process: Process,
        planned: Sequence[Odd],
        *,
        now: Callable[[], datetime],
        taken: Callable[[Json, datetime], None],
        chance: Random,
    ) -> None:
        """Take also whom to tell what the bot has acknowledged."""
        self.oddities = Oddities(planned, now)
        self._process = process
        self._now = now
        self._taken = taken
        self._chance = chance
        self._again: asyncio.Future[BoltResponse | None] | None = None

    async def deliver(self, delivery: Delivery) -> Ack:
        odd = self.oddities.next()
        await asyncio.sleep(self._chance.uniform(*_SECONDS))
        if odd is Oddity.LOST:
            raise NotDeliveredError("connection_failed")
        answer = await self._in_time(delivery)
        if odd is Oddity.TWICE:
            self._again = asyncio.ensure_future(self._hear(delivery))
        if odd is Oddity.UNHEARD:
            raise NotDeliveredError("connection_failed")
        return _ack(answer)

    async def _in_time(self, delivery: Delivery) -> BoltResponse:
        if not self._process.up:
            raise NotDeliveredError("dispatch_failed")
        hearing = asyncio.ensure_future(self._hear(delivery))
        await asyncio.wait({hearing}, timeout=ACK_SECONDS)
        if not hearing.done():
            raise NotDeliveredError("timeout")
        answer = hearing.result()
        if answer is None:
            raise NotDeliveredError("connection_failed")
        return answer

    async def _hear(self, delivery: Delivery) -> BoltResponse | None:
        answer = await self._process.hear(json.loads(json.dumps(delivery.payload)))
        if answer is not None and answer.status == 200:
            self._taken(delivery.payload, self._now())
        return answer


def _ack(answer: BoltResponse) -> Ack:
    """As Bolt's adapter for Socket Mode sends it: a failure is no answer."""
    if answer.status != 200:
        raise NotDeliveredError("timeout")
    if not answer.body:
        return Ack()
    kind = answer.headers.get("content-type", [""])[0]
    if kind.startswith("application/json"):
        return Ack(json.loads(answer.body) or None)
    return Ack({"text": answer.body})
