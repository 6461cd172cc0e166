"""Issues of Jira as an answer holds them: one a line, its key and then its summary; pure."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.core.text import clamp, one_line
from bot.rituals.standup.questions import Question, QuestionKind

MOST = 20
LONGEST = 140  # characters: an option's value in Slack holds 150
_GLANCED = 5  # in a person's line of the channel's message
_KEY = r"[A-Z][A-Z0-9_]{1,9}-[1-9][0-9]{0,8}(?![\w-])"
_FIRST = re.compile(_KEY, re.IGNORECASE)
_APART = r"(?:[\s,;&]|\band\b)"
_KEYS_ALONE = re.compile(rf"{_APART}*{_KEY}(?:{_APART}+{_KEY})*[\s,;&.]*", re.IGNORECASE)
_KEY_ALONE = re.compile(rf"({_KEY})\s*[,;]\s*(?={_KEY})", re.IGNORECASE)
_MARK = re.compile(r"\s*(?:[:,;-]\s)?\s*")  # between a key and the words after it
_ADDRESS = re.compile(r"https?://\S+/browse/([A-Za-z]\w*-[0-9]+)[^\s,;]*")


class Note(StrEnum):
    """What whoever is asked should know of what they are offered."""

    NOTHING = ""
    NONE = "Nothing that is assigned to you is in progress in Jira."
    UNKNOWN = (
        "Meridian doesn't know who you are in Jira, so yours are not listed. The Home tab says "
        "more."
    )
    DOWN = "Jira can't be reached just now, so write their keys."


@dataclass(frozen=True)
class Offered:
    """What Jira offers to whoever is asked for issues; by itself only their keys are taken."""

    mine: tuple[str, ...] = ()  # in progress, as an answer holds them
    search: str = ""  # the channel whose team's project can be searched
    note: Note = Note.NOTHING


KEYS_ONLY = Offered()


def line(key: str, summary: str) -> str:
    """An issue as an answer holds it."""
    return clamp(f"{key} {one_line(summary)}".strip(), LONGEST)


def key_of(held: str) -> str:
    """The key of an issue in an answer; "" where the line has none."""
    found = _FIRST.match(held)
    return found[0].upper() if found else ""


def keys_of(questions: Iterable[Question], said: Mapping[str, str]) -> Iterator[str]:
    """The keys of all issues that somebody named in answers to questions that ask for some."""
    for one in questions:
        if one.kind is QuestionKind.ISSUES:
            yield from map(key_of, said.get(one.key, "").splitlines())


def tidied(text: str) -> str:
    """Issues one a line, each once: keys may stand with commas between, words may follow the last.

    What is no issue stays as it is, for its writer to see.
    """
    found: dict[str, str] = {}
    for one in _lines(text):
        found.setdefault(key_of(one) or one, one)
    return "\n".join(found.values())


def _lines(text: str) -> Iterator[str]:
    for each in _ADDRESS.sub(r"\1", text).splitlines():
        rest = each.strip()
        if _KEYS_ALONE.fullmatch(rest):
            yield from (found[0].upper() for found in _FIRST.finditer(rest))
            continue
        while found := _KEY_ALONE.match(rest):
            yield found[1].upper()
            rest = rest[found.end() :]
        if key := key_of(rest):
            yield f"{key} {_MARK.sub('', rest[len(key) :], count=1)}".strip()
        elif rest:
            yield rest


def at_a_glance(text: str) -> str:
    """The keys alone, and how many more there are."""
    found = text.splitlines()
    more = f" +{len(found) - _GLANCED}" if len(found) > _GLANCED else ""
    return ", ".join(key_of(one) or one for one in found[:_GLANCED]) + more


def apart(said: str, offered: Collection[str]) -> tuple[list[str], list[str]]:
    """Which of the offered issues an answer names, and which others it holds."""
    by_key = {key_of(one): one for one in offered}
    lines = said.splitlines()
    ticked = [by_key[key_of(one)] for one in lines if key_of(one) in by_key]
    return ticked, [one for one in lines if key_of(one) not in by_key]
