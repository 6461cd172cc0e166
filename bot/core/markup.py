"""What people type in Slack, read back as they see it.

Slack hands an app their words with its own markup: `&amp;` for `&`, `<@U1>` for a mention,
`<https://a.example|a.example>` for a link.
Source: docs.slack.dev/messaging/formatting-message-text#parsing
"""

import re
from collections.abc import Mapping

_TOKEN = re.compile(r"<([@#!][^<>]*|[A-Za-z][A-Za-z0-9+.-]*:[^<>]*)>")
_MENTION = re.compile(r"<@(\w+)(?:\|[^<>]*)?>")
_EVERYBODY = frozenset({"!here", "!channel", "!everyone"})


def mentioned(text: str) -> set[str]:
    """The Slack ids of the people whom a message mentions."""
    return set(_MENTION.findall(text))


def plain(text: str, names: Mapping[str, str]) -> str:
    """The words of a message as plain text: nothing in it is markup any more.

    A person mentioned is "@" and their name in `names`, which is by Slack id.
    """
    parts = _TOKEN.split(text)
    return "".join(
        _read(part, names) if index % 2 else _unescaped(part) for index, part in enumerate(parts)
    )


def _read(token: str, names: Mapping[str, str]) -> str:
    """What stands between angle brackets, as a client shows it."""
    head, _, label = token.partition("|")
    head, label = _unescaped(head), _unescaped(label)
    match head[:1]:
        case "@":
            return f"@{names.get(head[1:]) or label.removeprefix('@') or head[1:]}"
        case "#":
            return f"#{label or head[1:]}"
        case "!":
            return f"@{head[1:]}" if head in _EVERYBODY else label or head[1:]
        case _:
            return _link(head, label)


def _link(address: str, label: str) -> str:
    bare = address.removeprefix("mailto:").removeprefix("tel:")
    typed = {bare, bare.rstrip("/"), bare.partition("://")[2], bare.partition("://")[2].rstrip("/")}
    if not label:
        return bare
    return label if label in typed else f"{label} ({bare})"


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
