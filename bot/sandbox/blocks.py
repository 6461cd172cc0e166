"""Block Kit as Slack documents it: which blocks a surface takes, and their limits."""

import json
from collections.abc import Iterator
from typing import Any

from bot.sandbox.elements import (
    ID,
    IMAGE,
    IN_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    SLACK_FILE,
    TYPE,
    URL,
    any_text,
    mrkdwn,
    plain_text,
)
from bot.sandbox.errors import SlackError
from bot.sandbox.richtext import ELEMENTS_WITH_RICH_TEXT as ELEMENTS
from bot.sandbox.richtext import RICH_TEXT
from bot.sandbox.rules import (
    Report,
    Rule,
    array,
    at_least_one_of,
    boolean,
    both,
    by_type,
    exactly_one_of,
    one_of,
    shape,
    string,
    unique,
)
from bot.sandbox.world import Json

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MESSAGE_TEXT = 40_000
BLOCKS_TEXT = 13_200
MARKDOWN_TEXT = 12_000
VIEW_BYTES = 250_000

_NAMED = {"block_id": ID}
_CELL = by_type({
    "raw_text": shape({**TYPE, "text": string(3000)}),
    "rich_text": RICH_TEXT,
})  # fmt: skip
_COLUMN = shape({}, {"align": one_of("left", "center", "right"), "is_wrapped": boolean})

BLOCKS: dict[str, Rule] = {
    "actions": shape(
        {
            **TYPE,
            "elements": both(array(by_type(ELEMENTS, IN_ACTIONS), most=25), unique("action_id")),
        },
        _NAMED,
    ),
    "context": shape(
        {
            **TYPE,
            "elements": array(
                by_type({"image": IMAGE, "mrkdwn": mrkdwn(3000), "plain_text": plain_text(3000)}),
                most=10,
            ),
        },
        _NAMED,
    ),
    "divider": shape(TYPE, _NAMED),
    "header": shape({**TYPE, "text": plain_text(150)}, _NAMED),
    "image": shape(
        {**TYPE, "alt_text": string(2000)},
        {**_NAMED, "image_url": URL, "slack_file": SLACK_FILE, "title": plain_text(2000)},
        exactly_one_of("image_url", "slack_file"),
    ),
    "input": shape(
        {**TYPE, "label": plain_text(2000), "element": by_type(ELEMENTS, IN_INPUT)},
        {**_NAMED, "hint": plain_text(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "markdown": shape({**TYPE, "text": string(MARKDOWN_TEXT)}, _NAMED),
    "rich_text": RICH_TEXT,
    "section": shape(
        TYPE,
        {
            **_NAMED,
            "text": any_text(3000),
            "fields": array(any_text(2000), most=10),
            "accessory": by_type(ELEMENTS, IN_SECTION),
            "expand": boolean,
        },
        at_least_one_of("text", "fields"),
    ),
    "table": shape(
        {**TYPE, "rows": array(array(_CELL, most=20), most=100)},
        {**_NAMED, "column_settings": array(_COLUMN, least=0, most=20)},
    ),
    "video": shape(
        {
            **TYPE,
            "alt_text": string(2000),
            "title": plain_text(200),
            "thumbnail_url": URL,
            "video_url": URL,
        },
        {
            **_NAMED,
            "author_name": string(50),
            "description": plain_text(200),
            "provider_icon_url": URL,
            "provider_name": string(50),
            "title_url": URL,
        },
    ),
}

_EVERYWHERE = ("actions", "context", "divider", "header", "image", "input", "rich_text",
               "section", "video")  # fmt: skip
SURFACES = {
    "message": (*_EVERYWHERE, "markdown", "table"),
    "modal": _EVERYWHERE,
    "home": _EVERYWHERE,
}
# Slack draws these in views only.
_VIEW_ONLY_INPUTS = ("file_input", "email_text_input", "number_input", "url_text_input")

_VIEW = {"private_metadata": string(3000, 0), "callback_id": string(255, 0),
         "external_id": string(255, 0)}  # fmt: skip
_BLOCK_LIST = {"type": string(10), "blocks": array(lambda *_: None, least=0, most=VIEW_BLOCKS)}
VIEWS: dict[str, Rule] = {
    "modal": shape(
        {**_BLOCK_LIST, "title": plain_text(24)},
        {
            **_VIEW,
            "close": plain_text(24),
            "submit": plain_text(24),
            "clear_on_close": boolean,
            "notify_on_close": boolean,
            "submit_disabled": boolean,
        },
    ),
    "home": shape(
        _BLOCK_LIST,
        {**_VIEW, "title": plain_text(24), "clear_on_close": boolean, "notify_on_close": boolean},
    ),
}


def check_message(blocks: Any) -> None:
    """Refuse what Slack would not take as a message's blocks."""
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    report = Report("message")
    if len(blocks) > MESSAGE_BLOCKS:
        report.add(f"no more than {MESSAGE_BLOCKS} items allowed", "/blocks")
    _check_blocks(blocks, "/blocks", report)
    if not report.problems:
        _check_totals(blocks, report)
    if report.problems:
        raise SlackError("invalid_blocks", errors=report.problems, **_said(report))
    if sum(_lengths(blocks)) > BLOCKS_TEXT:
        raise SlackError("msg_blocks_too_long")


def check_view(view: Any, surface: str) -> None:
    """Refuse what Slack would not take as a modal or a Home tab."""
    report = Report(surface)
    by_type(VIEWS, (surface,))(view, "/view", report)
    if isinstance(view, dict) and isinstance(view.get("blocks"), list):
        blocks = view["blocks"]
        _check_blocks(blocks, "/view/blocks", report)
        if surface == "modal" and _has_input(blocks) and "submit" not in view:
            report.add("missing required field: submit (the view has inputs)", "/view")
        if not report.problems:
            _check_focus(blocks, report)
    if report.problems:
        raise SlackError("invalid_arguments", **_said(report))
    if len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_BYTES:
        raise SlackError("view_too_large")


def _said(report: Report) -> Json:
    return {"response_metadata": {"messages": [f"[ERROR] {line}" for line in report.problems]}}


def _check_blocks(blocks: list[Any], where: str, report: Report) -> None:
    rule = by_type(BLOCKS, SURFACES[report.surface])
    for number, block in enumerate(blocks):
        rule(block, f"{where}/{number}", report)
        _check_input_surface(block, f"{where}/{number}", report)
    unique("block_id")(blocks, where, report)


def _check_input_surface(block: Any, where: str, report: Report) -> None:
    element = block.get("element") if isinstance(block, dict) else None
    kind = element.get("type") if isinstance(element, dict) else None
    if report.surface == "message" and kind in _VIEW_ONLY_INPUTS:
        report.add(f"unsupported type: {kind}", f"{where}/element/type")


def _check_totals(blocks: list[Any], report: Report) -> None:
    of_kind: dict[str, list[Json]] = {"markdown": [], "table": []}
    for block in blocks:
        if block["type"] in of_kind:
            of_kind[block["type"]].append(block)
    if sum(len(str(block.get("text", ""))) for block in of_kind["markdown"]) > MARKDOWN_TEXT:
        report.add(f"markdown blocks hold more than {MARKDOWN_TEXT} characters", "/blocks")
    if len(of_kind["table"]) > 1:
        report.add("only one table allowed", "/blocks")


def _check_focus(blocks: list[Any], report: Report) -> None:
    if sum(element.get("focus_on_load") is True for _, element in elements_of(blocks)) > 1:
        report.add("only one element may set focus_on_load", "/view/blocks")


def _has_input(blocks: list[Any]) -> bool:
    return any(isinstance(block, dict) and block.get("type") == "input" for block in blocks)


def _lengths(value: Any) -> Iterator[int]:
    """The lengths of every text in the blocks."""
    if isinstance(value, list):
        for each in value:
            yield from _lengths(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            if name == "text" and isinstance(each, str):
                yield len(each)
            else:
                yield from _lengths(each)


def elements_of(blocks: list[Any]) -> Iterator[tuple[Json, Json]]:
    """Every (block, element) that a person can use, from top to bottom."""
    for block in blocks:
        if not isinstance(block, dict):
            continue
        found = [block.get("element"), block.get("accessory")]
        if block.get("type") == "actions":
            found += block.get("elements") or []
        for element in found:
            if isinstance(element, dict) and element.get("type") != "image":
                yield block, element
