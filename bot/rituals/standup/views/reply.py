"""One person's whole answer as a reply below its run's message."""

from dataclasses import dataclass

from bot.asking.issue_links import NO_LINKS, IssueLinks
from bot.core.content import MESSAGE_TEXT, Block, Message
from bot.core.text import clamp, escape
from bot.rituals.standup.views.channel import READ_ALL
from bot.rituals.standup.views.names import glance, shown_name
from bot.rituals.standup.views.whole import Said, whole
from bot.slack import blocks

_FALLBACK = 200
_BLOCKS = 45


@dataclass(frozen=True)
class ReplyShown:
    """What one person said in a run."""

    said: Said
    run_id: int
    links: IssueLinks = NO_LINKS


def reply_message(reply: ReplyShown) -> Message:
    """The answer in full; of one longer than a message holds the beginning, and a way to it all."""
    first = next((glance(one.text) for one in reply.said.told), "")
    return Message(
        text=escape(clamp(f"{shown_name(reply.said.name)}: {first}", _FALLBACK)),
        blocks=tuple(_fitting(reply)),
    )


def _fitting(reply: ReplyShown) -> list[Block]:
    made, shown, left = whole(reply.said, reply.links), list[Block](), MESSAGE_TEXT - 100
    for block in made:
        left -= blocks.size(block)
        if left < 0 or len(shown) == _BLOCKS:
            break
        shown.append(block)
    if len(shown) < len(made):
        reads = f"Read all of {shown_name(reply.said.name)}'s answer"
        shown.append(
            blocks.actions([blocks.button("Read all", READ_ALL, str(reply.run_id), reads=reads)])
        )
    return shown
