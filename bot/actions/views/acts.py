"""The small forms: somebody else does it, it is due on another day, it is dropped."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.actions.model import REASON, ItemShown
from bot.actions.views import words
from bot.actions.views.form import due_input, item_blocks
from bot.core.content import Block
from bot.slack import blocks, inputs

REASSIGN_TITLE, MOVE_TITLE, DROP_TITLE = "Reassign", "Move the date", "Drop it?"


def reassign_modal(item: ItemShown, owner: str, metadata: str) -> dict[str, Any]:
    """Who does it instead; `owner` is the Slack id of who does it now."""
    who = inputs.person_menu("owner", owner, hint="Choose a person")
    asked = [blocks.input_block("owner", "Who does it?", who)]
    return _modal(REASSIGN_TITLE, words.REASSIGN, item, asked, "Save", metadata)


def move_modal(item: ItemShown, due: date | None, metadata: str) -> dict[str, Any]:
    """By when it is to be done instead."""
    asked = [due_input(due.isoformat() if due is not None else None)]
    return _modal(MOVE_TITLE, words.MOVE, item, asked, "Save", metadata)


def drop_modal(item: ItemShown, metadata: str) -> dict[str, Any]:
    """It will not be done: why, before it is dropped."""
    reason = inputs.line_input("reason", longest=REASON, focus=True)
    hint = "Whoever looks for it later reads this. It can be reopened."
    asked = [blocks.input_block("reason", "Why?", reason, hint=hint)]
    return _modal(DROP_TITLE, words.DROP, item, asked, "Drop", metadata)


def _modal(
    title: str,
    callback: str,
    item: ItemShown,
    asked: Sequence[Block],
    submit: str,
    metadata: str,
) -> dict[str, Any]:
    return blocks.modal(
        title,
        [*item_blocks(item), *asked],
        callback=callback,
        submit=submit,
        close="Cancel",
        metadata=metadata,
    )
