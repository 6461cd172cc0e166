"""What people write to the bot in their DM."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.engine.intake import Intake
from bot.rituals.standup import dialogue
from bot.rituals.standup.dialogue import Said
from bot.slack.replies import actor

Body = dict[str, Any]
# An edit, a deletion and Slack's own notices are no answers. Neither is what a bot says.
_SAID = frozenset({None, "file_share", "me_message", "thread_broadcast"})
_SLACKBOT = "USLACKBOT"


def listen(app: AsyncApp, intake: Intake) -> None:
    """Register the listener."""

    async def heard(ack: AsyncAck, body: Body) -> None:
        event = body["event"]
        await intake.take(
            ("event", body["event_id"]),
            dialogue.hear,
            intake.workspace_id,
            actor(body),
            Said(event["ts"], event.get("text") or "", event.get("thread_ts")),
        )
        await ack()

    app.event("message", matchers=[_is_for_us])(heard)


async def _is_for_us(event: Mapping[str, Any]) -> bool:
    return (
        event.get("channel_type") == "im"
        and event.get("subtype") in _SAID
        and not event.get("bot_id")
        and event.get("user") not in {None, _SLACKBOT}
    )
