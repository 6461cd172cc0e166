"""How payloads reach the bot: what a delivery is, and waiting until all are answered."""

import asyncio
from dataclasses import dataclass
from typing import Literal, Protocol

from bot.sandbox.log import TrafficLog
from bot.sandbox.world import Json

Kind = Literal["events_api", "slash_commands", "interactive"]
ACK_SECONDS = 3.0


@dataclass(frozen=True)
class Delivery:
    """A payload on its way, and the how-manieth try it is."""

    kind: Kind
    payload: Json
    retry: int = 0
    reason: str = ""

    @property
    def type(self) -> str:
        """What the log calls it."""
        if self.kind == "slash_commands":
            return str(self.payload.get("command"))
        if self.kind == "interactive":
            return str(self.payload.get("type"))
        event = self.payload.get("event", {})
        return ".".join(str(event[key]) for key in ("type", "subtype") if key in event)


@dataclass(frozen=True)
class Ack:
    """The bot took it; what it said along with that, if anything."""

    body: Json | None = None


class Wire(Protocol):
    """One way to the bot; raises NotDeliveredError where it doesn't get there."""

    @property
    def connected(self) -> bool: ...

    async def deliver(self, delivery: Delivery) -> Ack: ...


class Line:
    """The way to the bot now in use, with a count of what is under way."""

    def __init__(self, log: TrafficLog) -> None:
        self._log = log
        self._under_way = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self.delivered = 0
        self.wires: list[Wire] = []

    @property
    def wire(self) -> Wire:
        """Signed HTTP where a request URL is set, else Socket Mode."""
        return next((wire for wire in self.wires if wire.connected), self.wires[-1])

    @property
    def connected(self) -> bool:
        return self.wire.connected

    async def deliver(self, delivery: Delivery) -> Ack:
        self._under_way += 1
        self._idle.clear()
        self.delivered += 1
        status = "cut off"
        try:
            ack = await self.wire.deliver(delivery)
            status = "acked"
        except Exception as error:
            status = str(error)
            raise
        else:
            return ack
        finally:
            summary = delivery.type + (f" (retry {delivery.retry})" if delivery.retry else "")
            self._log.add("out", delivery.kind, summary, status, delivery.payload)
            self._under_way -= 1
            if self._under_way == 0:
                self._idle.set()

    async def quiet(self) -> None:
        """Wait until nothing is under way."""
        while self._under_way:
            await self._idle.wait()
