"""What people type, as the rich text that Slack's own client makes of it."""

import re
from collections.abc import Iterator

from bot.sandbox.world import Json

FENCE = re.compile(r"```\n?(.+?)```", re.DOTALL)
LINE = re.compile(r"(?P<quote>&gt; ?)|(?P<bullet>• )|(?P<ordered>\d{1,3}\. )|(?P<plain>)")
INLINE = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|<(?P<angle>[^<>\n]+)>"
    r"|(?<![\w:]):(?P<emoji>[+-]1|100|[a-z][a-z0-9_+'-]*):"
    r"|(?<![\w*])\*(?P<bold>[^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])"
    r"|(?<![\w_])_(?P<italic>[^\s_](?:[^_\n]*[^\s_])?)_(?![\w_])"
    r"|(?<![\w~])~(?P<strike>[^\s~](?:[^~\n]*[^\s~])?)~(?![\w~])"
)
LISTS = ("bullet", "ordered")


def rich_text(text: str) -> Json:
    """The block that a person's message carries beside its text."""
    return {"type": "rich_text", "elements": list(_parts(text))}


def _parts(text: str) -> Iterator[Json]:
    end = 0
    for fence in FENCE.finditer(text):
        yield from _lines(text[end : fence.start()].removesuffix("\n"))
        code = {"type": "text", "text": _plain(fence[1].removesuffix("\n"))}
        yield {"type": "rich_text_preformatted", "elements": [code], "border": 0}
        end = fence.end()
    yield from _lines(text[end:].removeprefix("\n") if end else text)


def _lines(text: str) -> Iterator[Json]:
    """Neighbouring lines of one kind make one part."""
    groups: list[tuple[str, list[str]]] = []
    for line in text.split("\n") if text else []:
        match = LINE.match(line)
        kind = match.lastgroup if match and match.lastgroup else "plain"
        if not groups or groups[-1][0] != kind:
            groups.append((kind, []))
        groups[-1][1].append(line[match.end() :] if match else line)
    for kind, lines in groups:
        if kind in LISTS:
            items = [{"type": "rich_text_section", "elements": inline(line)} for line in lines]
            yield {"type": "rich_text_list", "style": kind, "indent": 0, "border": 0,
                   "elements": items}  # fmt: skip
        else:
            part = "rich_text_quote" if kind == "quote" else "rich_text_section"
            yield {"type": part, "elements": inline("\n".join(lines))}


def inline(text: str, style: Json | None = None) -> list[Json]:
    """The elements of a run of text, styled as what they stand in."""
    found: list[Json] = []
    end = 0
    for match in INLINE.finditer(text):
        _add(found, _plain(text[end : match.start()]), style)
        found += _token(match, style or {})
        end = match.end()
    _add(found, _plain(text[end:]), style)
    return found


def _token(match: re.Match[str], style: Json) -> list[Json]:
    kind, content = match.lastgroup, match[match.lastgroup or 0]
    if kind == "angle":
        return [_styled(_reference(content), style)]
    if kind == "emoji":
        return [_styled({"type": "emoji", "name": content}, style)]
    if kind == "code":
        return [_styled({"type": "text", "text": _plain(content)}, style | {"code": True})]
    return inline(content, style | {str(kind): True})


def _reference(inside: str) -> Json:
    target, _, label = inside.partition("|")
    if target.startswith("@"):
        return {"type": "user", "user_id": target[1:]}
    if target.startswith("#"):
        return {"type": "channel", "channel_id": target[1:]}
    if target.startswith("!"):
        return {"type": "broadcast", "range": target[1:]}
    link: Json = {"type": "link", "url": _plain(target)}
    return link | ({"text": _plain(label)} if label else {})


def _add(found: list[Json], words: str, style: Json | None) -> None:
    if words:
        found.append(_styled({"type": "text", "text": words}, style))


def _styled(element: Json, style: Json | None) -> Json:
    return element | ({"style": style} if style else {})


def _plain(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
