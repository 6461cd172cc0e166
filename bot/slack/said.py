"""What Slack says beside the code of a refusal, as far as it can't quote anybody: pure."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_MOST = 5  # problems of one call: the first tell enough
# Slack's sentences about what a field must be, and where that field is. Any other sentence of its
# own may name the very value that it refuses.
_KNOWN = re.compile(
    r"must be (?:less|more) than \d+ characters?|no (?:more|fewer) than \d+ items? allowed"
    r"|must be between \d+ and \d+|must be an? (?:string|integer|boolean|array|object|valid url)"
    r"|failed to match all allowed schemas|(?:missing required field|unsupported type): \w{1,40}"
    r"|invalid slack file|\[json-pointer:[\w/.-]{1,200}\]",
    re.IGNORECASE,
)


def beside(metadata: Any) -> str:
    """What is wrong where, of a reply's `response_metadata`."""
    messages = metadata.get("messages") if isinstance(metadata, Mapping) else None
    return "; ".join(filter(None, _read(messages if isinstance(messages, list) else [])))


def _read(messages: list[Any]) -> Iterator[str]:
    for message in messages[:_MOST]:
        if isinstance(message, str):
            yield " ".join(_KNOWN.findall(message))
