"""Atlassian's document format, which version 3 of the API writes texts in."""

from typing import Any

from bot.sandbox.world import Json

BLOCKS = {
    "blockquote", "bulletList", "codeBlock", "expand", "heading", "mediaGroup", "mediaSingle",
    "nestedExpand", "orderedList", "panel", "paragraph", "rule", "table", "taskList",
    "decisionList", "blockCard", "embedCard", "extension", "bodiedExtension",
}  # fmt: skip
INNER = {
    "listItem", "tableRow", "tableCell", "tableHeader", "taskItem", "decisionItem", "media",
    "caption",
}  # fmt: skip
INLINE = {
    "text", "hardBreak", "mention", "emoji", "date", "status", "inlineCard", "inlineExtension",
    "mediaInline", "placeholder",
}  # fmt: skip


def is_document(given: Any) -> bool:
    """Whether Jira would take it for a document at all."""
    return (
        isinstance(given, dict)
        and given.get("type") == "doc"
        and given.get("version") == 1
        and isinstance(given.get("content"), list)
    )


def is_sound(document: Json) -> bool:
    """Whether every node is one that a document may hold."""
    return all(
        isinstance(each, dict) and each.get("type") in BLOCKS and _sound(each)
        for each in document["content"]
    )


def _sound(node: Json) -> bool:
    if node["type"] == "text":
        return isinstance(node.get("text"), str) and node["text"] != ""
    if node["type"] == "mention":
        return isinstance(node.get("attrs", {}).get("id"), str)
    return all(
        isinstance(each, dict) and each.get("type") in BLOCKS | INNER | INLINE and _sound(each)
        for each in node.get("content", [])
    )


def from_text(text: str) -> Json:
    """A document of plain paragraphs that says the same."""
    paragraphs = [
        {"type": "paragraph", "content": [{"type": "text", "text": line}] if line else []}
        for line in text.split("\n")
    ]
    return {"type": "doc", "version": 1, "content": paragraphs}


def to_text(document: Json) -> str:
    """The words of a document, a line for each block."""
    return "\n".join(_words(each) for each in document["content"])


def _words(node: Json) -> str:
    if node["type"] == "text":
        return str(node["text"])
    if node["type"] == "hardBreak":
        return "\n"
    if node["type"] == "mention":
        return str(node["attrs"].get("text") or f"@{node['attrs']['id']}")
    joint = "" if node["type"] in {"paragraph", "heading", "codeBlock"} else "\n"
    return joint.join(_words(each) for each in node.get("content", []))


def mentioned(document: Json) -> list[str]:
    """The accounts that a document mentions, and so notifies."""
    if document["type"] == "mention":
        return [str(document["attrs"]["id"])]
    return [id_ for each in document.get("content", []) for id_ in mentioned(each)]
