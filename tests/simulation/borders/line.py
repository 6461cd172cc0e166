"""The line from the bot to Slack: the SDK's HTTP session, with the sandbox at its other end.

Everything of the bot is real down to the session that the SDK is given. A call reaches the
sandbox's Web API in this process, after a time and with the trouble that is planned for it.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import aiohttp
from aiohttp.client_reqrep import ConnectionKey

from bot.sandbox import replies
from bot.sandbox.api import dispatch, files
from bot.sandbox.errors import SlackError
from bot.sandbox.site import Site
from bot.sandbox.world import BOT_TOKEN, Json
from tests.simulation.borders.crossing import cross
from tests.simulation.borders.trouble import Mode, Trouble, Troubles
from tests.simulation.machine.life import Life, Step, When
from tests.simulation.model.weather import Weather

_PAGE = "<html><body>502 Bad Gateway</body></html>"


@dataclass
class Call:
    """One call of the bot, as Slack saw it."""

    method: str
    given: Json
    began: datetime  # by the bot's calendar, as all instants here
    at: datetime | None = None  # when it took effect
    error: str = ""  # of Slack's answer; "" for ok
    answer: Json = field(default_factory=dict)


@dataclass(frozen=True)
class Reply:
    """An HTTP response, as far as the SDK looks at it."""

    status: int
    text_: str
    headers: Mapping[str, str]
    content_type: str = "application/json"

    async def json(self) -> Any:
        if self.content_type != "application/json":
            raise aiohttp.ContentTypeError(None, ())  # type: ignore[arg-type]
        return json.loads(self.text_)

    async def text(self) -> str:
        return self.text_


class Slack:
    """The sandbox, reached in this process; keeps every call."""

    def __init__(
        self,
        site: Site,
        troubles: Troubles,
        weather: Weather,
        *,
        now: Callable[[], datetime],
        note: Callable[[str], None],
    ) -> None:
        self.site = site
        self.now = now
        self.troubles = troubles
        self.weather = weather
        self.note = note
        self.calls: list[Call] = []

    def take_effect(self, call: Call) -> Reply:
        """What the call does, and what Slack says to it."""
        call.at = self.now()
        try:
            body = dispatch.call(self.site, call.method, BOT_TOKEN, call.given)
        except SlackError as refusal:
            body = refusal.answer()
        except dispatch.LimitedError as limited:
            call.error = "ratelimited"
            return self._limited(limited.seconds)
        call.error, call.answer = str(body.get("error", "")), body
        return self._reply(200, body)

    def instead(self, trouble: Trouble) -> Reply:
        """What comes back of a call in trouble."""
        match trouble.mode:
            case Mode.UNREACHABLE:
                raise aiohttp.ClientConnectorError(_NOWHERE, OSError("unreachable"))
            case Mode.LIMITED:
                return self._limited(trouble.seconds)
            case Mode.BROKEN | Mode.BROKEN_AFTER:
                return self._reply(503, {"ok": False, "error": "service_unavailable"})
            case Mode.VAGUE_AFTER:
                return self._reply(200, {"ok": False, "error": "internal_error"})
            case Mode.REVOKED:
                return self._reply(200, {"ok": False, "error": "token_revoked"})
            case Mode.PAGE:
                return Reply(502, _PAGE, {}, "text/html")
            case Mode.STALLED:
                raise TimeoutError
            case _:
                raise aiohttp.ServerDisconnectedError

    def ended(self, call: Call, trouble: Trouble | None) -> None:
        """Note what came of a call."""
        said = call.error or ("ok" if call.at else "no effect")
        words = " ".join(str(call.given.get(name, "")) for name in ("channel", "ts", "text"))
        about = "" if trouble is None else f" [{trouble.mode} {trouble.seconds:g}]"
        self.note(f"bot: {call.method} {words[:90]} -> {said}{about}")
        if trouble is not None:
            self.weather.bad(call.began, self.now() + timedelta(seconds=trouble.seconds))

    def _limited(self, seconds: float) -> Reply:
        headers = {"Retry-After": f"{seconds:.0f}"}
        return self._reply(429, {"ok": False, "error": "ratelimited"}, headers)

    def respond(self, url: str, body: Json) -> Reply:
        """An answer to a response_url."""
        try:
            replies.answer(self.site, url.rpartition("/")[2], body)
        except SlackError as refusal:
            return self._reply(404, refusal.answer())
        return self._reply(200, {"ok": True})

    def upload(self, url: str, content: bytes) -> Reply:
        """The content of a file that was asked for."""
        status, said = files.take(self.site, url.rpartition("/")[2], content)
        return self._reply(status, {"said": said})

    def _reply(self, status: int, body: Json, headers: Mapping[str, str] | None = None) -> Reply:
        date = format_datetime(self.site.world.now().astimezone(UTC), usegmt=True)
        scopes = ",".join(sorted(self.site.scopes))
        return Reply(
            status, json.dumps(body), {"Date": date, "x-oauth-scopes": scopes, **(headers or {})}
        )


class Session:
    """An aiohttp session, as far as the SDK and the gateway use one, of one life."""

    def __init__(self, slack: Slack, life: Life) -> None:
        self.closed = False
        self._slack = slack
        self._life = life

    def request(self, verb: str, url: str, **given: Any) -> "_Exchange":
        method = url.rsplit("/", 1)[1]
        sent = given.get("params") if verb == "GET" else given.get("data")
        return _Exchange(self._slack, self._life, method, dict(sent or {}))

    def post(self, url: str, *, json: Json | None = None, data: bytes = b"") -> "_Exchange":
        if json is None:
            return _Exchange(self._slack, self._life, "upload", {"content": data}, url)
        return _Exchange(self._slack, self._life, "response_url", json, url)

    async def close(self) -> None:
        self.closed = True


class _Exchange:
    """One request and its reply, or what comes instead."""

    def __init__(
        self, slack: Slack, life: Life, method: str, given: Json, url: str | None = None
    ) -> None:
        self._slack = slack
        self._life = life
        self._method = method
        self._given = given
        self._url = url

    async def __aenter__(self) -> Reply:
        if not self._life.survives(Step.CALL, When.BEFORE, self._method):
            await self._life.go_on()
        trouble = self._slack.troubles.next(self._method)
        began = self._slack.now()
        call = Call(self._method, self._given, began)
        self._slack.calls.append(call)
        try:
            reply = await cross(
                self._life, trouble, lambda: self._take_effect(call), self._slack.instead
            )
        finally:
            self._slack.ended(call, trouble)
        if not self._life.survives(Step.CALL, When.AFTER, self._method):
            await self._life.go_on()
        return reply

    async def __aexit__(self, *_error: object) -> None:
        return None

    def _take_effect(self, call: Call) -> Reply:
        if self._url is None:
            return self._slack.take_effect(call)
        call.at = self._slack.now()
        if self._method == "upload":
            return self._slack.upload(self._url, self._given["content"])
        return self._slack.respond(self._url, self._given)


_NOWHERE = ConnectionKey("slack.com", 443, True, True, None, None, None)
