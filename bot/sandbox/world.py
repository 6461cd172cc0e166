"""What the workspace holds: people, channels, messages, files."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.core.clock import Calendar

Json = dict[str, Any]

TEAM_ID = "T01AURORA"
TEAM_NAME = "Aurora ML"
TEAM_DOMAIN = "aurora-ml"
APP_ID = "A01MERIDIAN"
APP_NAME = "Meridian"
BOT_ID = "B01MERIDIAN"
BOT_USER_ID = "U01MERIDIAN"
SLACKBOT = "USLACKBOT"
ADMIN = "U01LENA"
BOT_TOKEN = "xoxb-sandbox"  # noqa: S105 - opens nothing but this sandbox
APP_TOKEN = "xapp-sandbox"  # noqa: S105 - as above
SIGNING_SECRET = "sandbox-signing-secret"  # noqa: S105 - as above
VERIFICATION_TOKEN = "sandbox-verification"  # noqa: S105 - as above


def new_id(prefix: str) -> str:
    """An id no earlier sandbox gave out: a bot run beside it remembers the ids it has seen."""
    return prefix + secrets.token_hex(5).upper()


@dataclass
class User:
    """A member of the workspace, a guest from another one, or a bot."""

    id: str
    name: str
    real_name: str
    tz: str
    title: str = ""
    email: str = ""
    display_name: str = ""
    team_id: str = TEAM_ID
    color: str = "9f69e7"
    is_bot: bool = False
    is_admin: bool = False
    is_owner: bool = False
    deleted: bool = False
    status_text: str = ""
    status_emoji: str = ""
    status_expiration: int = 0
    updated: int = 0

    @property
    def is_foreign(self) -> bool:
        return self.team_id != TEAM_ID


@dataclass
class Channel:
    """A public or private channel, or one person's direct messages with the bot."""

    id: str
    name: str
    members: list[str] = field(default_factory=list)
    is_private: bool = False
    is_im: bool = False
    is_archived: bool = False
    is_general: bool = False
    user: str = ""
    purpose: str = ""
    created: int = 0

    @property
    def kind(self) -> str:
        """The word that scopes and events use for it."""
        if self.is_im:
            return "im"
        return "group" if self.is_private else "channel"

    @property
    def scope_prefix(self) -> str:
        return "im" if self.is_im else f"{self.kind}s"


@dataclass
class File:
    """An uploaded file; shown to nobody until its upload is completed."""

    id: str
    name: str
    size: int
    title: str = ""
    content: bytes = b""
    received: bool = False
    completed: bool = False
    created: int = 0
    channels: list[str] = field(default_factory=list)


@dataclass
class Message:
    """A message; deleted ones stay so that the page and tests can see what was there."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    metadata: Json | None = None
    files: list[str] = field(default_factory=list)
    edited: Json | None = None
    deleted: bool = False
    bot_id: str | None = None
    ephemeral_to: str | None = None
    broadcast: bool = False
    client_msg_id: str | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts


class World:
    """The workspace's rows, and the few look-ups that everything needs."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self.last_stamp = 0
        self.root = ""
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, File] = {}
        self._messages: dict[str, dict[str, Message]] = {}
        self._threads: dict[tuple[str, str], list[Message]] = {}

    def now(self) -> datetime:
        return self._calendar.now()

    def seconds(self) -> int:
        return int(self.now().timestamp())

    def stamp(self) -> str:
        """A new message timestamp: calendar time, unique and increasing."""
        whole = self.now()
        micros = int(whole.replace(microsecond=0).timestamp()) * 1_000_000 + whole.microsecond
        self.last_stamp = max(self.last_stamp + 1, micros)
        return f"{self.last_stamp // 1_000_000}.{self.last_stamp % 1_000_000:06d}"

    def dm(self, user_id: str) -> Channel:
        """The person's direct messages with the bot, opened if they weren't."""
        channel_id = f"D{user_id[1:]}"
        if channel_id not in self.channels:
            self.channels[channel_id] = Channel(
                channel_id,
                "directmessage",
                members=[user_id, BOT_USER_ID],
                is_im=True,
                user=user_id,
                created=self.seconds(),
            )
        return self.channels[channel_id]

    def put(self, message: Message) -> None:
        self._messages.setdefault(message.channel, {})[message.ts] = message
        if message.is_reply and message.ephemeral_to is None:
            thread = (message.channel, message.thread_ts or "")
            self._threads.setdefault(thread, []).append(message)

    def message(self, channel: str, ts: str) -> Message | None:
        """The message, unless it is gone or was never there."""
        found = self._messages.get(channel, {}).get(ts)
        return None if found is None or found.deleted else found

    def ever(self, channel: str, ts: str) -> Message | None:
        """The message, even a deleted one."""
        return self._messages.get(channel, {}).get(ts)

    def messages(self, channel: str) -> Iterator[Message]:
        """The channel's messages, oldest first, deleted and ephemeral ones too."""
        yield from self._messages.get(channel, {}).values()

    def replies(self, channel: str, ts: str) -> list[Message]:
        """What stands in the thread under `ts`, oldest first."""
        return [reply for reply in self._threads.get((channel, ts), []) if not reply.deleted]

    def alone_to(self, user: str, since: str) -> Message | None:
        """The first message after `since` that only this person sees."""
        found = None
        for messages in self._messages.values():
            for message in reversed(messages.values()):
                if message.ts <= since:
                    break
                if message.ephemeral_to == user:
                    found = message
        return found

    def present(self, channel: Channel) -> list[str]:
        """The channel's members whose account is active."""
        return [user for user in channel.members if not self.users[user].deleted]

    def is_shared(self, channel: Channel) -> bool:
        """Whether people of another organisation are in it."""
        return any(self.users[member].is_foreign for member in channel.members)


def instant_of(ts: str) -> datetime:
    """The instant that a message timestamp names."""
    seconds, _, micros = ts.partition(".")
    return datetime.fromtimestamp(int(seconds), UTC).replace(microsecond=int(micros or 0))
