"""One person's answers in full, each under the short name of its question."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.content import SECTION_TEXT, Block
from bot.core.text import clamp, one_line
from bot.rituals.standup.views.names import shown_name
from bot.slack import blocks
from bot.slack.blocks import Words

_SHORT = 60


@dataclass(frozen=True)
class Told:
    """The answer to one question."""

    short: str
    text: str
    edited: bool = False


@dataclass(frozen=True)
class Said:
    """All that one person answered in a run."""

    name: str
    late: bool
    told: tuple[Told, ...]


def whole(said: Said) -> list[Block]:
    """The answers as blocks, none of them with more text than Slack grants a section."""
    made: list[Block] = []
    taken: list[Words] = []
    size = 0
    for words in _words(said):
        size += len(words["text"])
        if taken and size > SECTION_TEXT:
            made.append(_block(taken))
            taken, size = [], len(words["text"])
        taken.append(words)
    return [*made, _block(taken)]


def _block(words: list[Words]) -> Block:
    return blocks.rich_text(blocks.paragraph(*words))


def _words(said: Said) -> Iterator[Words]:
    yield blocks.words(shown_name(said.name), bold=True)
    if said.late:
        yield blocks.words(" (late)", italic=True)
    for one in said.told:
        mark = " (edited)" if one.edited else ""
        yield blocks.words(f"\n{clamp(one_line(one.short), _SHORT)}{mark}: ", italic=True)
        for start in range(0, len(one.text), SECTION_TEXT):
            yield blocks.words(one.text[start : start + SECTION_TEXT])
