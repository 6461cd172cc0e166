"""What the bot's log says during a run: an error in it is one of the bot's."""

import logging
import traceback
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog

_EXPECTED = (
    "event=a request failed",  # a person was told, with a reference
    "event=the workspace is paused: Slack refuses the token",  # as it did
)
_USUAL = frozenset({"sending failed"})  # the call itself is noted
_LEVELS = {"warning": 30, "error": 40, "critical": 50}


@dataclass
class Kept:
    """The errors that were logged; `note` hears of warnings too."""

    errors: list[str] = field(default_factory=list)
    note: Callable[[str], None] = lambda _words: None
    expected: Sequence[str] = _EXPECTED

    def take(self, level: int, words: str) -> None:
        self.note(f"log: {words}")
        if level >= logging.ERROR and not any(one in words for one in self.expected):
            self.errors.append(f"the log says: {words}")


@contextmanager
def kept(expected: Sequence[str] = _EXPECTED) -> Iterator[Kept]:
    """Keep what is logged meanwhile, but for errors that are `expected`."""
    found = Kept(expected=expected)
    before = structlog.get_config()
    structlog.configure(
        processors=[_into(found)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        cache_logger_on_first_use=False,
    )
    handler = _Handler(found)
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield found
    finally:
        root.removeHandler(handler)
        structlog.configure(**before)


def _into(found: Kept) -> Callable[[Any, str, MutableMapping[str, Any]], Any]:
    def process(_logger: Any, method: str, event: MutableMapping[str, Any]) -> Any:
        if event.get("event") in _USUAL:
            raise structlog.DropEvent
        level = _LEVELS.get(method, 40 if method == "exception" else 30)
        if event.pop("exc_info", None):
            event["traceback"] = traceback.format_exc()
        event.pop("reference", None)  # another one each time
        found.take(level, " ".join(f"{name}={value}" for name, value in event.items()))
        raise structlog.DropEvent

    return process


class _Handler(logging.Handler):
    """For libraries that log the standard way."""

    def __init__(self, found: Kept) -> None:
        super().__init__(logging.WARNING)
        self._found = found

    def emit(self, record: logging.LogRecord) -> None:
        words = record.getMessage()
        if record.exc_info:
            words += "\n" + logging.Formatter().formatException(record.exc_info)
        self._found.take(record.levelno, words)
