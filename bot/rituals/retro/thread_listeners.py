"""What people write in the threads of topics. Every other message is left unread."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.engine.intake import Intake
from bot.rituals.retro import replies
from bot.rituals.retro.replies import Heard

Body = dict[str, Any]
_CHANNELS = frozenset({"channel", "group"})
_SAID = frozenset({None, "file_share", "me_message", "thread_broadcast"})


def listen(app: AsyncApp, intake: Intake) -> None:
    """Register the listener."""

    async def heard(ack: AsyncAck, body: Body) -> None:
        found = heard_of(body["event"])
        if found is not None and await _is_topics(intake, found):
            await intake.take(("event", body["event_id"]), replies.hear, intake.workspace_id, found)
        await ack()

    app.event("message", matchers=[_in_a_thread])(heard)


async def _is_topics(intake: Intake, found: Heard) -> bool:
    """Looked up before anything is kept, even that an event came."""
    topic = await intake.read(replies.topic_of, found)
    return topic is not None


async def _in_a_thread(event: Mapping[str, Any]) -> bool:
    return event.get("channel_type") in _CHANNELS and heard_of(event) is not None


def heard_of(event: Mapping[str, Any]) -> Heard | None:
    """What happened in a thread; None for whatever happened elsewhere, or was no person's doing."""
    match event.get("subtype"):
        case "message_changed":
            message, edited = event.get("message") or {}, True
        case "message_deleted":
            message, edited = event.get("previous_message") or {}, False
        case subtype if subtype in _SAID:
            message, edited = event, False
        case _:
            return None
    thread_ts, ts, user = (str(message.get(one) or "") for one in ("thread_ts", "ts", "user"))
    if not thread_ts or not user or thread_ts == ts or message.get("bot_id"):
        return None
    gone = event.get("subtype") == "message_deleted" or message.get("subtype") == "tombstone"
    text = None if gone else message.get("text") or ""
    return Heard(event["channel"], thread_ts, ts, user, text, edited)
