"""Webhooks: sent in the background, sent again by machine time where they were not taken."""

import asyncio
import hashlib
import hmac
import json
import uuid
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, cast, get_args

import aiohttp

from bot.core.clock import Machine
from bot.sandbox.errors import ControlError
from bot.sandbox.jira.world import Account, Change, Issue
from bot.sandbox.log import TrafficLog
from bot.sandbox.waiting import within
from bot.sandbox.world import Json

Mode = Literal["on", "drop", "duplicate", "reorder", "forge"]
Post = Callable[[str, bytes, Mapping[str, str]], Awaitable[int]]
"""Posts a body with headers to a URL; answers the status."""
RETRY_AFTER = (300.0, 450.0, 600.0, 750.0, 900.0)
AGAIN = (408, 409, 425, 429)
ANSWER_SECONDS = 20.0
REORDER_SECONDS = 2.0
MOST_COPIES = 20


@dataclass(frozen=True)
class Event:
    """Something that happened to an issue, and who did it."""

    kind: str
    name: str
    issue: Issue
    by: Account
    change: Change | None = None


@dataclass(frozen=True)
class Letter:
    """A webhook on its way; every try and every copy bears the same id."""

    id: str
    url: str
    summary: str
    body: bytes
    secret: str


class Webhooks:
    """The one webhook that an administrator may set up, and how it misbehaves."""

    def __init__(self, machine: Machine, log: TrafficLog) -> None:
        self._machine = machine
        self._log = log
        self._session: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._held: list[Letter] = []
        self._under_way = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self.draw: Callable[[Event], Json] = lambda _: {}
        self.post: Post = self._over_http
        self.url: str | None = None
        self.secret = ""
        self.mode: Mode = "on"
        self.left: int | None = None
        self.copies = 2
        self.delivered = 0

    def configure(self, body: Json) -> None:
        """As a control call says: a URL and secret that it leaves out stay, a mode is on again.

        An empty URL takes the webhook away.
        """
        url, secret = body.get("url", self.url), body.get("secret", self.secret)
        if url and not (isinstance(url, str) and url.startswith("http://")):
            raise ControlError("the webhook's url begins with http://")
        if not isinstance(secret, str):
            raise ControlError("the webhook's secret is a string")
        mode, count = body.get("mode", "on"), body.get("count")
        if mode not in get_args(Mode):
            raise ControlError(f"the webhooks' mode is one of {', '.join(get_args(Mode))}")
        if count is not None and (
            isinstance(count, bool) or not isinstance(count, int) or count < 1
        ):
            raise ControlError("the webhooks' count is a whole number above 0, or null for all")
        copies = body.get("copies", 2)
        if isinstance(copies, bool) or copies not in range(2, MOST_COPIES + 1):
            raise ControlError(f"a duplicate has 2 to {MOST_COPIES} copies")
        self.url, self.secret = url or None, secret
        self.mode, self.left, self.copies = cast("Mode", mode), count, copies
        self._release()

    def shown(self) -> Json:
        """Without the secret."""
        return {"url": self.url, "mode": self.mode, "count": self.left, "copies": self.copies}

    def emit(self, event: Event) -> None:
        """Tell of it, if there is a webhook."""
        if self.url is None:
            return
        body = json.dumps(self.draw(event)).encode()
        summary = f"{event.kind} {event.issue.key}"
        letter = Letter(str(uuid.uuid4()), self.url, summary, body, self.secret)
        match self._mode_of_next():
            case "on":
                self._send(letter)
            case "drop":
                self._log.add("out", "jira", letter.summary, "lost on purpose", body.decode())
            case "duplicate":
                for _ in range(self.copies):
                    self._send(letter)
            case "forge":
                self._send(replace(letter, secret=f"not {self.secret}"))
            case "reorder":
                self._hold(letter)

    async def answered(self) -> None:
        """Wait until what was sent is answered; retries to come are not waited for."""
        while self._under_way:
            await self._idle.wait()

    async def quiet(self) -> None:
        """As `answered`, once the held ones have gone out too."""
        self._release()
        # A task that was only just created has not counted itself as under way yet.
        await asyncio.sleep(0)
        await self.answered()

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def _mode_of_next(self) -> Mode:
        """How this one goes, which uses up one."""
        mode = self.mode
        if self.left is not None:
            self.left -= 1
            if self.left == 0:
                self.mode, self.left = "on", None
        return mode

    def _hold(self, letter: Letter) -> None:
        if not self._held:
            self._start(self._release_later())
        self._held.append(letter)
        if self.mode != "reorder":
            self._release()

    def _release(self) -> None:
        held, self._held = self._held, []
        for letter in reversed(held):
            self._send(letter)

    async def _release_later(self) -> None:
        await self._machine.sleep(REORDER_SECONDS)
        self._release()

    def _send(self, letter: Letter) -> None:
        self._start(self._deliver(letter))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, letter: Letter) -> None:
        for attempt in range(len(RETRY_AFTER) + 1):
            if attempt:
                await self._machine.sleep(RETRY_AFTER[attempt - 1])
            if not await self._try(letter, attempt):
                return

    async def _try(self, letter: Letter, attempt: int) -> bool:
        """Whether it has to be sent again."""
        self._under_way += 1
        self._idle.clear()
        self.delivered += 1
        try:
            status = await within(self._machine, ANSWER_SECONDS, self._post(letter, attempt))
            said, again = str(status), status in AGAIN or status >= 500
        except (TimeoutError, aiohttp.ClientError) as error:
            said, again = type(error).__name__, True
        finally:
            self._under_way -= 1
            if self._under_way == 0:
                self._idle.set()
        summary = letter.summary + (f" (retry {attempt})" if attempt else "")
        self._log.add("out", "jira", summary, said, letter.body.decode())
        return again

    async def _post(self, letter: Letter, attempt: int) -> int:
        headers = {
            "Content-Type": "application/json; charset=UTF-8",
            "User-Agent": "Atlassian Webhook HTTP Client",
            "X-Atlassian-Webhook-Identifier": letter.id,
            "X-Atlassian-Webhook-Flow": "Primary",
        }
        if letter.secret:
            headers["X-Hub-Signature"] = signature(letter.secret, letter.body)
        if attempt:
            headers["X-Atlassian-Webhook-Retry"] = str(attempt)
        return await self.post(letter.url, letter.body, headers)

    async def _over_http(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        async with self._session.post(url, data=body, headers=headers) as reply:
            await reply.read()
            return reply.status


def signature(secret: str, body: bytes) -> str:
    """What X-Hub-Signature says of a body."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
