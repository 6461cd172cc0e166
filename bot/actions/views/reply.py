"""The reply that shows an action item below the message that it came from."""

from slack_sdk.models.blocks import ButtonElement

from bot.actions.model import ItemShown
from bot.actions.views import words
from bot.core.content import Message
from bot.core.text import clamp, escape, isolated, one_line
from bot.slack import blocks

_ABOUT = 60


def reply_message(item: ItemShown) -> Message:
    """What is to be done, who does it by when, and where it stands."""
    line = blocks.paragraph(
        blocks.words("Action item: "),
        blocks.words(isolated(one_line(item.what)) or "…", bold=item.live),
        *words.arrow(item),
    )
    return Message(
        text=escape(f"Action item: {one_line(item.what)} → {words.name(item)}"),
        blocks=(blocks.rich_text(line), blocks.actions(_buttons(item))),
    )


def _buttons(item: ItemShown) -> list[ButtonElement]:
    about, value = clamp(one_line(item.what), _ABOUT), str(item.id)
    if not item.live:
        return [blocks.button("Reopen", words.REOPEN, value, reads=f"Reopen {about}")]
    return [
        blocks.button("Done", words.DONE, value, reads=f"Done: {about}"),
        blocks.button("Change …", words.EDIT, value, reads=f"Change {about}"),
    ]
