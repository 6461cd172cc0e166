"""What was drawn, held against Slack's limits, and words that try to be more than words."""

import json
from collections.abc import Iterator
from typing import Any

from bot.core.content import Content, Message
from bot.sandbox.blocks import check_message, check_view

HOSTILE = "<!channel> <@U1> <https://evil.example|x> *b* _i_ `c` ```\n> q & <#C1> @here :tada:"
LONG = "ä" * 3000
ARABIC = "مرحبا بكم في الاجتماع اليومي"
FAMILY = "👩‍👩‍👧‍👦"  # one emoji of seven code points
FALLBACK = 4000


def checked(content: Content | None) -> str:
    """A message's blocks as JSON, once Slack's limits were held against it."""
    assert isinstance(content, Message)
    made = json.dumps(content.blocks, ensure_ascii=False)
    check_message(json.loads(made))
    assert len(content.text) <= FALLBACK
    return made


def checked_modal(view: dict[str, Any]) -> str:
    """A modal's blocks as JSON, once Slack's limits were held against it."""
    check_view(json.loads(json.dumps(view)), "modal")
    return json.dumps(view["blocks"], ensure_ascii=False)


def words(shown: object) -> str:
    """All that a person reads in blocks, a paragraph or a list's item on each line."""
    return "\n".join(_lines(shown)).replace("\u00a0", " ")


def _lines(shown: object) -> Iterator[str]:
    if isinstance(shown, dict):
        if shown.get("type") == "rich_text_section":
            yield "".join(part.get("text") or f":{part['name']}:" for part in shown["elements"])
        elif isinstance(shown.get("text"), str):
            yield shown["text"]
        else:
            for each in shown.values():
                yield from _lines(each)
    elif isinstance(shown, (list, tuple)):
        for each in shown:
            yield from _lines(each)


def leaves(shown: object, kind: str) -> Iterator[str]:
    """The texts of all objects of a type, anywhere in blocks."""
    for each in objects(shown):
        if each["type"] == kind and isinstance(each.get("text"), str):
            yield each["text"]


def objects(shown: object) -> Iterator[dict[str, Any]]:
    """Everything in blocks that has a type."""
    if isinstance(shown, dict):
        if "type" in shown:
            yield shown
        for each in shown.values():
            yield from objects(each)
    elif isinstance(shown, (list, tuple)):
        for each in shown:
            yield from objects(each)


def bold(shown: object) -> list[str]:
    """The runs of rich text in bold."""
    return [
        each["text"]
        for each in objects(shown)
        if each["type"] == "text" and each.get("style", {}).get("bold")
    ]
