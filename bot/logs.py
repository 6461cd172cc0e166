"""Logs as one line of fields each, for people or for machines, with secrets blacked out."""

import json
import logging
import re
import sys
from collections.abc import Callable, Collection, Mapping, MutableMapping
from types import TracebackType
from typing import Any

import structlog

from bot.core.noted import noted_stack

_SECRET = re.compile(
    r"(xox[a-z]|xapp|xwfp)[-.][\w.-]*"  # Slack's tokens
    r"|\bATATT[\w=-]*"  # those of Jira Cloud
    r"|(?<=\bbearer )[^\s'\"]+|(?<=\bbasic )[^\s'\"]+",
    re.IGNORECASE,
)
_SHORTEST = 8  # characters of a secret that is blacked out as it stands: "a" would be everywhere
_FIRST = ("timestamp", "level", "event")


def redact(_logger: Any, _name: str, line: str) -> str:
    """Black out whatever looks like a token, wherever it came from: it sees the finished line."""
    return _SECRET.sub("[redacted]", line)


def _hiding(secrets: Collection[str]) -> Callable[[Any, str, str], str]:
    """Black out these secrets too: what has no look of its own, such as Data Center's tokens."""
    written = {
        look
        for secret in secrets
        if len(secret) >= _SHORTEST
        for look in (secret, repr(secret)[1:-1])
    }
    looks = written | {json.dumps(look, ensure_ascii=False)[1:-1] for look in written}
    if not looks:
        return redact
    known = re.compile("|".join(re.escape(look) for look in sorted(looks, key=len, reverse=True)))
    return lambda logger, name, line: redact(logger, name, known.sub("[redacted]", line))


def configure(level: str, secrets: Collection[str] = ()) -> None:
    """Send our logs and those of the libraries to standard error, in one form.

    `secrets` are blacked out wherever they stand.
    """
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(_stack),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(_number(level)),
        cache_logger_on_first_use=True,
    )
    last: list[Any] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        *_rendering(for_people=sys.stderr.isatty()),
        _hiding(secrets),
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=last)
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(_number(level))
    for chatty in ("aiohttp.access", "slack_bolt", "slack_sdk", "urllib3"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, _number(level)))
    # It warns of each beat that found the one before still at work, which is as it should be.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


def _rendering(*, for_people: bool) -> list[Any]:
    if for_people:
        # A stack with the values in it, as structlog would draw one, could hold an answer.
        plain = structlog.dev.plain_traceback
        return [structlog.dev.ConsoleRenderer(exception_formatter=plain)]
    return [_ordered, structlog.processors.JSONRenderer(ensure_ascii=False, default=repr)]


def _ordered(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """What every line has comes first."""
    first = {key: event.pop(key) for key in _FIRST if key in event}
    return first | dict(event)


def _stack(
    exc_info: tuple[type[BaseException], BaseException, TracebackType | None],
) -> str:
    """Where an error came from; structlog's own text of it could hold an answer."""
    return noted_stack(exc_info[1])


def _number(level: str) -> int:
    return logging.getLevelNamesMapping()[level.upper()]
