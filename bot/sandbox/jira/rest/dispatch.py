"""One call to Jira: faults, token, rates, the path itself."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any

from aiohttp import web

from bot.sandbox.faults import Fault
from bot.sandbox.jira.errors import JiraError, UnauthorizedError
from bot.sandbox.jira.rates import Limit
from bot.sandbox.jira.rest import bulk, issues, links, metadata, searches, users
from bot.sandbox.jira.rest.registry import ROUTES, Call, Reply, Route
from bot.sandbox.jira.site import JiraSite
from bot.sandbox.jira.world import EMAIL, PATH, TOKEN, Account, TokenState

FAMILIES = (bulk, issues, links, metadata, searches, users)
VERSIONS = {True: ("2", "3", "latest"), False: ("2", "latest")}
API = ("rest", "api")
APPLICATION_LINKS = "rest/applinks/latest/listApplicationlinks"


@dataclass(frozen=True)
class Asked:
    """What came in."""

    verb: str
    path: str
    query: Mapping[str, list[str]]
    authorization: str
    content_type: str
    text: str

    @property
    def told(self) -> str:
        """What the log shows of it."""
        return self.text or "&".join(f"{n}={v}" for n, vs in self.query.items() for v in vs)


async def handle(site: JiraSite, request: web.Request) -> web.StreamResponse:
    """Answer what is asked below `/jira`."""
    path = request.match_info["path"]
    if request.method == "GET" and not path.startswith("rest/"):
        return _page_of(path)
    asked = Asked(
        request.method,
        path,
        {name: request.query.getall(name) for name in request.query},
        request.headers.get("Authorization", ""),
        request.content_type,
        await request.text(),
    )
    fault = site.faults.next_at(asked.verb, f"{PATH}/{path}")
    if fault is not None:
        return await _troubled(site, request, asked, fault)
    return _respond(site, asked, answer(site, asked))


def _page_of(path: str) -> web.Response:
    """What a person opens: the board, or on it the issue of `browse/ML-1`."""
    kind, _, key = path.partition("/")
    issue = f"&issue={key}" if kind == "browse" and key.replace("-", "").isalnum() else ""
    return web.Response(status=302, headers={"Location": f"/#jira{issue}"})


async def _troubled(
    site: JiraSite, request: web.Request, asked: Asked, fault: Fault
) -> web.StreamResponse:
    if fault.mode == "delay" and not fault.after:
        await site.machine.sleep(fault.seconds)
        return _respond(site, asked, answer(site, asked))
    if fault.mode == "delay":
        reply = answer(site, asked)
        await site.machine.sleep(fault.seconds)
        return _respond(site, asked, reply)
    if fault.mode == "error":
        body = {"errorMessages": [fault.error], "errors": {}}
        return _respond(site, asked, Reply(body, 400))
    if fault.mode == "drop_after" or fault.after:
        answer(site, asked)
    if fault.mode == "status":
        return _respond(site, asked, _failed(fault))
    site.log.add("in", "jira", f"{asked.verb} {PATH}/{asked.path}", fault.mode, asked.told)
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _failed(fault: Fault) -> Reply:
    headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
    said = "Rate limit exceeded." if fault.status == 429 else "Internal server error"
    return Reply({"errorMessages": [said], "errors": {}}, fault.status, headers)


def answer(site: JiraSite, asked: Asked) -> Reply:
    """What Jira says, once it has done what is asked."""
    try:
        viewer = _viewer(site, asked)
        return _routed(site, asked, viewer)
    except JiraError as refusal:
        return Reply(refusal.body(), refusal.status, refusal.headers)


def _viewer(site: JiraSite, asked: Asked) -> Account | None:
    """Who calls, None for nobody; a wrong or dead token is refused whatever is asked for."""
    scheme, _, given = asked.authorization.partition(" ")
    if not given:
        return None
    if site.world.is_cloud and scheme.lower() == "bearer":
        raise JiraError(403, "Failed to parse Connect Session Auth Token")
    good = _basic(given) == f"{EMAIL}:{TOKEN}" if site.world.is_cloud else given == TOKEN
    wanted = "basic" if site.world.is_cloud else "bearer"
    if scheme.lower() == wanted and good and site.world.token is TokenState.ALIVE:
        return site.world.bot
    if good and site.world.token is TokenState.ANONYMOUS:
        return None
    raise UnauthorizedError


def _basic(given: str) -> str:
    try:
        return base64.b64decode(given).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _routed(site: JiraSite, asked: Asked, viewer: Account | None) -> Reply:
    if asked.path == APPLICATION_LINKS:
        raise (
            JiraError(403, "You are not an administrator.") if viewer else UnauthorizedError("OUT")
        )
    version, path = _versioned(site, asked)
    route, parts = _route(site, asked, path)
    if viewer is None and not (route.anonymous and _open(site, asked, path)):
        raise UnauthorizedError("AUTHENTICATED_FAILED" if asked.authorization else "OUT")
    issue = site.world.find(parts.get("ref", ""))
    if limit := site.rates.limit(asked.verb, route.path, issue.id if issue else None):
        return _limited(site, limit)
    return route.handler(Call(site, viewer, version, asked.query, _body(asked)), **parts)


def _route(site: JiraSite, asked: Asked, path: str) -> tuple[Route, dict[str, str]]:
    """The route and the parts of the path that it names; one in plain words comes first."""
    matches = [
        (each, found)
        for each in sorted(ROUTES, key=lambda each: each.path.count("{"))
        if site.world.deployment in each.of and (found := each.match(path)) is not None
    ]
    if not matches:
        raise JiraError(404, f"null for uri: {site.url}/{asked.path}")
    for route, parts in matches:
        if route.verb == asked.verb:
            return route, parts
    raise JiraError(405, "Method Not Allowed")


def _open(site: JiraSite, asked: Asked, path: str) -> bool:
    """Whether somebody who has not signed in is let in, to see only what everybody may."""
    return path == "serverInfo" or (
        site.world.token is TokenState.ANONYMOUS and bool(asked.authorization)
    )


def _versioned(site: JiraSite, asked: Asked) -> tuple[str, str]:
    parts = asked.path.split("/")
    cloud = site.world.is_cloud
    if tuple(parts[:2]) != API or len(parts) < 4 or parts[2] not in VERSIONS[cloud]:
        raise JiraError(404, f"null for uri: {site.url}/{asked.path}")
    latest = "3" if cloud else "2"
    return latest if parts[2] == "latest" else parts[2], "/".join(parts[3:])


def _body(asked: Asked) -> Any:
    if asked.verb not in ("POST", "PUT"):
        return None
    if asked.content_type != "application/json":
        raise JiraError(415, "Unsupported Media Type")
    try:
        return json.loads(asked.text)
    except ValueError:
        said = "There was an error parsing JSON. Check that your request body is valid."
        raise JiraError(400, said) from None


def _limited(site: JiraSite, limit: Limit) -> Reply:
    reset = site.machine.utc().astimezone(UTC) + timedelta(seconds=limit.seconds)
    headers = {
        "Retry-After": str(limit.seconds),
        "X-RateLimit-Limit": str(limit.most),
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": f"{reset:%Y-%m-%dT%H:%MZ}",
        "RateLimit-Reason": limit.reason,
    }
    return Reply({"errorMessages": ["Rate limit exceeded."], "errors": {}}, 429, headers)


def _respond(site: JiraSite, asked: Asked, reply: Reply) -> web.Response:
    site.log.add("in", "jira", f"{asked.verb} {PATH}/{asked.path}", str(reply.status), asked.told)
    alive = site.world.token is TokenState.ALIVE
    headers = {"X-Seraph-LoginReason": "OK" if alive else "AUTHENTICATED_FAILED"} | dict(
        reply.headers
    )
    if reply.body is None:
        return web.Response(status=reply.status, headers=headers)
    return web.json_response(reply.body, status=reply.status, headers=headers)
