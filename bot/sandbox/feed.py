"""Messages come, change and go here, and the bot hears of those it can see."""

import secrets
import uuid
from typing import Any

from bot.sandbox.events import Events
from bot.sandbox.shapes import message_json
from bot.sandbox.views import with_ids
from bot.sandbox.waiting import Changes
from bot.sandbox.world import BOT_ID, BOT_USER_ID, Channel, Json, Message, World

UNSET: Any = object()


class Feed:
    """The one writer of messages."""

    def __init__(self, world: World, events: Events, changes: Changes) -> None:
        self._world = world
        self._events = events
        self._changes = changes

    def post(
        self,
        channel: Channel,
        user: str,
        text: str,
        *,
        blocks: list[Json] | None = None,
        thread_ts: str | None = None,
        metadata: Json | None = None,
        files: list[str] | None = None,
        broadcast: bool = False,
        ephemeral_to: str | None = None,
    ) -> Message:
        message = Message(
            channel.id,
            self._world.stamp(),
            user,
            text,
            blocks=identified(blocks or []),
            thread_ts=self._root(channel, thread_ts),
            metadata=metadata,
            files=files or [],
            broadcast=broadcast,
            ephemeral_to=ephemeral_to,
            bot_id=BOT_ID if user == BOT_USER_ID else None,
            client_msg_id=None
            if user == BOT_USER_ID
            else str(uuid.UUID(bytes=secrets.token_bytes(16))),
        )
        self._world.put(message)
        self._changes.bump()
        if ephemeral_to is None:
            self._tell(channel, {**self._shown(message), "ts": message.ts, "event_ts": message.ts})
        return message

    def edit(
        self,
        message: Message,
        text: str,
        *,
        blocks: list[Json] = UNSET,
        metadata: Json | None = UNSET,
        files: list[str] = UNSET,
    ) -> None:
        before = self._shown(message)
        message.text = text
        if blocks is not UNSET:
            message.blocks = identified(blocks)
        if metadata is not UNSET:
            message.metadata = metadata
        if files is not UNSET:
            message.files = files
        if message.ephemeral_to is None:
            message.edited = {"user": message.bot_id or message.user, "ts": self._world.stamp()}
        self._changes.bump()
        if message.ephemeral_to is None:
            self._tell_hidden(
                message,
                {
                    "subtype": "message_changed",
                    "message": self._shown(message),
                    "previous_message": before,
                },
            )

    def delete(self, message: Message) -> None:
        before = self._shown(message)
        message.deleted = True
        self._changes.bump()
        if message.ephemeral_to is None:
            self._tell_hidden(
                message,
                {
                    "subtype": "message_deleted",
                    "deleted_ts": message.ts,
                    "previous_message": before,
                },
            )

    def _root(self, channel: Channel, thread_ts: str | None) -> str | None:
        # There is no thread in a thread: a reply to a reply joins the thread it stands in.
        parent = self._world.ever(channel.id, thread_ts) if thread_ts else None
        return parent.thread_ts or thread_ts if parent is not None else thread_ts

    def _shown(self, message: Message) -> Json:
        return message_json(self._world, message)

    def _tell_hidden(self, message: Message, event: Json) -> None:
        stamp = self._world.stamp()
        event |= {"type": "message", "hidden": True, "ts": stamp, "event_ts": stamp}
        self._tell(self._world.channels[message.channel], event)

    def _tell(self, channel: Channel, event: Json) -> None:
        if BOT_USER_ID not in channel.members:
            return
        event |= {"channel": channel.id, "channel_type": channel.kind}
        self._events.emit(event, f"{channel.scope_prefix}:history")


def identified(blocks: list[Json]) -> list[Json]:
    """A copy of the blocks with ids filled in."""
    found: list[Json] = with_ids({"blocks": blocks})["blocks"]
    return found
