"""*Read all*: every word of a retro, on as many pages as Slack's limits ask for."""

from collections.abc import Iterator
from typing import Any

from bot.core.content import Block
from bot.core.text import clamp, escape, isolated, one_line
from bot.rituals.retro.views import words
from bot.rituals.retro.views.lines import item, votes
from bot.rituals.retro.views.shown import RetroShown, TopicShown
from bot.slack import blocks, paging

EARLIER, NEXT = "retro.read_all.earlier", "retro.read_all.next"
TITLE = "Retro"
_TOGETHER = 10


def read_all_modal(shown: RetroShown, page: int) -> dict[str, Any]:
    """The modal; a page that is not there (any more) is the nearest one."""
    pages = list(paging.pages(_drawn(shown)))
    page = max(0, min(page, len(pages) - 1))
    about = f"{escape(clamp(one_line(shown.title), 80))} · {words.topics(len(shown.topics))}"
    if len(pages) > 1:
        about += f" · page {page + 1} of {len(pages)}"
    turning = paging.turning(EARLIER, NEXT, str(shown.retro_id), page, len(pages))
    title = f"{TITLE} {shown.date:%a} {shown.date.day} {shown.date:%b}"
    export = blocks.button("Export", words.EXPORT, str(shown.retro_id))
    return blocks.modal(title, [blocks.section(about, export), *pages[page], *turning])


def _drawn(shown: RetroShown) -> Iterator[tuple[Block, Block | None]]:
    for number, column in enumerate(shown.columns):
        mine = [one for one in shown.topics if one.column == number]
        mine.sort(key=lambda one: -(one.votes or 0))
        head = blocks.header(column)
        if mine:
            yield head, None
        for one in mine:
            yield from ((block, head) for block in _topic(one))
    if shown.items:
        head = blocks.header("Actions")
        yield head, None
        for each in shown.items:
            yield blocks.rich_text(blocks.bullets([item(each)])), head


def _topic(one: TopicShown) -> Iterator[Block]:
    """What it says, then what was merged into it, then what was said of it."""
    parts = [blocks.words(words.whole(one.text))]
    if one.author:
        parts.append(blocks.words(f" — {isolated(words.name(one.author))}", italic=True))
    if one.late:
        parts.append(blocks.words(" · came later", italic=True))
    elif one.votes is not None:
        parts.append(blocks.words(f" · {votes(one.votes)}", italic=True))
    yield blocks.rich_text(blocks.paragraph(*parts))
    alike = [
        blocks.paragraph(
            blocks.words(words.whole(text)),
            *([blocks.words(f" — {isolated(words.name(who))}", italic=True)] if who else []),
        )
        for text, who in one.parts
    ]
    for start in range(0, len(alike), _TOGETHER):
        yield blocks.rich_text(blocks.bullets(alike[start : start + _TOGETHER]))
    for who, text in one.said:
        yield blocks.rich_text(_quote(who, text))


def _quote(who: str, text: str) -> dict[str, Any]:
    return {
        "type": "rich_text_quote",
        "elements": [
            blocks.words(f"{isolated(words.name(who))}: ", bold=True),
            blocks.words(words.whole(text)),
        ],
    }
