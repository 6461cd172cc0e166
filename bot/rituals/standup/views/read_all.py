"""*Read all*: the whole answers of a run in a modal, as many pages as Slack's limits ask for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.asking.issue_links import NO_LINKS, IssueLinks
from bot.core.content import Block
from bot.core.text import clamp, escape, one_line
from bot.rituals.standup.views.blocked import BlockerShown, unabridged
from bot.rituals.standup.views.names import shown_name
from bot.rituals.standup.views.whole import Said, whole
from bot.rituals.standup.views.words import on_each_clock
from bot.slack import blocks

EARLIER, NEXT = "standup.read_all_earlier", "standup.read_all_next"
TITLE = "Stand-up"
# Slack takes 100 blocks and 250 kB in a view; a character is written in up to 12 bytes.
_BLOCKS = 90
_CHARACTERS = 15_000
_NAME = 80


@dataclass(frozen=True)
class AllAnswers:
    """A run's answers in full, in the order in which they were given."""

    run_id: int
    title: str
    date: date
    answers: tuple[Said, ...]
    blockers: tuple[BlockerShown, ...] = ()  # all of them: the answers say the rest
    links: IssueLinks = NO_LINKS


@dataclass(frozen=True)
class NotYet:
    """The answers are shown when the run closes."""

    closes_at: datetime


@dataclass(frozen=True)
class NoLonger:
    """There is no such run (any more), or its stand-up was deleted."""


def read_all_modal(found: AllAnswers | NotYet | NoLonger, page: int = 0) -> dict[str, Any]:
    """The modal; a page that is not there (any more) is the nearest one."""
    match found:
        case NotYet(closes_at):
            when = on_each_clock(closes_at)
            return blocks.notice(TITLE, f"The answers are shown when it closes: {when}.")
        case NoLonger():
            return blocks.notice(
                TITLE, "That stand-up was deleted, so its answers are no longer shown."
            )
        case AllAnswers():
            return _modal(found, page)


def _modal(found: AllAnswers, page: int) -> dict[str, Any]:
    pages = list(_pages(found))
    page = max(0, min(page, len(pages) - 1))
    number = len(found.answers)
    answers = "1 answer" if number == 1 else f"{number} answers"
    about = f"{escape(clamp(one_line(found.title), _NAME))} · {answers}"
    if len(pages) > 1:
        about += f" · page {page + 1} of {len(pages)}"
    return blocks.modal(
        f"{TITLE} {found.date:%a} {found.date.day} {found.date:%b}",
        [blocks.context(about), *pages[page], *_turning(found.run_id, page, len(pages))],
    )


def _turning(run_id: int, page: int, pages: int) -> Iterator[Block]:
    buttons = []
    if page > 0:
        buttons.append(blocks.button("Earlier", EARLIER, f"{run_id} {page - 1}"))
    if page + 1 < pages:
        buttons.append(blocks.button("Next", NEXT, f"{run_id} {page + 1}"))
    if buttons:
        yield blocks.actions(buttons)


def _pages(found: AllAnswers) -> Iterator[list[Block]]:
    """The blocks of each page."""
    page: list[Block] = []
    size = 0
    for block, whose in _drawn(found):
        more = blocks.size(block)
        if page and (len(page) == _BLOCKS or size + more > _CHARACTERS):
            yield page
            page, size = ([_continued(whose)] if whose else []), 0
        page.append(block)
        size += more
    yield page


def _drawn(found: AllAnswers) -> Iterator[tuple[Block, str]]:
    """Every block; one that goes on with a person's answers comes with their name."""
    for block in unabridged(found.blockers, found.date, found.run_id, found.links):
        yield block, ""
    for said in found.answers:
        for number, block in enumerate(whole(said, found.links)):
            yield block, said.name if number else ""


def _continued(name: str) -> Block:
    return blocks.small(f"{shown_name(name)}, continued")
