"""The list of action items: mine, the team's, the overdue; page by page, each with what to do."""

from collections.abc import Iterator
from typing import Any

from slack_sdk.models.blocks import (
    ButtonElement,
    InteractiveElement,
    Option,
    OverflowMenuElement,
    StaticSelectElement,
)

from bot.actions.model import ItemShown, Page, Scope
from bot.actions.views import lines, words
from bot.core.content import Block
from bot.core.states import ItemState
from bot.core.text import clamp, isolated, one_line
from bot.slack import blocks
from bot.slack.blocks import Words

TITLE = "Action items"
SCOPE, EARLIER, NEXT = "actions.scope", "actions.earlier", "actions.next"
_ABOUT = 60
_SCOPES = {
    Scope.MINE: "Mine",
    Scope.TEAM: "The team's",
    Scope.OVERDUE: "Overdue",
    Scope.ASKED: "Asked of others",
    Scope.CLOSED: "Done or dropped lately",
}
_NOTHING = {
    Scope.MINE: "You have nothing to do here. :sparkles:",
    Scope.TEAM: "This channel's team has no open action items.",
    Scope.OVERDUE: "Nothing is overdue. :sparkles:",
    Scope.ASKED: "Others have nothing to do that you asked for.",
    Scope.CLOSED: "Nothing was done or dropped in the last 30 days.",
}


def list_modal(page: Page, said: str = "") -> dict[str, Any]:
    """One page of a list; `said` is what has just been done, in mrkdwn."""
    made: list[Block] = [blocks.section(said)] if said else []
    made.append(blocks.actions([_scopes(page), _add()], "list"))
    made.append(blocks.context(_about(page)))
    for item in page.items:
        made += [_item(item, page), blocks.actions(_acts(item), f"item-{item.id}")]
    made += _turning(page)
    return blocks.modal(TITLE, made, callback=words.LIST, metadata=place(page))


def place(page: Page) -> str:
    """Where somebody is in the lists: it travels with the modal."""
    return f"{page.scope} {page.number} {page.channel}".rstrip()


def _scopes(page: Page) -> StaticSelectElement:
    offered = [one for one in Scope if page.channel or one is not Scope.TEAM]
    options = {one: Option(value=one, label=_SCOPES[one]) for one in offered}
    return StaticSelectElement(
        action_id=SCOPE,
        options=list(options.values()),
        initial_option=options.get(page.scope),
        placeholder="Which ones",
    )


def _add() -> ButtonElement:
    return blocks.button("Add one", words.ADD, "list", reads="Add an action item")


def _about(page: Page) -> str:
    if not page.total:
        return _NOTHING[page.scope]
    counted = "1 action item" if page.total == 1 else f"{page.total} action items"
    whose = {
        Scope.TEAM: f" in <#{page.channel}>",
        Scope.OVERDUE: f": yours and those in <#{page.channel}>" if page.channel else "",
    }
    turned = f" · page {page.number + 1} of {page.pages}" if page.pages > 1 else ""
    return f"{counted}{whose.get(page.scope, '')}{turned}"


def _item(item: ItemShown, page: Page) -> Block:
    what = blocks.words(isolated(one_line(item.what)) or "…", bold=True)
    return blocks.rich_text(blocks.paragraph(what, *_below(item, page)))


def _below(item: ItemShown, page: Page) -> Iterator[Words]:
    """The line below what is to be done."""
    between = "\n"
    for part in _parts(item, page):
        yield from (blocks.words(between), part)
        between = " · "


def _parts(item: ItemShown, page: Page) -> Iterator[Words]:
    if page.scope is not Scope.MINE:
        yield blocks.words(isolated(words.name(item)))
    if item.is_due:
        yield blocks.words(lines.late(item), bold=True)
    elif item.due is not None:
        yield blocks.words(words.by_when(item))
    if stands := words.state(item):
        yield blocks.words(stands)
    if item.issue_key:
        yield words.ticket(item)
    if page.scope is Scope.MINE and item.giver:
        yield blocks.words(f"from {clamp(one_line(item.giver), words.NAME)}")
    if item.note:
        yield blocks.words(clamp(one_line(item.note), 200))


def _acts(item: ItemShown) -> Iterator[InteractiveElement]:
    value, about = str(item.id), clamp(one_line(item.what), _ABOUT)
    if not item.live:
        yield blocks.button("Reopen", words.REOPEN, value, reads=f"Reopen {about}")
        return
    yield blocks.button("Done", words.DONE, value, reads=f"Done: {about}")
    yield blocks.button("Move date", words.MOVE, value, reads=f"Move the date of {about}")
    yield blocks.button("Reassign", words.REASSIGN, value, reads=f"Reassign {about}")
    going = item.state is ItemState.IN_PROGRESS
    offered = {
        "reopen" if going else "start": "Not started after all" if going else "Start",
        "edit": "Change …",
        "drop": "Drop …",
    }
    options = [Option(value=f"{act} {item.id}", label=label) for act, label in offered.items()]
    yield OverflowMenuElement(action_id=words.MORE, options=options)


def _turning(page: Page) -> Iterator[Block]:
    buttons = []
    if page.number > 0:
        buttons.append(blocks.button("Earlier", EARLIER, "earlier"))
    if page.number + 1 < page.pages:
        buttons.append(blocks.button("Next", NEXT, "next", reads="Next page"))
    if buttons:
        yield blocks.actions(buttons, "pages")
