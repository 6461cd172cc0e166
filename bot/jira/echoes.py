"""What Jira quotes of a request when it refuses it, taken out again: pure.

Its words are kept beside a ticket and stand on cards; the text of an item belongs to the item.
"""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

GAP = "…"
_SHORTEST = 3  # characters: a letter or two would be found in any sentence
# What these lead to names something of Jira's, which a refusal is no use without.
_NAMES = frozenset({"id", "key", "accountId", "name", "jql", "labels", "project", "issuetype"})
_LISTS = frozenset({"fields", "expand"})  # of what is to be answered
_QUOTED = re.compile(r"'([^']+)'|\"([^\"]+)\"|\u2018([^\u2019]+)\u2019|“([^”]+)”|`([^`]+)`")


def texts(sent: Any) -> Sequence[str]:
    """Every text of a request that somebody may have typed, the longest first."""
    return sorted({one for one in _texts(sent) if len(one) >= _SHORTEST}, key=len, reverse=True)


def _texts(sent: Any) -> Iterator[str]:
    match sent:
        case str():
            yield sent.strip()
        case Mapping():
            for name, inner in sent.items():
                if name not in _NAMES and (name not in _LISTS or isinstance(inner, Mapping)):
                    yield from _texts(inner)
        case list() | tuple():
            for inner in sent:
                yield from _texts(inner)
        case _:
            pass


def without(said: str, sent: Sequence[str]) -> str:
    """What Jira said, without any of the texts `sent`; nor a quoted piece of one, if cut short."""
    plain = html.unescape(said)
    for text in sent:
        plain = re.sub(rf"(?<!\w){re.escape(text)}(?!\w)", GAP, plain, flags=re.IGNORECASE)
    folded = [text.casefold() for text in sent]

    def blank(found: re.Match[str]) -> str:
        piece = next(filter(None, found.groups())).strip(" .…").casefold()
        quotes = len(piece) >= _SHORTEST and any(piece in text for text in folded)
        return f"{found[0][0]}{GAP}{found[0][-1]}" if quotes else found[0]

    return _QUOTED.sub(blank, plain)
