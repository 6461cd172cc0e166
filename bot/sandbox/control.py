"""The control API: what a script or the page asks of the world."""

import asyncio
import contextlib
import inspect
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.sandbox import acts, forms, people, suggestions
from bot.sandbox.clockwork import Clockwork
from bot.sandbox.errors import ControlError
from bot.sandbox.jira import control as jira
from bot.sandbox.jira.board import board
from bot.sandbox.site import Site
from bot.sandbox.state import state
from bot.sandbox.waiting import within
from bot.sandbox.world import Json

Act = Callable[[Site, Json], Json | Awaitable[Json]]
STREAM_PAUSE = 0.05
KEEP_ALIVE = 15.0
HEARD = 3.0


def _fault(site: Site, body: Json) -> Json:
    site.faults.add(body)
    return {"faults": site.faults.shown()}


def _clear_faults(site: Site, body: Json) -> Json:
    site.faults.clear(body.get("method"))
    return {"faults": site.faults.shown()}


def _deliver(site: Site, body: Json) -> Json:
    site.events.misbehave(body)
    return {}


ACTS: dict[tuple[str, str], Act] = {
    ("POST", "command"): acts.command,
    ("POST", "click"): acts.click,
    ("POST", "shortcut"): acts.shortcut,
    ("POST", "suggest"): suggestions.suggest,
    ("POST", "submit"): forms.submit,
    ("POST", "close"): forms.close,
    ("POST", "home"): forms.home,
    ("POST", "message"): people.say,
    ("POST", "edit"): people.edit,
    ("POST", "delete"): people.delete,
    ("POST", "dismiss"): people.dismiss,
    ("POST", "user"): people.change_user,
    ("POST", "channel"): people.change_channel,
    ("POST", "fault"): _fault,
    ("DELETE", "fault"): _clear_faults,
    ("POST", "deliver"): _deliver,
    **{("POST", f"jira/{name}"): act for name, act in jira.ACTS.items()},
}


class Control:
    """The routes under /_control/."""

    def __init__(self, site: Site, clock: Clockwork) -> None:
        self._site = site
        self._clock = clock
        self.closing = False

    def add_to(self, router: web.UrlDispatcher) -> None:
        router.add_get("/_control/state", self._state)
        router.add_get("/_control/log", self._log)
        router.add_get("/_control/jira/issues", self._jira)
        router.add_get("/_control/stream", self._stream)
        router.add_post("/_control/clock", self._answering(lambda _, b: self._clock.control(b)))
        for (verb, name), act in ACTS.items():
            router.add_route(verb, f"/_control/{name}", self._answering(act))

    def _answering(self, act: Act) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            try:
                result = act(self._site, await _body(request))
                answer = await result if inspect.isawaitable(result) else result
                await self._heard()
                return web.json_response(answer)
            except ControlError as error:
                return web.json_response({"error": str(error)}, status=error.status)

        return handle

    async def _heard(self) -> None:
        """Wait a moment until the bot has taken the events and webhooks that an act made."""
        await asyncio.sleep(0)
        for answered in (self._site.line.quiet, self._site.jira.webhooks.answered):
            with contextlib.suppress(TimeoutError):
                await within(self._site.machine, HEARD, answered())

    async def _state(self, request: web.Request) -> web.Response:
        return web.json_response(await state(self._site, self._clock))

    async def _jira(self, request: web.Request) -> web.Response:
        return web.json_response(board(self._site))

    async def _log(self, request: web.Request) -> web.Response:
        after = request.query.get("after", "0")
        number = int(after) if after.isdecimal() else 0
        return web.json_response({"entries": self._site.log.entries(number)})

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        """Server-Sent Events: `changed` with the counter, at most every 50 ms."""
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        seen = -1
        while not self.closing:
            try:
                seen = await within(self._site.machine, KEEP_ALIVE, self._site.changes.past(seen))
                await response.write(f"event: changed\ndata: {seen}\n\n".encode())
                await self._site.machine.sleep(STREAM_PAUSE)
                seen = max(seen, 0)
            except TimeoutError:
                await response.write(b": still here\n\n")
            except ConnectionError:
                break
        return response


async def _body(request: web.Request) -> Json:
    if not request.can_read_body:
        return {}
    try:
        body = await request.json()
    except ValueError:
        raise ControlError("the body is not JSON") from None
    if not isinstance(body, dict):
        raise ControlError("the body is a JSON object")
    return body
