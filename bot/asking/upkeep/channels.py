"""The channel that a command was typed in: what the bot sees of it, or what keeps it out."""

from dataclasses import dataclass

from bot.engine.intake import Intake
from bot.slack.errors import SlackRefused
from bot.slack.gateway import Channel

ARCHIVED = "This channel is archived, so nothing can be shown in it. Unarchive it first."


@dataclass(frozen=True)
class Unseen:
    """The bot can't work in it; `why` is mrkdwn."""

    why: str


def not_in_a_dm(what_for: str, again: str) -> str:
    """It takes a channel: what for, and what to type there."""
    return f"{what_for} Type `{again}` there."


def not_a_member(channel: str, then: str) -> str:
    """The bot can't see the channel: how to invite it, and what to do then."""
    return f"Meridian is not in <#{channel}> yet. Type `/invite @Meridian` there, then {then}."


async def look(
    intake: Intake, channel_id: str, again: str, what_for: str, then: str = ""
) -> Channel | Unseen:
    """The channel, where the bot is in it; `again` is the command to repeat once it is mended.

    Or, with `then`, what else to do.
    """
    then = then or f"`{again}` again"
    if channel_id.startswith("D"):
        return Unseen(not_in_a_dm(what_for, again))
    try:
        channel = await intake.gateway.channel(channel_id)
    except SlackRefused as error:
        if error.code != "channel_not_found":
            raise
        return Unseen(not_a_member(channel_id, then))
    if channel.is_archived:
        return Unseen(ARCHIVED)
    if not channel.is_member:
        return Unseen(not_a_member(channel_id, then))
    return channel
