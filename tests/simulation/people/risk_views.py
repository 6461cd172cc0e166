"""Risks as people see them, on their card and in the register's lists, and what is said there."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.sandbox.blocks import elements_of
from bot.sandbox.views import View
from bot.sandbox.world import Json, Message
from tests.simulation.people.office import Office

COMMAND = "/risk"
LIST, SHOW = "risk.list", "risk.show"
_PATIENCE_SECONDS, _LOOK_SECONDS = 8.0, 0.5


@dataclass(frozen=True)
class OnCard:
    """A button beside a risk on somebody's card."""

    message: Message
    value: str


def titled(title: str) -> str:
    """How a risk's title ends where it stands after its number."""
    return f" · {title}*"


def beside(blocks: Sequence[Json], title: str) -> Iterator[Json]:
    """The buttons that stand beside a risk, or below it."""
    for number, block in enumerate(blocks):
        if block["type"] == "section" and titled(title) in str(block.get("text", {})):
            below = blocks[number + 1] if number + 1 < len(blocks) else {}
            yield from (one for one in [block.get("accessory")] if one)
            yield from below["elements"] if below.get("type") == "actions" else ()


def on_card(office: Office, who: str, title: str, action: str) -> OnCard | None:
    """A button of theirs, on the latest card that offers it."""
    for message in office.dm(who):
        for element in beside(message.blocks, title):
            if element.get("action_id") == action:
                return OnCard(message, str(element["value"]))
    return None


async def opened(office: Office, who: str, channel: str, title: str, which: str = "") -> str:
    """Look a risk up in a list and open it: the value of its buttons; "" where it is not there."""
    await office.command(who, channel, which, COMMAND)
    listed = await office.modal(who, LIST)
    for element in beside(listed.blocks, title) if listed is not None else ():
        if element.get("action_id") == SHOW:
            await office.click_view(who, SHOW, element["value"])
            found = await office.modal(who, SHOW)
            return "" if found is None else str(element["value"])
    return ""


def offers(view: View | None, action: str) -> bool:
    """Whether a screen has a button."""
    return view is not None and any(
        one.get("action_id") == action for _block, one in elements_of(view.blocks)
    )


async def said(office: Office, who: str) -> str:
    """What the screen of a risk says of what was just done; "" where it doesn't, in time."""
    for _ in range(int(_PATIENCE_SECONDS / _LOOK_SECONDS)):
        view = office.site.views.top(who)
        if view is not None and view.content.get("callback_id") == SHOW:
            first = view.blocks[0]
            if first["type"] == "section":
                return str(first["text"]["text"])
        await asyncio.sleep(_LOOK_SECONDS)
    return ""
