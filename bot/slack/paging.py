"""Blocks on as many pages of a modal as Slack's limits ask for."""

from collections.abc import Iterable, Iterator

from bot.core.content import Block
from bot.slack import blocks

# Slack takes 100 blocks and 250 kB in a view; a character is written in up to 12 bytes.
_BLOCKS = 90
_CHARACTERS = 15_000


def pages(drawn: Iterable[tuple[Block, Block | None]]) -> Iterator[list[Block]]:
    """The blocks of each page; one that is cut off from its head comes with a head to repeat."""
    page: list[Block] = []
    size = 0
    for block, head in drawn:
        more = blocks.size(block)
        if page and (len(page) == _BLOCKS or size + more > _CHARACTERS):
            yield page
            page, size = ([head] if head else []), 0
        page.append(block)
        size += more
    yield page


def turning(earlier: str, later: str, value: str, page: int, of: int) -> Iterator[Block]:
    """Buttons to the pages beside this one; their value is `value` and the page's number."""
    buttons = []
    if page > 0:
        buttons.append(blocks.button("Earlier", earlier, f"{value} {page - 1}"))
    if page + 1 < of:
        buttons.append(blocks.button("Next", later, f"{value} {page + 1}"))
    if buttons:
        yield blocks.actions(buttons)
