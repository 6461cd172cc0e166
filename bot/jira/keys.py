"""Keys of issues in what people write, such as ML-123: pure."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

# A project's key has two to ten capitals, digits and low lines, the first a capital; a number has
# no zero before it. Neither is a key a part of a word, a path, an address or a longer number.
_KEY = re.compile(
    r"(?<![\w/\\.:@#=&?%+~$-])"
    r"(?P<project>[A-Z][A-Z0-9_]{1,9})-[1-9][0-9]{0,8}"
    r"(?![\w/\\@=&%+~$-]|[.:][\w/])"
)
_ADDRESS = re.compile(r"\b[A-Za-z][A-Za-z0-9+.-]*://\S+|\bwww\.\S+")


@dataclass(frozen=True)
class Key:
    """A key, and where it stands in the text: from `start` up to and without `end`."""

    key: str
    start: int
    end: int


def keys(text: str, projects: Collection[str] | None = None) -> Iterator[Key]:
    """The keys in a text, in order; only those of `projects` (their keys) where they are given.

    Without them a UTF-8 or GPT-4 looks like a key too.
    """
    addresses = [found.span() for found in _ADDRESS.finditer(text)]
    for found in _KEY.finditer(text):
        within = any(start <= found.start() < end for start, end in addresses)
        if not within and (projects is None or found["project"] in projects):
            yield Key(found[0], found.start(), found.end())
