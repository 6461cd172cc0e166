"""Logs as one line of fields each, with secrets blacked out."""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

_SECRET = re.compile(r"\b(xox[a-z]|xapp|xwfp)-[A-Za-z0-9-]+|(?<=\bBearer )\S+")


def redact(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Black out whatever looks like a token, in any field."""
    return {
        key: _SECRET.sub("[redacted]", value) if isinstance(value, str) else value
        for key, value in event.items()
    }


def configure(level: str) -> None:
    """Send our logs and those of the libraries to standard error, in one form."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(_number(level)),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                redact,
                structlog.processors.LogfmtRenderer(
                    key_order=["timestamp", "level", "event"], drop_missing=True
                ),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(_number(level))
    for chatty in ("apscheduler", "aiohttp.access", "slack_bolt", "slack_sdk"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, _number(level)))


def _number(level: str) -> int:
    return logging.getLevelNamesMapping()[level.upper()]
