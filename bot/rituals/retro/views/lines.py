"""A topic in a line, and an action item: as the messages of a retro and *Read all* have them."""

from collections.abc import Iterator

from bot.actions.model import ItemShown
from bot.actions.views import words as actions
from bot.core.text import isolated
from bot.rituals.retro.views import words
from bot.rituals.retro.views.shown import TopicShown
from bot.slack import blocks
from bot.slack.blocks import Paragraph, Words

_NOTE = 160  # characters of a note in the channel; Read all has the rest
_WHAT = 160


def topic(one: TopicShown, limit: int = _NOTE) -> Iterator[Words]:
    """A topic in a line: what it says, of how many notes, whose, and its votes."""
    yield blocks.words(words.line(one.text, limit))
    if one.parts:
        yield blocks.words(f" (+{len(one.parts)} alike)", italic=True)
    if one.author:
        yield blocks.words(f" — {isolated(words.name(one.author))}", italic=True)
    if one.votes is not None and not one.late:
        yield blocks.words(f" · {votes(one.votes)}")


def votes(number: int) -> str:
    """So many votes."""
    return "1 vote" if number == 1 else f"{number} votes"


def item(one: ItemShown) -> Paragraph:
    """An action item: what, who, by when, and where it stands."""
    what = blocks.words(words.line(one.what, _WHAT))
    return blocks.paragraph(what, *actions.arrow(one))
