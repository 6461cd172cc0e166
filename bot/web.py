"""The web server: health always, Slack's route where it comes in by HTTP, and others' hooks."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp

SLACK_PATH = "/slack/events"
_BODY_BYTES = 1024 * 1024  # what Slack and Jira send stays well under it
_TURNS = 3  # of the loop, from a connection's acceptance until aiohttp knows of it
_TIMESTAMP_DIGITS = 20  # Python refuses to read a number of thousands
_SIGNED_BY = ("Request-Timestamp", "Signature")

Health = Callable[[], Awaitable[Mapping[str, object]]]
Hook = Callable[[Mapping[str, str], bytes], Awaitable[int]]
"""Takes what was posted, by its headers (in whatever capitals) and body; answers the status."""
HookFor = Callable[[str, Mapping[str, str], bytes], Awaitable[int]]
"""The same for whom the end of the address names."""
# Bytes or a charset that nobody can read; JSON that is none, or not of Slack's shape, in which Bolt
# looks for the team before it verifies anything.
_UNREADABLE = (AttributeError, LookupError, RecursionError, TypeError, ValueError)
_RETRY_AFTER = {503: "60"}  # seconds, where a hook asks for patience


class Web:
    """Listens on one address until closed."""

    def __init__(
        self,
        host: str,
        port: int,
        health: Health,
        hooks: Mapping[str, Hook] | None = None,
        hooks_for: Mapping[str, HookFor] | None = None,
    ) -> None:
        """Take `hooks` by their paths, and those for somebody by what their paths begin with."""
        self._host = host
        self._port = port
        self._health = health
        self._hooks = dict(hooks or {})
        self._hooks_for = dict(hooks_for or {})
        self._bolt: AsyncApp | None = None
        self._runner: web.AppRunner | None = None
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """Where it listens, once started; with the port that the system gave for port 0."""
        if self._server is None:
            raise RuntimeError("the web server is not started")
        return f"http://{self._host}:{self._server.sockets[0].getsockname()[1]}"

    def take_slack(self, bolt: AsyncApp) -> None:
        """From now on, hand what Slack sends to Bolt."""
        self._bolt = bolt

    async def start(self) -> None:
        """Begin to listen; raises OSError where the port is taken."""
        self._runner = web.AppRunner(self.routes(), access_log=None, shutdown_timeout=5.0)
        await self._runner.setup()
        self._server = await asyncio.get_running_loop().create_server(
            self._runner.server,  # type: ignore[arg-type]  # None only before `setup`
            self._host,
            self._port,
        )

    def routes(self) -> web.Application:
        """What it answers, wherever it listens."""
        app = web.Application(client_max_size=_BODY_BYTES)
        app.router.add_get("/health", self._get_health)
        app.router.add_post(SLACK_PATH, self._post_slack)
        for path in self._hooks:
            app.router.add_post(path, self._post_hook)
        for prefix, hook in self._hooks_for.items():
            app.router.add_post(f"{prefix}{{whom}}", partial(self._post_hook_for, hook))
        return app

    async def close(self) -> None:
        """Finish the requests under way, and listen no more."""
        if self._server is not None:
            await _accept_no_more(self._server)
            self._server = None
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _get_health(self, _request: web.Request) -> web.Response:
        state = await self._health()
        return web.json_response(state, status=200 if state["ready"] else 503)

    async def _post_hook(self, request: web.Request) -> web.Response:
        body = await request.read()  # too large a one is refused here
        return web.Response(status=await self._hooks[request.path](request.headers, body))

    async def _post_hook_for(self, hook: HookFor, request: web.Request) -> web.Response:
        body = await request.read()  # too large a one is refused here
        status = await hook(request.match_info["whom"], request.headers, body)
        retry = _RETRY_AFTER.get(status)
        return web.Response(status=status, headers={"Retry-After": retry} if retry else None)

    async def _post_slack(self, request: web.Request) -> web.Response:
        if self._bolt is None:
            return web.Response(status=503)
        if not _may_be_signed(request.headers):
            return web.Response(status=401)
        try:
            asked = await to_bolt_request(request)
        except _UNREADABLE:  # nor can it have been signed by Slack
            return web.Response(status=401)
        return await to_aiohttp_response(await self._bolt.async_dispatch(asked))


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


def _may_be_signed(headers: Mapping[str, str]) -> bool:
    """Whether the signature's headers are of its form; slack_sdk's verifier raises where not."""
    timestamp, signature = (headers.get(f"X-Slack-{name}", "") for name in _SIGNED_BY)
    digits = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _TIMESTAMP_DIGITS
    return digits and signature.isascii()
