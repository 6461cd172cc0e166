"""The ways in from Slack of action items: the command, the shortcut on a message, and the rest."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.actions import (
    act_listeners,
    blocker_listeners,
    form_listeners,
    list_listeners,
    modals,
    origins,
)
from bot.actions.model import Behind, Place, Proposed, Scope
from bot.actions.views import command as command_views
from bot.actions.views import form, words
from bot.actions.views import list as list_views
from bot.asking.newcomers import look_up_briefly
from bot.core.markup import mentioned
from bot.engine.intake import Intake
from bot.slack.errors import SlackRefused
from bot.slack.gateway import Channel
from bot.slack.replies import actor

Body = dict[str, Any]
_LISTS: Mapping[str, Scope] = {
    "": Scope.MINE,
    "list": Scope.MINE,
    "mine": Scope.MINE,
    "team": Scope.TEAM,
    "overdue": Scope.OVERDUE,
    "asked": Scope.ASKED,
    "done": Scope.CLOSED,
}
_NAMELESS = frozenset({"directmessage", "privategroup"})  # how a command names such channels


def listen(app: AsyncApp, intake: Intake) -> None:
    """Register the listeners of action items."""
    on = _Listeners(intake)
    app.command(intake.actions_command)(on.command)
    app.message_shortcut(words.FROM_MESSAGE)(on.from_message)
    act_listeners.listen(app, intake)
    blocker_listeners.listen(app, intake)
    form_listeners.listen(app, intake)
    list_listeners.listen(app, intake)


class _Listeners:
    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    # --- the command

    async def command(self, ack: AsyncAck, body: Body) -> None:
        word, *rest = (body.get("text") or "").split(maxsplit=1) or [""]
        if (scope := _LISTS.get(word.lower())) is not None:
            await ack()
            self._list(body, scope)
        elif word.lower() == "add":
            await ack()
            self._add(body, "".join(rest))
        elif word.lower() == "help":
            await ack(command_views.told(self._intake.actions_command))
        else:
            await ack(command_views.unknown(word, self._intake.actions_command))

    def _list(self, body: Body, scope: Scope) -> None:
        channel, said = _channel(body["channel_id"]), ""
        if scope is Scope.TEAM and not channel:
            said = command_views.of_no_team(self._intake.actions_command)
            scope = Scope.MINE
        modal = modals.listed(self._intake, actor(body), f"{scope} 0 {channel}", said)
        self._intake.front.opens(body, list_views.TITLE, modal)

    def _add(self, body: Body, text: str) -> None:
        self._intake.front.opens(body, form.TITLE, self._typed_modal(body, text))

    async def _typed_modal(self, body: Body, text: str) -> dict[str, Any]:
        """The form, filled with what was typed; who was mentioned first is to do it."""
        intake, channel = self._intake, _channel(body["channel_id"])
        known = await self._names(text)
        owner, text = origins.to_whom(text)
        split = origins.of_text(text, known)
        place = Place(channel=channel, channel_name=await self._name(channel, body))
        behind = Behind(reply=body["response_url"], here=channel)
        proposed = Proposed(
            origins.new_key(), place, what=split.what, owner=owner, details=split.details
        )
        return await modals.proposed_modal(intake, actor(body), proposed, behind)

    async def _names(self, text: str) -> Mapping[str, str]:
        """The names of those whom a text mentions, by Slack id."""
        await look_up_briefly(self._intake, sorted(mentioned(text)))
        return await self._intake.read(origins.names, self._intake.workspace_id, text)

    async def _name(self, channel: str, body: Body) -> str:
        name = str(body.get("channel_name") or "")
        if name not in _NAMELESS:
            return name
        seen = await self._seen(channel) if channel else None
        return seen.name if seen is not None else ""

    # --- the shortcut on a message

    async def from_message(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        self._intake.front.opens(body, form.TITLE, self._message_modal(body))

    async def _message_modal(self, body: Body) -> dict[str, Any]:
        intake, message, channel = self._intake, body["message"], body["channel"]["id"]
        text = message.get("text") or ""
        known = await self._names(text)
        split = origins.of_text(text, known)
        ts = body.get("message_ts") or message["ts"]
        place = Place(channel=channel, message_ts=ts, thread_ts=message.get("thread_ts") or ts)
        proposed = Proposed(
            origins.new_key(),
            place,
            what=split.what,
            details=split.details,
            about="From a message",
        )
        proposed = await self._seen_from(body, proposed)
        return await modals.proposed_modal(
            intake, actor(body), proposed, Behind(here=_channel(channel))
        )

    async def _seen_from(self, body: Body, proposed: Proposed) -> Proposed:
        """With the channel's name, and why it will not show the item, if it will not."""
        place = proposed.place
        if not _channel(place.channel):
            own = await self._intake.gateway.open_dm(actor(body)) == place.channel
            return proposed if own else replace(proposed, hidden=form.hidden_in_a_dm())
        seen = await self._seen(place.channel)
        named = replace(place, channel_name=seen.name if seen is not None else "")
        hidden = ""
        if seen is None or not seen.is_member:
            hidden = form.hidden_in(place.channel)
        elif seen.is_archived:
            hidden = form.hidden_in_an_archive(place.channel)
        return replace(proposed, place=named, hidden=hidden)

    async def _seen(self, channel: str) -> Channel | None:
        """A channel as the bot sees it; None for one that it can't see."""
        try:
            return await self._intake.gateway.channel(channel)
        except SlackRefused:
            return None


def _channel(channel_id: str) -> str:
    """A channel that may have a team; "" for a direct message."""
    return channel_id if channel_id.startswith(("C", "G")) else ""
