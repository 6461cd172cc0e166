"""Action items as people see them in a list, and what they can do there."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.sandbox.views import View
from bot.sandbox.world import Json
from tests.simulation.people.office import Office

COMMAND = "/actions"
_LIST = "actions.list"
_PATIENCE_SECONDS, _LOOK_SECONDS = 8.0, 0.5


@dataclass(frozen=True)
class Listed:
    """An item in a list."""

    what: str
    id: str
    elements: Mapping[str, Json]  # buttons and menus by their action


async def listed(office: Office, who: str, channel: str, which: str) -> list[Listed]:
    """Open a list in a channel, and read it."""
    await office.command(who, channel, which, COMMAND)
    view = await office.modal(who, _LIST)
    return [] if view is None else list(_items(view.blocks))


def _items(blocks: Sequence[Json]) -> Iterator[Listed]:
    for number, block in enumerate(blocks):
        found = block["block_id"].partition("item-")[2]
        if block["type"] == "actions" and found:
            first = blocks[number - 1]["elements"][0]["elements"][0]
            elements = {one["action_id"]: one for one in block["elements"]}
            yield Listed(first["text"], found, elements)


async def said(office: Office, who: str, before: str) -> str:
    """What their list says of what they have just done; "" where it doesn't, in time."""
    for _ in range(int(_PATIENCE_SECONDS / _LOOK_SECONDS)):
        words = head(office.site.views.top(who))
        if words and words != before:
            return words
        await asyncio.sleep(_LOOK_SECONDS)
    return ""


def head(view: View | None) -> str:
    """The sentence on top of a list, where there is one."""
    if view is None or view.content.get("callback_id") != _LIST:
        return ""
    first = view.blocks[0]
    return str(first["text"]["text"]) if first["type"] == "section" else ""
