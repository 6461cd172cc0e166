"""One line on what is late by a week, for a ritual's message in its channel."""

from collections.abc import Iterator, Sequence

from bot.actions.model import ItemShown
from bot.actions.views import words
from bot.core.content import Block
from bot.core.text import clamp, isolated, one_line
from bot.slack import blocks

_WHAT = 80
_NAME = 40
_NAMED = 3


def late_line(items: Sequence[ItemShown]) -> Iterator[Block]:
    """How many there are, and which; no block where there are none. Nobody is mentioned."""
    if not items:
        return
    several = len(items) > 1
    head = f"{len(items)} action items are" if several else "1 action item is"
    parts = [blocks.words(f"{head} late by a week or more: ")]
    for number, item in enumerate(items[:_NAMED]):
        comma = "; " if number else ""
        parts += [
            blocks.words(f"{comma}{isolated(clamp(one_line(item.what), _WHAT))} ("),
            blocks.words(isolated(words.name(item, _NAME)), bold=True),
            blocks.words(f", due {words.past_day(item.due or item.today, item.today)})"),
        ]
    if (rest := len(items) - _NAMED) > 0:
        parts.append(blocks.words(f"; and {rest} more"))
    yield blocks.rich_text(blocks.paragraph(*parts))
