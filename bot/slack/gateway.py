"""Every call to Slack's Web API goes through here, is sent once, and ends in a typed answer."""

import contextlib
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Literal, NoReturn

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.core import retry_after
from bot.core.clock import Calendar
from bot.core.content import Home, Message
from bot.core.errors import MeridianError, NotSent, OutcomeUnknown, RateLimited
from bot.core.text import one_line
from bot.slack.errors import SlackRefused
from bot.slack.said import beside

TIMEOUT_SECONDS = 10
_METADATA_EVENT = "meridian_mirror"
# Refusals after which nobody knows whether the call took effect:
# https://docs.slack.dev/reference/methods/chat.postMessage#errors
_UNCLEAR = frozenset({"internal_error", "fatal_error", "request_timeout", "service_unavailable"})
# No reply, or one that is not Slack's: of a proxy's page the SDK makes an AttributeError.
_NO_ANSWER = (TimeoutError, aiohttp.ClientError, SlackClientError, OSError, AttributeError)
# Of some methods with HTTP 200 and without Retry-After.
_TOO_FAST = frozenset({"ratelimited", "rate_limited"})
_PAGE = 200


@dataclass(frozen=True)
class Posted:
    """Where a message stands."""

    channel: str
    ts: str


@dataclass(frozen=True)
class Identity:
    """Who the bot is, and what it may do."""

    team_id: str
    team_name: str
    bot_user: str
    bot_id: str
    scopes: frozenset[str]
    skew: timedelta
    url: str = ""  # the workspace's own address, which links to its messages begin with


@dataclass(frozen=True)
class Member:
    """A person as Slack describes them."""

    slack_id: str
    name: str
    tz: str | None
    is_admin: bool
    is_bot: bool
    is_external: bool
    deleted: bool
    status_emoji: str = ""
    status_text: str = ""
    status_until: datetime | None = None  # None: until it is cleared
    email: str | None = None  # told to those who may read it


@dataclass(frozen=True)
class Channel:
    """A channel as Slack describes it to the bot."""

    slack_id: str
    name: str
    is_member: bool
    is_archived: bool


class Gateway:
    """Slack, seen from the bot."""

    def __init__(self, token: str, calendar: Calendar, api_url: str | None = None) -> None:
        self.client = AsyncWebClient(
            token=token,
            base_url=api_url or AsyncWebClient.BASE_URL,
            timeout=TIMEOUT_SECONDS,
            retry_handlers=[],
        )
        self.team_id = ""  # known once `identity` has answered
        self._calendar = calendar
        self._skew = timedelta()

    async def open(self) -> None:
        """Hold one HTTP session for all calls; without it the SDK opens one for each."""
        self.client.session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
        )

    async def close(self) -> None:
        if self.client.session is not None:
            await self.client.session.close()

    def slack_time(self) -> datetime:
        """The instant now by Slack's clock, as its last Date header told; to the second."""
        return self._calendar.now() + self._skew

    async def identity(self) -> Identity:
        """Who the token stands for; raises SlackRefused for a bad one."""
        answer, headers = await self._call("auth.test", {})
        granted = headers.get("x-oauth-scopes", "")
        self.team_id = answer["team_id"]
        return Identity(
            team_id=answer["team_id"],
            team_name=answer["team"],
            bot_user=answer["user_id"],
            bot_id=answer.get("bot_id", ""),
            scopes=frozenset(scope.strip() for scope in granted.split(",") if scope.strip()),
            skew=self._skew,
            url=answer.get("url", ""),
        )

    async def post(
        self, target: str, message: Message, uid: str, thread_ts: str | None = None
    ) -> Posted:
        """Create a message in a channel, or in the DM with a person; not safe to repeat.

        With `thread_ts` it is a reply to that message, shown in its thread alone.
        """
        answer = await self.call(
            "chat.postMessage",
            channel=target,
            thread_ts=thread_ts or "",
            text=message.text,
            blocks=list(message.blocks),
            metadata={"event_type": _METADATA_EVENT, "event_payload": {"id": uid}},
            unfurl_links=False,
            unfurl_media=False,
        )
        posted = Posted(answer["channel"], answer["ts"])
        if thread_ts is not None and "thread_ts" not in answer.get("message", {"thread_ts": ""}):
            await self._take_back(posted)
        return posted

    async def _take_back(self, stray: Posted) -> NoReturn:
        """Delete a reply that Slack put into the channel, as it does where its parent is deleted.

        https://github.com/slack-go/slack/issues/1571
        """
        said = "the message that it replies to was deleted"
        try:
            await self.call("chat.delete", channel=stray.channel, ts=stray.ts)
        except MeridianError:
            said = f"{said}, and {stray.ts} could not be taken back out of the channel"
        raise SlackRefused("thread_not_found", said)

    async def update(self, at: Posted, message: Message) -> None:
        """Show something else in a message; safe to repeat, and it notifies nobody."""
        await self.call(
            "chat.update",
            channel=at.channel,
            ts=at.ts,
            text=message.text,
            blocks=list(message.blocks),
        )

    async def whisper(self, channel: str, user: str, message: Message) -> None:
        """Say something that one person alone sees, and only while they look."""
        await self.call(
            "chat.postEphemeral",
            channel=channel,
            user=user,
            text=message.text,
            blocks=list(message.blocks) or "",
        )

    async def publish(self, user: str, home: Home) -> None:
        """Show a person's App Home; safe to repeat."""
        view = {"type": "home", "blocks": list(home.blocks)}
        await self.call("views.publish", user_id=user, view=view)

    async def find(
        self, target: str, uid: str, since: datetime, thread_ts: str | None = None
    ) -> Posted | None:
        """The message that carries `uid`, if one stands in the channel since an instant of Slack's.

        `target` may be a person: their DM is looked through. Of a reply it is the thread.
        """
        channel = await self.open_dm(target) if target[:1] in "UW" else target
        pages = self._pages(
            "conversations.history" if thread_ts is None else "conversations.replies",
            channel=channel,
            ts=thread_ts or "",
            oldest=f"{since.timestamp():.6f}",
            inclusive=True,
            include_all_metadata=True,
        )
        async for answer in pages:
            for message in answer["messages"]:
                payload = (message.get("metadata") or {}).get("event_payload") or {}
                if payload.get("id") == uid:
                    return Posted(channel, message["ts"])
        return None

    async def open_dm(self, user: str) -> str:
        """The id of the DM with a person."""
        answer = await self.call("conversations.open", users=user)
        channel: str = answer["channel"]["id"]
        return channel

    async def upload(
        self, name: str, data: bytes, title: str, *, alt: str = "", channel: str = ""
    ) -> str:
        """Hand a file to Slack; answers its id. Without a channel nobody sees it: repeatable.

        With one it is shown there at once, so that a repetition would show a second.
        """
        file_id = await self._upload(name, data, alt)
        file = {"id": file_id, "title": title}
        await self.call("files.completeUploadExternal", files=[file], channel_id=channel)
        return file_id

    async def open_view(self, trigger: str, view: Mapping[str, Any]) -> str:
        """Open a modal within three seconds of the click; answers its id."""
        answer = await self.call("views.open", trigger_id=trigger, view=dict(view))
        view_id: str = answer["view"]["id"]
        return view_id

    async def push_view(self, trigger: str, view: Mapping[str, Any]) -> str:
        """Put a modal on top of the one that was clicked in, likewise; answers its id."""
        answer = await self.call("views.push", trigger_id=trigger, view=dict(view))
        view_id: str = answer["view"]["id"]
        return view_id

    async def update_view(
        self, view_id: str, view: Mapping[str, Any], state: str | None = None
    ) -> None:
        """Replace what a modal shows; with `state`, a payload's `hash` of it, only from that."""
        only = {} if state is None else {"hash": state}
        await self.call("views.update", view_id=view_id, view=dict(view), **only)

    async def respond(self, response_url: str, text: str) -> None:
        """Answer an interaction in place, seen by its person alone."""
        session = self.client.session
        if session is None:
            raise NotSent
        body = {"text": text, "response_type": "ephemeral", "replace_original": False}
        try:
            async with session.post(response_url, json=body) as reply:
                if reply.status != 200:
                    raise SlackRefused(f"response_url_{reply.status}")
        except aiohttp.ClientConnectorError as error:
            raise NotSent from error
        except _NO_ANSWER as error:
            raise OutcomeUnknown from error

    async def attach(
        self, at: Posted, files: Mapping[str, bytes], comment: str, title: str
    ) -> None:
        """Put files, by their names, into the thread of a message; not safe to repeat.

        https://docs.slack.dev/messaging/working-with-files#uploading_files
        """
        uploaded = [
            {"id": await self._upload(name, content), "title": f"{title} ({name})"}
            for name, content in files.items()
        ]
        await self.call(
            "files.completeUploadExternal",
            files=uploaded,
            channel_id=at.channel,
            thread_ts=at.ts,
            initial_comment=comment,
        )

    async def _upload(self, name: str, content: bytes, alt: str = "") -> str:
        """A file's id; nobody sees it yet."""
        session = self.client.session
        if session is None:
            raise NotSent
        asked = await self.call(
            "files.getUploadURLExternal", filename=name, length=str(len(content)), alt_txt=alt
        )
        try:
            async with session.post(asked["upload_url"], data=content) as reply:
                if reply.status != 200:
                    raise SlackRefused(f"upload_{reply.status}")
        except _NO_ANSWER as error:
            raise OutcomeUnknown from error
        file_id: str = asked["file_id"]
        return file_id

    async def open_socket(self, app_token: str) -> str:
        """A Socket Mode address, which proves the app-level token."""
        answer = await self.call("apps.connections.open", app_token)
        url: str = answer["url"]
        return url

    async def member(self, user: str) -> Member:
        """What Slack knows of a person."""
        return member_from((await self.call("users.info", user=user))["user"], self.team_id)

    async def channel(self, channel: str) -> Channel:
        """What Slack tells the bot of a channel; raises SlackRefused where it may not look."""
        found = (await self.call("conversations.info", channel=channel))["channel"]
        return Channel(
            slack_id=found["id"],
            name=found.get("name") or "",
            is_member=bool(found.get("is_member")),
            is_archived=bool(found.get("is_archived")),
        )

    async def channel_members(self, channel: str) -> list[str]:
        """The ids of everyone in a channel, bots among them."""
        pages = self._pages("conversations.members", channel=channel)
        return [user async for answer in pages for user in answer["members"]]

    async def call(
        self, method: str, app_token: str | None = None, **arguments: Any
    ) -> Mapping[str, Any]:
        """One call, sent once; raises one of `bot.slack.errors`."""
        answer, _headers = await self._call(method, arguments, app_token)
        return answer

    async def _pages(self, method: str, **arguments: Any) -> AsyncIterator[Mapping[str, Any]]:
        cursor = ""
        while True:
            answer = await self.call(method, **arguments, limit=_PAGE, cursor=cursor)
            yield answer
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    async def _call(
        self, method: str, arguments: Mapping[str, Any], app_token: str | None = None
    ) -> tuple[Mapping[str, Any], Mapping[str, str]]:
        reading = method in {"users.info", "conversations.info", "conversations.members"}
        verb: Literal["GET", "POST"] = "GET" if reading else "POST"
        sent = {name: _plain(value) for name, value in arguments.items() if value != ""}
        place: dict[str, Any] = {"params": sent} if reading else {"data": sent}
        if app_token is not None:
            place["headers"] = {"Authorization": f"Bearer {app_token}"}
        try:
            response = await self.client.api_call(method, http_verb=verb, **place)
        except SlackApiError as error:
            raise self._refusal(error) from error
        except aiohttp.ClientConnectorError as error:
            raise NotSent from error
        except _NO_ANSWER as error:
            raise OutcomeUnknown from error
        self._note_date(response.headers)
        headers = _small(response.headers)
        data: Any = response.data
        if not isinstance(data, dict):  # a proxy's page in Slack's stead
            raise OutcomeUnknown
        return data, headers

    def _refusal(self, error: SlackApiError) -> Exception:
        response = error.response
        status = getattr(response, "status_code", None)
        data = getattr(response, "data", None)
        code = data.get("error") if isinstance(data, dict) else None
        if status == 429 or code in _TOO_FAST:
            return RateLimited(retry_after.seconds(_small(response.headers)))
        if data is None or code is None or (status or 500) >= 500 or code in _UNCLEAR:
            return OutcomeUnknown()
        self._note_date(response.headers)
        return SlackRefused(code, beside(data.get("response_metadata")))

    def _note_date(self, headers: Mapping[str, str]) -> None:
        with contextlib.suppress(KeyError, ValueError):  # a proxy's may be none
            self._skew = parsedate_to_datetime(headers["Date"]) - self._calendar.now()


def _small(headers: Mapping[str, Any]) -> dict[str, str]:
    """Headers by their names in small letters."""
    return {name.lower(): str(value) for name, value in headers.items()}


def _plain(value: Any) -> Any:
    """Form fields are strings: structures as JSON, as Slack's own client sends them."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value) if isinstance(value, (dict, list)) else value


def member_from(user: Mapping[str, Any], home: str) -> Member:
    """A `user` object of `users.info` or a `user_change` event; `home` is our workspace."""
    profile = user.get("profile") or {}
    names = (profile.get("display_name"), profile.get("real_name"), user.get("real_name"))
    shown = (name for name in (*names, user.get("name")) if name and one_line(name))
    external = bool(user.get("is_stranger")) or user.get("team_id", home) != home
    return Member(
        slack_id=user["id"],
        name=next(shown, user["id"]),
        tz=user.get("tz") or None,
        is_admin=not external and bool(user.get("is_admin") or user.get("is_owner")),
        is_bot=bool(user.get("is_bot")) or user["id"] == "USLACKBOT",
        is_external=external,
        deleted=bool(user.get("deleted")),
        status_emoji=profile.get("status_emoji") or "",
        status_text=profile.get("status_text") or "",
        status_until=_instant(profile.get("status_expiration")),
        email=profile.get("email") or None,
    )


def _instant(seconds: int | None) -> datetime | None:
    """An instant that Slack gives in seconds; 0 stands for none."""
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
