"""Inputs that every setup screen has. An input's block keeps its id wherever it stands.

So Slack keeps what is typed in it when the screen is drawn anew.
"""

from collections.abc import Collection, Sequence
from typing import Any

from slack_sdk.models.blocks import (
    ConversationFilter,
    ConversationSelectElement,
    PlainTextInputElement,
    TimePickerElement,
    UserMultiSelectElement,
)

from bot.asking.upkeep.forms import TITLE_INPUT
from bot.asking.upkeep.kinds import Kind
from bot.asking.upkeep.times import ZONE_INPUT
from bot.core.content import Block
from bot.slack import blocks, inputs


def channel(kind: Kind, chosen: str) -> Block:
    """Where: asked when the screen comes from a place that is no channel."""
    offered = ConversationFilter(
        include=["public", "private"], exclude_bot_users=True, exclude_external_shared_channels=None
    )
    element = ConversationSelectElement(
        action_id=kind.channel,
        placeholder="Choose a channel",
        initial_conversation=chosen or None,
        filter=offered,
    )
    return dispatching(blocks.input_block("channel", "Where", element))


def members(chosen: Sequence[str], of: str) -> Block:
    """Who; of another channel in another block, for Slack keeps what stands in this one."""
    element = UserMultiSelectElement(
        action_id="members", initial_users=list(chosen) or None, placeholder="Choose people"
    )
    return blocks.input_block(f"members:{of}" if of else "members", "Who", element)


def time(chosen: str, *, more: bool) -> Block:
    """When; on the long form its zone stands below."""
    element = TimePickerElement(action_id="at", initial_time=chosen or None)
    label = "Time" if more else "Time, on each person's own clock"
    block = blocks.input_block("at", label, element)
    return dispatching(block) if more else block


def zone(kind: Kind, chosen: str) -> Block:
    """One zone for all, where it isn't each person's own."""
    element = PlainTextInputElement(
        action_id=kind.zone,
        initial_value=chosen or None,
        max_length=ZONE_INPUT,
        placeholder="Each person's own",
    )
    hint = "Empty: everybody is asked at this time on their own clock. Else such as Europe/Berlin."
    block = blocks.input_block("zone", "One time zone for all", element, optional=True, hint=hint)
    return dispatching(block)


def remind(offered: Collection[int], chosen: int) -> Block:
    """The reminder, by how many minutes before the end of somebody's window; 0: none."""
    before = {str(one): _before(one) for one in (*offered, chosen)}
    menu = inputs.menu("remind", before, str(chosen))
    return blocks.input_block("remind", "Reminder, to whoever owes an answer", menu)


def _before(minutes: int) -> str:
    if not minutes:
        return "None"
    hours, rest = divmod(minutes, 60)
    span = f"{minutes} minutes" if rest else f"{hours} hours" if hours > 1 else "1 hour"
    return f"{span} before it closes"


def title(chosen: str) -> Block:
    """What heads the channel's message."""
    return blocks.input_block(
        "title", "Title", inputs.line_input("title", chosen, longest=TITLE_INPUT)
    )


def owner(chosen: str) -> Block:
    """Who looks after it."""
    hint = "They and workspace admins may change it, and read here what needs mending."
    menu = inputs.person_menu("owner", chosen)
    return blocks.input_block("owner", "Looked after by", menu, hint=hint)


def dispatching(block: Block) -> Block:
    """An input whose change the bot hears of at once."""
    told: dict[str, Any] = {**block, "dispatch_action": True}
    return told
