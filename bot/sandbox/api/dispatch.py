"""One Web API call: faults, token, rate, scope, the method itself."""

from datetime import UTC
from email.utils import format_datetime

from aiohttp import web

from bot.sandbox.api import apps, chat, conversations, files, reactions, users, views
from bot.sandbox.api.args import Args
from bot.sandbox.api.registry import METHODS, Method, need
from bot.sandbox.errors import SlackError
from bot.sandbox.faults import Fault
from bot.sandbox.site import Site
from bot.sandbox.world import APP_TOKEN, BOT_TOKEN, Json

FAMILIES = (apps, chat, conversations, files, reactions, users, views)
MAX_BODY = 4 * 1024 * 1024


class LimitedError(Exception):
    """The call came too soon."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"ratelimited, retry after {seconds}")
        self.seconds = seconds


async def handle(site: Site, request: web.Request) -> web.StreamResponse:
    """Answer `/api/<method>`."""
    name = request.match_info["method"]
    given = await _given(request)
    fault = site.faults.next(name)
    if fault is not None:
        return await _troubled(site, request, name, given, fault)
    return _answer(site, request, name, given)


async def _troubled(
    site: Site, request: web.Request, name: str, given: Json, fault: Fault
) -> web.StreamResponse:
    if fault.mode == "delay":
        await site.machine.sleep(fault.seconds)
        return _answer(site, request, name, given)
    if fault.mode == "error":
        return _json(site, name, given, {"ok": False, "error": fault.error})
    if fault.mode == "drop_after" or (fault.mode == "status" and fault.after):
        _answer(site, request, name, given)
    if fault.mode == "status":
        return _with_status(site, name, given, fault)
    site.log.add("in", "api", name, fault.mode, given)
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _with_status(site: Site, name: str, given: Json, fault: Fault) -> web.Response:
    headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
    error = "ratelimited" if fault.status == 429 else "internal_error"
    body = {"ok": False, "error": error}
    return _json(site, name, given, body, status=fault.status, headers=headers)


def _answer(site: Site, request: web.Request, name: str, given: Json) -> web.Response:
    try:
        body = call(site, name, _token(request, given), given)
    except SlackError as refusal:
        return _json(site, name, given, refusal.answer())
    except LimitedError as limited:
        headers = {"Retry-After": str(limited.seconds)}
        body = {"ok": False, "error": "ratelimited"}
        return _json(site, name, given, body, status=429, headers=headers)
    return _json(site, name, given, body)


def call(site: Site, name: str, token: str | None, given: Json) -> Json:
    """What a method answers, whatever way the call came; raises SlackError or LimitedError."""
    method = METHODS.get(name)
    if method is None:
        raise SlackError("unknown_method", req_method=name)
    if name != "api.test":
        _check_token(method, token)
    given = {key: value for key, value in given.items() if key != "token"}
    channel = str(given.get("channel", "")) if method.per_channel else None
    if channel in site.world.users:
        channel = f"D{channel[1:]}"
    wait = site.rates.retry_after(name, method.tier, channel)
    if wait:
        raise LimitedError(wait)
    if method.scope is not None:
        need(site, method.scope)
    return {"ok": True, **method.handler(site, Args(given))}


def _check_token(method: Method, token: str | None) -> None:
    if not token:
        raise SlackError("not_authed")
    if token not in (BOT_TOKEN, APP_TOKEN):
        raise SlackError("invalid_auth")
    if (token == APP_TOKEN) != method.app_token:
        raise SlackError("not_allowed_token_type")


def _token(request: web.Request, given: Json) -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token.strip()
    named = given.get("token")
    return str(named) if named else None


async def _given(request: web.Request) -> Json:
    given: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except ValueError:
            body = {}
        given |= body if isinstance(body, dict) else {}
    elif request.can_read_body:
        given |= {k: v for k, v in (await request.post()).items() if isinstance(v, str)}
    return given


def _json(
    site: Site,
    name: str,
    given: Json,
    body: Json,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> web.Response:
    said = "ok" if body["ok"] else str(body["error"])
    site.log.add("in", "api", f"{name} {given.get('channel', '')}".strip(), said, given)
    return web.json_response(
        body,
        status=status,
        headers={
            # The workspace's own clock, which is what a message's ts is read against.
            "Date": format_datetime(site.world.now().astimezone(UTC), usegmt=True),
            "X-OAuth-Scopes": ",".join(sorted(site.scopes)),
            "X-Slack-Req-Id": str(site.changes.count),
            **(headers or {}),
        },
    )
