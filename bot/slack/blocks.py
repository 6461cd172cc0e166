"""Builders of Block Kit that clamp to Slack's limits; mrkdwn goes in escaped.

https://docs.slack.dev/reference/block-kit
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from slack_sdk.models import blocks as kit

from bot.core.content import HEADER_TEXT, PLAIN_INPUT, SECTION_TEXT, Block
from bot.core.text import clamp, escape, one_line

MENU = "menu"
"""The action of every menu of buttons; `bot.slack.app` makes of it that of the chosen one."""

# Plain, and not the SDK's models: those take a hundred times as long, and there are hundreds.
Words = dict[str, Any]
Paragraph = dict[str, Any]

_BUTTON_TEXT = 75
_LABEL_TEXT = 2000
_TITLE_TEXT = 24
_CONTEXT_ELEMENTS = 10
_CONTEXT_TEXT = 2000
_ACTIONS = 25
_MENU = 5
# What Slack's clients make of an emoji; a time such as 10:30:45 holds none. An element whose name
# no workspace knows is shown as its text, so a guess does no harm.
_EMOJI = re.compile(r"(?<!\w):([+-]1|100|1234|[^\W\d_][\w+'-]*(?:::skin-tone-[2-6])?):(?!\w)")
_MOST_EMOJI = 20  # in one run: Slack takes no endless list of elements


def header(text: str) -> Block:
    """A heading, in plain text."""
    return _dict(kit.HeaderBlock(text=clamp(one_line(text), HEADER_TEXT)))


def section(mrkdwn: str, accessory: kit.InteractiveElement | None = None) -> Block:
    """A paragraph of mrkdwn, with at most one element beside it."""
    text = kit.MarkdownTextObject(text=clamp(mrkdwn, SECTION_TEXT), verbatim=True)
    return _dict(kit.SectionBlock(text=text, accessory=accessory))


def context(*lines: str) -> Block:
    """Small grey mrkdwn beside the point."""
    elements: list[Any] = [
        kit.MarkdownTextObject(text=clamp(line, _CONTEXT_TEXT), verbatim=True)
        for line in lines[:_CONTEXT_ELEMENTS]
    ]
    return _dict(kit.ContextBlock(elements=elements))


def divider() -> Block:
    """A line across."""
    return _dict(kit.DividerBlock())


def small(text: str) -> Block:
    """Small grey plain text: nothing in it is markup."""
    plain = kit.PlainTextObject(text=clamp(text, _CONTEXT_TEXT), emoji=True)
    return _dict(kit.ContextBlock(elements=[plain]))


def words(text: str, *, bold: bool = False, italic: bool = False) -> Words:
    """A run of rich text. Slack reads no markup in it, and nothing in it mentions anybody.

    A run must not be empty: Slack refuses that.
    """
    style = {name: True for name, on in (("bold", bold), ("italic", italic)) if on}
    run: Words = {"type": "text", "text": text}
    return run | {"style": style} if style else run


def link(url: str, text: str) -> Words:
    """A run of rich text that leads somewhere."""
    return {"type": "link", "url": url, "text": text}


def anchor(url: str, text: str) -> str:
    """The same in mrkdwn; what would end the address there is written otherwise."""
    address = escape(url).replace("|", "%7C").replace("&lt;", "%3C").replace("&gt;", "%3E")
    return f"<{address}|{escape(text)}>"


def paragraph(*parts: Words) -> Paragraph:
    """Runs of rich text, one after the other; an emoji typed by its name is shown as one."""
    elements = [element for part in parts for element in _with_emoji(part)]
    return {"type": "rich_text_section", "elements": elements}


def _with_emoji(run: Words) -> Iterator[Words]:
    text, start = run["text"], 0
    found = _EMOJI.finditer(text) if ":" in text else ()  # most have none, and there are hundreds
    for _, emoji in zip(range(_MOST_EMOJI), found, strict=False):
        if before := text[start : emoji.start()]:
            yield run | {"text": before}
        yield {"type": "emoji", "name": emoji[1]}
        start = emoji.end()
    if not start:
        yield run
    elif rest := text[start:]:
        yield run | {"text": rest}


def bullets(items: Sequence[Paragraph]) -> dict[str, Any]:
    """A bulleted list of paragraphs."""
    return {"type": "rich_text_list", "style": "bullet", "elements": list(items)}


def rich_text(*elements: Mapping[str, Any]) -> Block:
    """Paragraphs and lists that may hold what people wrote."""
    return {"type": "rich_text", "elements": list(elements)}


def size(shown: object) -> int:
    """Characters of all text in blocks, as Slack adds them up for a message.

    A link's address counts here: whether it does for Slack is not documented.
    """
    if isinstance(shown, Mapping):
        text = shown.get("text")
        if shown.get("type") == "emoji":
            text = f":{shown['name']}:"
        elif shown.get("type") == "link":
            text = f"{text}{shown['url']}"
        return len(text) if isinstance(text, str) else sum(map(size, shown.values()))
    return sum(map(size, shown)) if isinstance(shown, (list, tuple)) else 0


def actions(elements: Iterable[kit.InteractiveElement], block_id: str | None = None) -> Block:
    """A row of buttons and menus."""
    return _dict(kit.ActionsBlock(elements=list(elements)[:_ACTIONS], block_id=block_id))


def sure(title: str, plain: str, yes: str) -> kit.ConfirmObject:
    """The question whether somebody means it, for what can't be taken back."""
    text = kit.PlainTextObject(text=plain)
    return kit.ConfirmObject(title=title, text=text, confirm=yes, deny="Cancel", style="danger")


def button(
    label: str,
    action: str,
    value: str,
    *,
    primary: bool = False,
    reads: str | None = None,
    asks: kit.ConfirmObject | None = None,
) -> kit.ButtonElement:
    """A button; `reads` is what a screen reader says where the label alone is unclear.

    With `asks` it does nothing before that is answered.
    """
    return kit.ButtonElement(
        text=clamp(label, _BUTTON_TEXT),
        action_id=action,
        value=value,
        style="primary" if primary else None,
        accessibility_label=clamp(reads, _BUTTON_TEXT) if reads else None,
        confirm=asks,
    )


def menu(buttons: Sequence[kit.ButtonElement]) -> kit.OverflowMenuElement:
    """At most five buttons folded into one; who chooses there has pressed that button."""
    options = [
        kit.Option(value=f"{one.action_id} {one.value}", text=one.text) for one in buttons[:_MENU]
    ]
    return kit.OverflowMenuElement(action_id=MENU, options=options)


def input_block(
    block_id: str,
    label: str,
    element: kit.InputInteractiveElement,
    *,
    optional: bool = False,
    hint: str | None = None,
) -> Block:
    """A labelled input of a modal."""
    return _dict(
        kit.InputBlock(
            block_id=block_id,
            label=kit.PlainTextObject(text=clamp(one_line(label), _LABEL_TEXT)),
            element=element,
            optional=optional,
            hint=kit.PlainTextObject(text=hint) if hint else None,
        )
    )


def text_input(action: str, initial: str = "", *, focus: bool = False) -> kit.PlainTextInputElement:
    """Several lines of plain text, as long as Slack allows."""
    return kit.PlainTextInputElement(
        action_id=action,
        multiline=True,
        max_length=PLAIN_INPUT,
        initial_value=initial or None,
        focus_on_load=focus or None,
    )


def modal(
    title: str,
    blocks: Sequence[Block],
    *,
    callback: str = "",
    submit: str | None = None,
    close: str = "Close",
    metadata: str = "",
) -> dict[str, Any]:
    """A modal view; with `submit` it can be sent."""
    view: dict[str, Any] = {
        "type": "modal",
        "title": _plain(clamp(title, _TITLE_TEXT)),
        "close": _plain(close),
        "blocks": list(blocks),
    }
    if callback:
        view["callback_id"] = callback
    if submit:
        view["submit"] = _plain(submit)
    if metadata:
        view["private_metadata"] = metadata
    return view


def notice(title: str, mrkdwn: str) -> dict[str, Any]:
    """A modal that only says something."""
    return modal(title, [section(mrkdwn)])


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": True}


def _dict(block: kit.Block) -> Block:
    made: dict[str, Any] = block.to_dict()
    return made
