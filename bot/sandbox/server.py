"""The sandbox's server: the outside world on one port of this machine."""

import asyncio
import errno
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qsl

from aiohttp import web

from bot.core.clock import Calendar, Machine
from bot.sandbox import replies
from bot.sandbox.api import dispatch, files
from bot.sandbox.clockwork import AtRest, Clockwork, NextDue
from bot.sandbox.control import Control
from bot.sandbox.errors import PortTaken, SlackError
from bot.sandbox.events import SUBSCRIBED
from bot.sandbox.guard import guard
from bot.sandbox.jira import site as jira
from bot.sandbox.jira.rest import dispatch as jira_dispatch
from bot.sandbox.jira.world import PATH as JIRA
from bot.sandbox.jira.world import Deployment
from bot.sandbox.keeping import Kept, put_back
from bot.sandbox.shortcuts import SHORTCUTS, Shortcut
from bot.sandbox.site import build

HOST = "127.0.0.1"
PAGE = Path(__file__).parent / "page"
# The page runs nothing but its own files and shows pictures from anywhere.
POLICY = "default-src 'self'; img-src * data:; style-src 'self' 'unsafe-inline'"
_TURNS = 3  # of the loop, from a connection's acceptance until aiohttp knows of it


async def _accept_no_more(server: asyncio.Server) -> None:
    """Listen no more; a connection accepted this instant is still taken, so that it gets closed.

    asyncio leaves one open for good that it is about to take when its server closes:
    https://github.com/python/cpython/issues/109564
    """
    for one in server.sockets:
        server.get_loop().remove_reader(one.fileno())
    for _ in range(_TURNS):
        await asyncio.sleep(0)
    server.close()


class Sandbox:
    """A Slack workspace and a Jira site in this process, reached over loopback HTTP."""

    def __init__(
        self,
        *,
        machine: Machine,
        calendar: Calendar,
        port: int = 0,
        limits: bool = True,
        commands: Iterable[str] = ("/standup", "/team", "/actions", "/retro", "/risk"),
        subscriptions: Iterable[str] = SUBSCRIBED,
        shortcuts: Iterable[Shortcut] = SHORTCUTS,
        kept: Kept | None = None,
        deployment: Deployment = Deployment.CLOUD,
    ) -> None:
        self.site = build(
            machine,
            calendar,
            limits=limits,
            commands=tuple(commands),
            shortcuts=tuple(shortcuts),
            deployment=deployment,
        )
        self.site.events.subscriptions = set(subscriptions)
        if kept is not None:
            put_back(self.site, kept)
        self._clock = Clockwork(self.site)
        self._control = Control(self.site, self._clock)
        self._port = port
        self._runner: web.AppRunner | None = None
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """The server's root, once started."""
        return self.site.url

    @property
    def jira_url(self) -> str:
        """Jira's root, once started."""
        return self.site.jira.url

    @property
    def scopes(self) -> set[str]:
        """The scopes granted to the app; may be changed in place."""
        return self.site.scopes

    @property
    def subscriptions(self) -> set[str]:
        """The events that the app subscribed to; may be changed in place."""
        return self.site.events.subscriptions

    @property
    def request_url(self) -> str | None:
        """Where signed HTTP payloads go; None for Socket Mode."""
        return self.site.http.request_url

    @request_url.setter
    def request_url(self, url: str | None) -> None:
        self.site.http.request_url = url
        if url is not None:
            self.site.events.connected()

    def attach(self, *, next_due: NextDue, at_rest: AtRest) -> None:
        """Take the bot's clock in hand; without this the clock can't be moved."""
        self._clock.attach(next_due, at_rest)

    async def advance_to(self, instant: datetime) -> int:
        """Move calendar time there; the number of mirrors still waiting for back-off."""
        return await self._clock.advance_to(instant)

    async def disconnect(self, reason: str = "warning") -> None:
        """Have every Socket Mode connection come back, as Slack does now and then."""
        await self.site.sockets.disconnect(reason)

    async def start(self) -> None:
        """Listen; raises PortTaken."""
        app = web.Application(middlewares=[guard(lambda: self._port)],
                              client_max_size=dispatch.MAX_BODY)  # fmt: skip
        self._add_routes(app.router)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        try:
            self._server = await asyncio.get_running_loop().create_server(
                self._runner.server,  # type: ignore[arg-type]  # None only before `setup`
                HOST,
                self._port,
            )
        except OSError as error:
            await self._runner.cleanup()
            if error.errno == errno.EADDRINUSE:
                raise PortTaken(self._port) from None
            raise
        self._port = self._server.sockets[0].getsockname()[1]
        self.site.url = f"http://{HOST}:{self._port}"
        self.site.world.root = self.site.hooks.base = self.site.url
        self.site.jira.url = jira.at(self.site.url)

    async def stop(self) -> None:
        """Stop listening and drop what is under way."""
        self._control.closing = True
        self.site.changes.bump()
        await self.site.events.close()
        await self.site.jira.webhooks.close()
        await self.site.sockets.close()
        await self.site.http.close()
        if self._server is not None:
            await _accept_no_more(self._server)
        if self._runner is not None:
            await self._runner.cleanup()

    def _add_routes(self, router: web.UrlDispatcher) -> None:
        self._control.add_to(router)
        router.add_route("*", "/api/{method}", self._api)
        router.add_get(JIRA, self._jira_root)
        router.add_route("*", f"{JIRA}/{{path:.*}}", self._jira)
        router.add_get("/socket", self.site.sockets.handle)
        router.add_post("/actions/{team}/{secret}", self._response_url)
        router.add_post("/upload/v1/{file}", self._upload)
        router.add_get("/files/{file}/{name}", self._file)
        router.add_get("/", self._index)
        router.add_get("/page/{file}", self._page)

    async def _api(self, request: web.Request) -> web.StreamResponse:
        return await dispatch.handle(self.site, request)

    async def _jira(self, request: web.Request) -> web.StreamResponse:
        return await jira_dispatch.handle(self.site.jira, request)

    async def _jira_root(self, request: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": "/#jira"})

    async def _upload(self, request: web.Request) -> web.Response:
        return await files.receive(self.site, request)

    async def _file(self, request: web.Request) -> web.Response:
        return files.serve(self.site, request)

    async def _response_url(self, request: web.Request) -> web.Response:
        text = await request.text()
        try:
            if request.content_type == "application/json":
                body = await request.json()
            else:
                body = dict(parse_qsl(text))
            replies.answer(self.site, request.match_info["secret"], body)
        except (SlackError, ValueError) as refusal:
            code = refusal.code if isinstance(refusal, SlackError) else "invalid_payload"
            self.site.log.add("in", "response_url", "", code, text)
            gone = code in ("used_url", "expired_url", "invalid_url")
            return web.json_response({"ok": False, "error": code}, status=404 if gone else 400)
        self.site.log.add("in", "response_url", "", "ok", text)
        return web.Response(text="ok")

    async def _index(self, request: web.Request) -> web.StreamResponse:
        return self._static("index.html")

    async def _page(self, request: web.Request) -> web.StreamResponse:
        return self._static(request.match_info["file"])

    def _static(self, name: str) -> web.StreamResponse:
        # The name is one segment of a path, so only what lies in the folder itself is served.
        path = PAGE / name
        if name.startswith(".") or not path.is_file():
            return web.Response(status=404, text="no such page")
        headers = {"Cache-Control": "no-cache", "Content-Security-Policy": POLICY}
        return web.FileResponse(path, headers=headers)
