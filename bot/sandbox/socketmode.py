"""Socket Mode: WebSockets over which the bot gets envelopes and answers them."""

import asyncio
import contextlib
import json
import uuid
from collections.abc import Callable

from aiohttp import WSMsgType, web

from bot.core.clock import Machine
from bot.sandbox.errors import NotDeliveredError
from bot.sandbox.waiting import within
from bot.sandbox.wire import ACK_SECONDS, Ack, Delivery
from bot.sandbox.world import APP_ID, Json, new_id

CONNECTIONS = 10


class SocketMode:
    """The open connections; each envelope goes to one of them in turn."""

    def __init__(self, machine: Machine, on_connect: Callable[[], None]) -> None:
        self._machine = machine
        self.patience = ACK_SECONDS  # for an ack
        self._on_connect = on_connect
        self._tickets: set[str] = set()
        self._sockets: list[web.WebSocketResponse] = []
        self._turn = 0
        self._waiting: dict[str, tuple[web.WebSocketResponse, asyncio.Future[Ack]]] = {}

    @property
    def connected(self) -> bool:
        return bool(self._sockets)

    @property
    def connections(self) -> int:
        return len(self._sockets)

    def ticket(self) -> str:
        """What lets one connection in, once."""
        ticket = new_id("W")
        self._tickets.add(ticket)
        return ticket

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One connection, from its hello to its end."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403, text="the ticket is unknown or was used")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if len(self._sockets) >= CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        self._sockets.append(socket)
        try:
            await socket.send_json(self._hello())
            self._on_connect()
            await self._listen(socket)
        finally:
            self._drop(socket)
        return socket

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._sockets),
            "connection_info": {"app_id": APP_ID},
            "debug_info": {"host": "sandbox", "approximate_connection_time": 18060},
        }

    async def _listen(self, socket: web.WebSocketResponse) -> None:
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                self._take_ack(message.data)

    def _take_ack(self, text: str) -> None:
        try:
            body = json.loads(text)
        except ValueError:
            return
        _, future = self._waiting.get(body.get("envelope_id", ""), (None, None))
        if future is not None and not future.done():
            payload = body.get("payload")
            future.set_result(Ack(payload if isinstance(payload, dict) and payload else None))

    def _drop(self, socket: web.WebSocketResponse) -> None:
        if socket in self._sockets:
            self._sockets.remove(socket)
        for owner, future in self._waiting.values():
            if owner is socket and not future.done():
                future.set_exception(NotDeliveredError("connection_failed"))

    async def deliver(self, delivery: Delivery) -> Ack:
        if not self._sockets:
            raise NotDeliveredError("dispatch_failed")
        self._turn += 1
        socket = self._sockets[self._turn % len(self._sockets)]
        envelope = _envelope(delivery)
        future: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()
        self._waiting[envelope["envelope_id"]] = (socket, future)
        try:
            await socket.send_json(envelope)
            return await within(self._machine, self.patience, future)
        except TimeoutError:
            raise NotDeliveredError("timeout") from None
        except ConnectionError:
            raise NotDeliveredError("connection_failed") from None
        finally:
            del self._waiting[envelope["envelope_id"]]

    async def disconnect(self, reason: str) -> None:
        """Ask every connection to come back, then close it."""
        for socket in list(self._sockets):
            with contextlib.suppress(ConnectionError):
                await socket.send_json({"type": "disconnect", "reason": reason})
                await socket.close()

    async def close(self) -> None:
        for socket in list(self._sockets):
            with contextlib.suppress(ConnectionError):
                await socket.close(code=1001)


def _envelope(delivery: Delivery) -> Json:
    envelope: Json = {
        "envelope_id": str(uuid.uuid4()),
        "type": delivery.kind,
        "payload": delivery.payload,
        "accepts_response_payload": delivery.kind != "events_api",
    }
    if delivery.kind == "events_api":
        envelope |= {"retry_attempt": delivery.retry, "retry_reason": delivery.reason}
    return envelope
