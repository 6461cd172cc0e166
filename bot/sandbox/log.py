"""The inspector's record of what went in and out."""

import json
from collections import deque
from typing import Any

from bot.core.clock import Calendar
from bot.sandbox.waiting import Changes
from bot.sandbox.world import Json

KEPT = 4000
BODY_LENGTH = 4000
SECRET_FIELDS = ("token", "authorization")


class TrafficLog:
    """The latest requests and events, both ways."""

    def __init__(self, calendar: Calendar, changes: Changes) -> None:
        self._calendar = calendar
        self._changes = changes
        self._entries: deque[Json] = deque(maxlen=KEPT)
        self._count = 0

    def add(self, direction: str, kind: str, summary: str, status: str, body: Any = None) -> None:
        """Note one exchange; `direction` is "in" for the bot's calls, "out" for Slack's."""
        self._count += 1
        self._entries.append(
            {
                "n": self._count,
                "at": self._calendar.now().isoformat(),
                "direction": direction,
                "kind": kind,
                "summary": summary,
                "status": status,
                "body": _trimmed(body),
            }
        )
        self._changes.bump()

    def entries(self, after: int = 0) -> list[Json]:
        return [entry for entry in self._entries if entry["n"] > after]


def _trimmed(body: Any) -> str:
    if body is None:
        return ""
    if isinstance(body, dict):
        body = {name: value for name, value in body.items() if name.lower() not in SECRET_FIELDS}
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False, default=str)
    return text if len(text) <= BODY_LENGTH else text[:BODY_LENGTH] + "…"
