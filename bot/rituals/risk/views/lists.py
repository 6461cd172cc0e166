"""The register as a list in a modal: filtered, searched, page by page."""

from collections.abc import Iterator
from typing import Any

from slack_sdk.models.blocks import ButtonElement, Option, StaticSelectElement

from bot.core.content import Block
from bot.core.text import clamp, escape
from bot.rituals.risk.lists.lists_model import SEARCH, Asked, Page, Scope
from bot.rituals.risk.values import RiskLine
from bot.rituals.risk.views import words
from bot.slack import blocks, inputs

SCOPE, CATEGORY = "risk.list.scope", "risk.list.category"
EARLIER, NEXT = "risk.list.earlier", "risk.list.next"
_ALL = "all"
_SCOPES = {
    Scope.SCORE: "All, the worst first",
    Scope.OVERDUE: "Review overdue",
    Scope.UNOWNED: "Without an owner",
    Scope.MINE: "Mine, in all teams",
    Scope.REVIEW: "Waiting for my review",
    Scope.CLOSED: "Closed",
}
_NOTHING = {
    Scope.SCORE: "No risks here yet. What could keep this project from working? Add the first.",
    Scope.OVERDUE: "No review is overdue. :sparkles:",
    Scope.UNOWNED: "Every risk has somebody who looks after it. :sparkles:",
    Scope.MINE: "You look after no risk.",
    Scope.REVIEW: "No risk waits for your review. :sparkles:",
    Scope.CLOSED: "No risk was closed yet.",
}
_NOT_FOUND = "No risk here says that. Try fewer words, or all categories."


def list_modal(page: Page, metadata: str, said: str = "") -> dict[str, Any]:
    """One page of the register; `said` is what has just been done, in mrkdwn."""
    made: list[Block] = [blocks.section(said)] if said else []
    made.append(blocks.actions(_filters(page), "filters"))
    made.append(_search(page.asked))
    made.append(blocks.context(_about(page)))
    made += [_line(risk, with_team=not page.asked.channel) for risk in page.risks]
    made += _turning(page)
    # Slack takes no input in a modal that can't be submitted.
    return blocks.modal(words.TITLE, made, callback=words.LIST, submit="Search", metadata=metadata)


def _filters(page: Page) -> Iterator[StaticSelectElement | ButtonElement]:
    asked = page.asked
    here = [one for one in Scope if asked.channel or one in (Scope.MINE, Scope.REVIEW)]
    yield _select(SCOPE, {one.value: _SCOPES[one] for one in here}, asked.scope, "Which ones")
    names = {_ALL: "All categories"} | page.categories
    yield _select(CATEGORY, dict(list(names.items())[:100]), asked.category or _ALL, "Category")
    if asked.channel:
        yield blocks.button("Add a risk", words.ADD, "list", primary=not page.total)


def _select(action: str, named: dict[str, str], chosen: str, hint: str) -> StaticSelectElement:
    options = {value: Option(value=value, label=clamp(text, 75)) for value, text in named.items()}
    return StaticSelectElement(
        action_id=action,
        options=list(options.values()),
        initial_option=options.get(chosen),
        placeholder=hint,
    )


def category_of(value: str) -> str:
    """What the menu of categories says: "" for all."""
    return "" if value == _ALL else value


def _search(asked: Asked) -> Block:
    element = inputs.line_input("search", asked.search, longest=SEARCH)
    hint = "Words of a title, a model or a cause; or a number."
    return blocks.input_block("search", "Search", element, optional=True, hint=hint)


def _about(page: Page) -> str:
    if not page.total:
        filtered = page.asked.search or page.asked.category
        return _NOT_FOUND if filtered else _NOTHING[page.asked.scope]
    counted = "1 risk" if page.total == 1 else f"{page.total:,} risks"
    where = f" in <#{page.asked.channel}>" if page.asked.channel else ""
    if page.asked.scope in (Scope.MINE, Scope.REVIEW):
        where = " of yours"
    turned = f" · page {page.asked.number + 1} of {page.pages}" if page.pages > 1 else ""
    sought = f" saying “{escape(page.asked.search)}”" if page.asked.search else ""
    return f"{counted}{where}{sought}{turned}"


def _line(risk: RiskLine, *, with_team: bool) -> Block:
    show = blocks.button("Open", words.SHOW, str(risk.id), reads=f"Open {words.about(risk)}")
    return blocks.section(f"{words.head(risk)}\n{words.facts(risk, with_team=with_team)}", show)


def _turning(page: Page) -> Iterator[Block]:
    buttons = []
    if page.asked.number > 0:
        buttons.append(blocks.button("Earlier", EARLIER, "earlier", reads="Previous page"))
    if page.asked.number + 1 < page.pages:
        buttons.append(blocks.button("Next", NEXT, "next", reads="Next page"))
    if buttons:
        yield blocks.actions(buttons, "pages")
