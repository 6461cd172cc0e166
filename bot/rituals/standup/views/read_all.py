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
from bot.slack import blocks, paging

EARLIER, NEXT = "standup.read_all_earlier", "standup.read_all_next"
TITLE = "Stand-up"
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
    pages = list(paging.pages(_drawn(found)))
    page = max(0, min(page, len(pages) - 1))
    number = len(found.answers)
    answers = "1 answer" if number == 1 else f"{number} answers"
    about = f"{escape(clamp(one_line(found.title), _NAME))} · {answers}"
    if len(pages) > 1:
        about += f" · page {page + 1} of {len(pages)}"
    return blocks.modal(
        f"{TITLE} {found.date:%a} {found.date.day} {found.date:%b}",
        [
            blocks.context(about),
            *pages[page],
            *paging.turning(EARLIER, NEXT, str(found.run_id), page, len(pages)),
        ],
    )


def _drawn(found: AllAnswers) -> Iterator[tuple[Block, Block | None]]:
    """Every block; one that goes on with a person's answers comes with their name."""
    for block in unabridged(found.blockers, found.date, found.run_id, found.links):
        yield block, None
    for said in found.answers:
        for number, block in enumerate(whole(said, found.links)):
            yield block, _continued(said.name) if number else None


def _continued(name: str) -> Block:
    return blocks.small(f"{shown_name(name)}, continued")
