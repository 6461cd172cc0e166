"""A call's arguments, from a query, a form or JSON, as values of the type asked for."""

import base64
import json
import re
from collections.abc import Sequence
from typing import Any, TypeVar

from bot.sandbox.errors import SlackError
from bot.sandbox.world import Json, Message

T = TypeVar("T")
TRUE = (True, 1, "1", "true", "True")


class Args:
    """What the caller sent; a missing or bad argument is refused as Slack does."""

    def __init__(self, given: Json) -> None:
        self.given = {name: value for name, value in given.items() if value is not None}

    def __contains__(self, name: str) -> bool:
        return name in self.given

    def text(self, name: str, default: str | None = None) -> str:
        """A string; required where there is no default."""
        value = self.given.get(name, default)
        if value is None or (value == "" and default is None):
            raise bad(f"missing required field: {name}")
        return str(value)

    def maybe(self, name: str) -> str | None:
        value = self.given.get(name)
        return None if value in (None, "") else str(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        return self.given[name] in TRUE if name in self.given else default

    def number(self, name: str, default: int, most: int) -> int:
        try:
            value = int(self.given.get(name, default))
        except (TypeError, ValueError):
            raise SlackError("invalid_limit") from None
        if not 1 <= value <= most:
            raise SlackError("invalid_limit")
        return value

    def data(self, name: str, wrong: str = "invalid_arguments") -> Any:
        """A structure: JSON as such, or in a string as forms carry it."""
        value = self.given.get(name)
        if not isinstance(value, str):
            return value
        if value == "":
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise SlackError(wrong) from None


def bad(sentence: str) -> SlackError:
    """The refusal of an argument, with the reason where Slack puts it."""
    return SlackError("invalid_arguments", response_metadata={"messages": [f"[ERROR] {sentence}"]})


def stamp(value: str, wrong: str) -> int:
    """A timestamp such as 1700000000.000100 in microseconds."""
    match = re.fullmatch(r"(\d{1,12})(?:\.(\d{1,6}))?", value)
    if not match:
        raise SlackError(wrong)
    return int(match[1]) * 1_000_000 + int((match[2] or "0").ljust(6, "0"))


def page(items: Sequence[T], args: Args, *, default: int, most: int) -> tuple[list[T], Json]:
    """One page of the items, and the response_metadata that leads to the next."""
    start = _offset(args.maybe("cursor"))
    if start > len(items):
        raise SlackError("invalid_cursor")
    end = start + args.number("limit", default, most)
    following = _encoded("from", str(end)) if end < len(items) else ""
    return list(items[start:end]), {"response_metadata": {"next_cursor": following}}


def page_after(
    items: Sequence[Message], args: Args, *, default: int, most: int
) -> tuple[list[Message], str]:
    """One page of messages and the next cursor, which names a message and not a place.

    So what is posted between two calls neither repeats nor hides anything.
    """
    cursor = args.maybe("cursor")
    if cursor is not None:
        last = _decoded(cursor, "next_ts")
        known = [message.ts for message in items]
        if last not in known:
            raise SlackError("invalid_cursor")
        items = items[known.index(last) + 1 :]
    limit = args.number("limit", default, most)
    following = _encoded("next_ts", items[limit - 1].ts) if limit < len(items) else ""
    return list(items[:limit]), following


def _encoded(word: str, value: str) -> str:
    return base64.urlsafe_b64encode(f"{word}:{value}".encode()).decode()


def _decoded(cursor: str, word: str) -> str:
    try:
        found, _, value = base64.urlsafe_b64decode(cursor.encode()).decode().partition(":")
    except ValueError:
        raise SlackError("invalid_cursor") from None
    if found != word:
        raise SlackError("invalid_cursor")
    return value


def _offset(cursor: str | None) -> int:
    number = "0" if cursor is None else _decoded(cursor, "from")
    if not number.isdecimal():
        raise SlackError("invalid_cursor")
    return int(number)
