"""A server in Jira's stead: it answers what a test tells it to, and keeps what it was asked."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import web
from aiohttp.test_utils import TestServer


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    verb: str
    path: str
    query: Mapping[str, str]
    body: Any
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Reply:
    """What to answer: JSON, or else the bare text."""

    json: Any = None
    status: int = 200
    text: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


DROP: Final = "drop"  # take the request, and hang up
HANG: Final = "hang"  # take the request, and say nothing

Answer = Reply | str


class Server:
    """One Jira of a test's own, over loopback."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self._answers: dict[tuple[str, str], list[Answer]] = {}
        self._over = asyncio.Event()
        made = web.Application()
        made.router.add_route("*", "/{path:.*}", self._take)
        self._server = TestServer(made)

    async def start(self) -> None:
        await self._server.start_server(access_log=None)

    async def close(self) -> None:
        self._over.set()
        await self._server.close()

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end."""
        return str(self._server.make_url("")).rstrip("/")

    def answers(self, verb: str, path: str, *answers: Answer) -> None:
        """What to answer to a call of the API, in turn; the last one from then on."""
        self._answers[verb, f"/rest/api/2/{path}"] = list(answers)

    @property
    def only(self) -> Asked:
        """The one request that came."""
        (asked,) = self.asked
        return asked

    async def _take(self, request: web.Request) -> web.StreamResponse:
        said = await request.read()
        self.asked.append(
            Asked(
                request.method,
                request.path,
                dict(request.query),
                json.loads(said) if said else None,
                dict(request.headers),
            )
        )
        waiting = self._answers.get((request.method, request.path))
        if not waiting:
            return web.json_response({"errorMessages": ["nobody told me what to say"]}, status=418)
        return await self._say(request, waiting.pop(0) if len(waiting) > 1 else waiting[0])

    async def _say(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        if isinstance(answer, str):
            if answer == HANG:
                await self._over.wait()
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        if answer.text is not None:
            body, kind = answer.text, "text/html"
        else:
            body, kind = "" if answer.json is None else json.dumps(answer.json), "application/json"
        return web.Response(
            text=body, content_type=kind, status=answer.status, headers=answer.headers
        )
