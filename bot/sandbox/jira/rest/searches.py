"""Searches by JQL, in what the index knows."""

import base64
import json
import zlib
from typing import Any

from bot.sandbox.jira import jql
from bot.sandbox.jira.errors import JiraError
from bot.sandbox.jira.matching import Matcher
from bot.sandbox.jira.rest.registry import CLOUD, SERVER, Call, Reply, paged, route
from bot.sandbox.jira.world import Issue
from bot.sandbox.world import Json

PAGE, MOST = 50, 100
MOST_KEYS = 5000
MOST_OF_SERVER = 1000
MOST_RECONCILED = 50
GONE = (
    "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A full "
    "migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046"
)
BAD_TOKEN = "The provided next page token is invalid or has expired."  # noqa: S105 - a sentence


@route("GET", "search", of=CLOUD, anonymous=True)
@route("POST", "search", of=CLOUD, anonymous=True)
def removed(call: Call) -> Reply:
    raise JiraError(410, GONE)


@route("GET", "search", of=SERVER)
def search_by_query(call: Call) -> Reply:
    return _search(call, {
        "jql": call.asked("jql"),
        "startAt": call.number("startAt", 0),
        "maxResults": call.number("maxResults", PAGE),
        "fields": call.query.get("fields", []),
        "validateQuery": call.asked("validateQuery"),
    })  # fmt: skip


@route("POST", "search", of=SERVER)
def search_by_body(call: Call) -> Reply:
    return _search(call, call.body)


def _search(call: Call, asked: Json) -> Reply:
    validate = asked.get("validateQuery")
    strict = validate is None or str(validate).lower() in ("true", "strict")
    found = _find(call, str(asked.get("jql") or ""), call.site.index.issues(), strict=strict)
    start = _whole(asked.get("startAt", 0))
    most = min(_whole(asked.get("maxResults", PAGE)), MOST_OF_SERVER)
    fields = _names(asked) or ["*navigable"]
    return Reply({
        "expand": "names,schema",
        "startAt": start,
        "maxResults": most,
        "total": len(found),
        "issues": [call.shapes.issue(each, fields) for each in paged(found, start, most)],
    })  # fmt: skip


@route("GET", "search/jql", of=CLOUD, anonymous=True)
def enhanced_by_query(call: Call) -> Reply:
    reconciled = [
        part for each in call.query.get("reconcileIssues", []) for part in each.split(",")
    ]
    return _enhanced(call, {
        "jql": call.asked("jql"),
        "nextPageToken": call.asked("nextPageToken"),
        "maxResults": call.number("maxResults", PAGE),
        "fields": call.query.get("fields", []),
        "reconcileIssues": reconciled,
    })  # fmt: skip


@route("POST", "search/jql", of=CLOUD, anonymous=True)
def enhanced_by_body(call: Call) -> Reply:
    return _enhanced(call, call.body)


def _enhanced(call: Call, asked: Json) -> Reply:
    text = str(asked.get("jql") or "")
    _check_bounded(text)
    issues = _reconciled(call, asked.get("reconcileIssues") or [])
    found = _find(call, text, issues)
    fields = _names(asked) or ["id"]
    brief = set(fields) <= {"id", "key"}
    start = _place_of(asked.get("nextPageToken"), text)
    most = min(_whole(asked.get("maxResults", PAGE)) or PAGE, MOST_KEYS if brief else MOST)
    page = paged(found, start, most)
    is_last = start + most >= len(found)
    answer: Json = {"issues": [_shown(call, each, fields) for each in page], "isLast": is_last}
    if not is_last:
        answer["nextPageToken"] = _token(start + most, text)
    return Reply(answer)


def _shown(call: Call, issue: Issue, fields: list[str]) -> Json:
    """Without fields asked for, nothing but the id."""
    if set(fields) <= {"id"}:
        return {"id": issue.id}
    if set(fields) <= {"id", "key"}:
        return {"expand": "", **call.shapes.brief(issue)}
    return call.shapes.issue(issue, fields)


@route("POST", "search/approximate-count", of=CLOUD)
def count(call: Call) -> Reply:
    text = str(call.body.get("jql") or "")
    _check_bounded(text)
    return Reply({"count": len(_find(call, text, call.site.index.issues()))})


def _find(call: Call, text: str, issues: list[Issue], *, strict: bool = True) -> list[Issue]:
    matcher = Matcher(call.world, call.viewer, call.world.now(), strict)
    return matcher.find(jql.parse(text), issues)


def _check_bounded(text: str) -> None:
    if jql.parse(text).term is None:
        raise JiraError(
            400,
            "Unbounded JQL queries are not allowed here. Please add a search restriction to your "
            "query.",
        )


def _reconciled(call: Call, asked: list[Any]) -> list[Issue]:
    """The index's issues, those named as they are now."""
    ids = [str(each) for each in asked]
    if len(ids) > MOST_RECONCILED:
        raise JiraError(400, f"reconcileIssues may hold at most {MOST_RECONCILED} issue ids.")
    if not all(each.isdecimal() for each in ids):
        raise JiraError(400, "reconcileIssues holds numeric issue ids only.")
    indexed = [each for each in call.site.index.issues() if each.id not in ids]
    return indexed + [call.world.issues[id_] for id_ in ids if id_ in call.world.issues]


def _token(start: int, text: str) -> str:
    raw = json.dumps([start, zlib.crc32(text.encode())])
    return base64.urlsafe_b64encode(raw.encode()).decode()


def _place_of(token: object, text: str) -> int:
    """Where a page begins; a token belongs to the query it was given for."""
    if not token:
        return 0
    try:
        start, of = json.loads(base64.urlsafe_b64decode(str(token)))
    except ValueError:
        raise JiraError(400, BAD_TOKEN) from None
    if of != zlib.crc32(text.encode()):
        raise JiraError(400, BAD_TOKEN)
    return int(start)


def _names(asked: Json) -> list[str]:
    """The fields asked for."""
    given = asked.get("fields") or []
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise JiraError(400, "Can not deserialize instance of fields.")
    return [part for each in given for part in each.split(",")]


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise JiraError(400, "startAt and maxResults are whole numbers.")
    return value
