"""Keys of issues in what people write, such as ML-123, and where they lead: pure."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

# A project's key has two to ten capitals, digits and low lines, the first a capital; a number has
# no zero before it. Neither is a key a part of a word, a path, an address or a longer number.
# The letters are those of the scripts that put spaces between words: ML-123を is a key and a word.
_LETTER = r"0-9A-Za-z_\u00c0-\u024f\u0370-\u052f"
_KEY = re.compile(
    rf"(?<![{_LETTER}/\\.:@#=&?%+~$-])"
    r"(?P<project>[A-Z][A-Z0-9_]{1,9})-[1-9][0-9]{0,8}"
    rf"(?![{_LETTER}/\\@=&%+~$-]|[.:][{_LETTER}/])"
)
_ADDRESS = re.compile(r"\b[A-Za-z][A-Za-z0-9+.-]*://\S+|\bwww\.\S+")


@dataclass(frozen=True)
class Key:
    """A key, and where it stands in the text: from `start` up to and without `end`."""

    key: str
    start: int
    end: int


def url(site: str, key: str) -> str:
    """Where people open an issue."""
    return f"{site}/browse/{key}"


def keys(text: str, projects: Collection[str] | None = None) -> Iterator[Key]:
    """The keys in a text, in order; only those of `projects` (their keys) where they are given.

    Without them a UTF-8 or GPT-4 looks like a key too.
    """
    addresses = [found.span() for found in _ADDRESS.finditer(text)]
    for found in _KEY.finditer(text):
        within = any(start <= found.start() < end for start, end in addresses)
        if not within and (projects is None or found["project"] in projects):
            yield Key(found[0], found.start(), found.end())
