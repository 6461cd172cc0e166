"""The search for words in texts: all of them have to be there, in any order."""

import re
from collections.abc import Callable

from bot.sandbox.jira.errors import JiraError

_PHRASE = re.compile(r'"((?:\\.|[^"\\])*)"')
_WORD = re.compile(r"\w+")
PAIRS = (("(", ")"), ("[", "]"), ("{", "}"))


def pattern(wanted: str, field: str) -> Callable[[str], bool]:
    """A test of a text for the words of a query; a `*` ends a word that only begins so."""
    if not wanted.strip():
        raise JiraError(400, f"The field '{field}' does not support searching for an empty string.")
    _check(wanted, field)
    phrases = [_words(match[1]) for match in _PHRASE.finditer(wanted)]
    loose = _loose(_PHRASE.sub(" ", wanted))
    return lambda text: _holds(_words(text), phrases, loose)


def _check(wanted: str, field: str) -> None:
    bare = _PHRASE.sub(" ", re.sub(r"\\.", " ", wanted))
    if any(word[0] in "*?" for word in bare.split()):
        raise JiraError(
            400,
            f"Unable to parse the text '{wanted}' for field '{field}': the '*' and '?' are not "
            "allowed as first character in wildcard query.",
        )
    odd = '"' in bare or bare.endswith("\\")
    if odd or any(bare.count(opens) != bare.count(closes) for opens, closes in PAIRS):
        raise JiraError(400, f"Unable to parse the text '{wanted}' for field '{field}'.")


def _loose(text: str) -> list[tuple[str, bool]]:
    """The words outside phrases, and whether only their beginning is known."""
    plain = re.sub(r"\\(.)", r"\1", text)
    return [(match[1].lower(), bool(match[2])) for match in re.finditer(r"(\w+)(\*?)", plain)]


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def _holds(words: list[str], phrases: list[list[str]], loose: list[tuple[str, bool]]) -> bool:
    return all(_has_phrase(words, each) for each in phrases) and all(
        any(word.startswith(wanted) if begins else word == wanted for word in words)
        for wanted, begins in loose
    )


def _has_phrase(words: list[str], phrase: list[str]) -> bool:
    size = len(phrase)
    return any(words[at : at + size] == phrase for at in range(len(words) - size + 1))
