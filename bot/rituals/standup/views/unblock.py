"""The message to whoever can unblock somebody; it follows what becomes of the blocker."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import assert_never

from bot.actions.model import ItemShown
from bot.actions.views import words as actions
from bot.asking.issue_links import NO_LINKS, IssueLinks, linked
from bot.core.content import Message
from bot.core.text import clamp, escape, one_line, spoken_date
from bot.slack import blocks

UNBLOCKED, DECLINED = "standup.unblocked", "standup.declined"
_TEXT = 2000
_LINE = 300
_NAME = 80


class AskedOf(StrEnum):
    """Where a blocker stands for one whom it was told to."""

    OPEN = "open"
    RESOLVED = "resolved"
    WITHDRAWN = "withdrawn"
    NOT_ASKED = "not asked"  # they can't help, or somebody else is asked by now


@dataclass(frozen=True)
class Asked:
    """A blocker, as somebody sees it who can help."""

    blocker_id: int
    owner: str
    text: str
    since: date
    channel: str
    state: AskedOf
    by: str = ""  # who resolved it; nobody's name where they did themselves
    item: ItemShown | None = None  # that was made of it
    links: IssueLinks = NO_LINKS


def unblock_message(asked: Asked) -> Message:
    """What they are told."""
    if asked.state is AskedOf.OPEN:
        return _asking(asked)
    said = _what_became(asked)
    quoted = f"{_owner(asked)}: {clamp(one_line(asked.text), _LINE)}"
    line = blocks.paragraph(*linked(f"{quoted}\n", asked.links), blocks.words(said, italic=True))
    return Message(text=escape(f"{said} {quoted}"), blocks=(blocks.rich_text(line),))


def _asking(asked: Asked) -> Message:
    owner, text = _owner(asked), clamp(asked.text, _TEXT)
    item = list(actions.arrow(asked.item)) if asked.item is not None else []
    there = asked.item is not None and asked.item.live
    make = "Its action item …" if there else actions.MAKE
    return Message(
        text=escape(f"{owner} is blocked, and named you: {clamp(one_line(asked.text), _LINE)}"),
        blocks=(
            blocks.rich_text(
                blocks.paragraph(
                    blocks.words(owner, bold=True),
                    blocks.words(" is blocked, and thinks that you can help:\n"),
                    *linked(text, asked.links),
                    *item,
                )
            ),
            blocks.context(f"Since {spoken_date(asked.since)} · <#{asked.channel}>"),
            blocks.actions(
                [
                    blocks.button("Unblocked", UNBLOCKED, str(asked.blocker_id), primary=True),
                    blocks.button("I can't help", DECLINED, str(asked.blocker_id)),
                    blocks.button(make, actions.FROM_BLOCKER, str(asked.blocker_id)),
                ]
            ),
        ),
    )


def _owner(asked: Asked) -> str:
    return clamp(one_line(asked.owner), _NAME) or "Somebody"


def _what_became(asked: Asked) -> str:
    match asked.state:
        case AskedOf.RESOLVED:
            by = f" by {clamp(one_line(asked.by), _NAME)}" if one_line(asked.by) else ""
            return f"Resolved ✓{by}"
        case AskedOf.WITHDRAWN:
            return "No longer blocked"
        case AskedOf.NOT_ASKED | AskedOf.OPEN:
            return "You are no longer asked to help with this."
        case _:
            assert_never(asked.state)
