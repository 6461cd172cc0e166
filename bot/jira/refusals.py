"""What a reply of Jira means that is not what was asked for: pure, by status, headers and body."""

import json
from collections.abc import Mapping
from typing import Any

from bot.core import retry_after
from bot.core.errors import MeridianError, NotSent, OutcomeUnknown, RateLimited
from bot.core.text import clamp, one_line
from bot.jira.errors import Conflict, Forbidden, JiraRefused, NotFound, Unauthorised

_MOST_WORDS = 5
_LONGEST_WORDS = 300

# With a token that is no longer good, Cloud serves many calls as to a stranger: an empty list with
# 200, or "does not exist" with 404. Only this header tells:
# https://github.com/MrRefactoring/jira.js/issues/418
_LOGIN = "x-seraph-loginreason"
_NOT_LOGGED_IN = ("AUTHENTICATED_FAILED", "AUTHENTICATION_DENIED")
# Data Center's, after too many wrong passwords of the same user.
_DENIED = "x-authentication-denied-reason"
# These say that something was done, even if to a stranger.
_DONE = frozenset({201, 204})


def judged(status: int, headers: Mapping[str, str], body: str) -> MeridianError | None:
    """What went wrong, or None for a reply that answers the call.

    `headers` by their names in lower case.
    """
    if status not in _DONE and headers.get(_LOGIN, "").startswith(_NOT_LOGGED_IN):
        return Unauthorised(401)
    if 200 <= status < 300:
        return None
    if 300 <= status < 400:  # a page to log in at, or https instead of http: not Jira's API
        return NotSent()
    if status == 429 or (status == 503 and "retry-after" in headers):
        return RateLimited(retry_after.seconds(headers))
    if status >= 500 or status == 408:
        return OutcomeUnknown()
    return _refusal(status, headers, _read(body))


def _refusal(status: int, headers: Mapping[str, str], said: Mapping[str, Any]) -> MeridianError:
    messages, fields = _messages(said), _fields(said)
    match status:
        case 401:
            return Unauthorised(status, messages)
        case 403 if _DENIED in headers:
            return Unauthorised(status, messages)
        case 403:
            return Forbidden(status, messages, fields)
        case 404 if "errorMessages" in said:
            return NotFound(status, messages, fields)
        case 404:  # of a proxy, or of a site that is asleep: nothing about the thing asked for
            return OutcomeUnknown()
        case 409:
            return Conflict()
        case _:
            return JiraRefused(status, messages, fields)


def _read(body: str) -> Mapping[str, Any]:
    """Jira's error collection; empty where the body is something else, such as a proxy's page."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _messages(said: Mapping[str, Any]) -> tuple[str, ...]:
    given = said.get("errorMessages") or [said.get("message") or said.get("errorMessage")]
    listed = given if isinstance(given, list) else [given]
    return tuple(_words(one) for one in listed[:_MOST_WORDS] if isinstance(one, str) and one)


def _fields(said: Mapping[str, Any]) -> dict[str, str]:
    given = said.get("errors")
    if not isinstance(given, dict):
        return {}
    return {name: _words(words) for name, words in given.items() if isinstance(words, str)}


def _words(said: str) -> str:
    return clamp(one_line(said), _LONGEST_WORDS)
