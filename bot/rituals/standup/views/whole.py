"""One person's answers in full, each under the short name of its question."""

from dataclasses import dataclass

from bot.asking.issue_links import NO_LINKS, IssueLinks, linked
from bot.core.content import Block
from bot.core.text import clamp, one_line
from bot.rituals.standup.views.names import shown_name
from bot.slack import blocks
from bot.slack.blocks import Words

_SHORT = 60
_BLOCK = 4000  # characters of one block: the longest answer with its head, or several short ones


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


def whole(said: Said, links: IssueLinks = NO_LINKS) -> list[Block]:
    """The answers as blocks, of which each says something by itself."""
    made: list[Block] = []
    taken = _head(said)
    for one in said.told:
        words = _words(one, links)
        if blocks.size([*taken, *words]) > _BLOCK:
            made.append(_block(taken))
            taken = words
        else:
            taken = [*taken, *words]
    return [*made, _block(taken)]


def _block(words: list[Words]) -> Block:
    first = words[0] | {"text": words[0]["text"].lstrip("\n")}
    return blocks.rich_text(blocks.paragraph(first, *words[1:]))


def _head(said: Said) -> list[Words]:
    name = blocks.words(shown_name(said.name), bold=True)
    return [name, blocks.words(" (late)", italic=True)] if said.late else [name]


def _words(told: Told, links: IssueLinks) -> list[Words]:
    mark = " (edited)" if told.edited else ""
    head = f"\n{clamp(one_line(told.short), _SHORT)}{mark}: "
    return [blocks.words(head, italic=True), *linked(told.text, links)]
