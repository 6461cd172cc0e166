"""What all rituals hear from Slack: App Home, people's changes, channels that come and go."""

from collections.abc import Collection
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.asking import (
    away_listeners,
    card_listeners,
    home,
    home_views,
    invited,
    people,
    targets,
    views,
)
from bot.asking.home_views import OnHomes
from bot.asking.newcomers import look_up
from bot.asking.why import answer, why
from bot.engine.intake import Intake, Repeated
from bot.slack.gateway import member_from
from bot.slack.replies import actor

Body = dict[str, Any]
_WHY_TITLE = "Why?"


def listen(app: AsyncApp, intake: Intake, on_homes: OnHomes) -> None:
    """Register the shared listeners; what rituals offer on Home is offered to hosts too."""
    on = _Listeners(intake, on_homes)
    app.event("app_home_opened")(on.home_opened)
    app.event("user_change")(on.user_changed)
    app.event("channel_unarchive")(on.channel_reopened)
    app.event("group_unarchive")(on.channel_reopened)
    app.event("member_joined_channel")(on.joined)
    app.event("channel_id_changed")(on.channel_renumbered)
    app.action(views.POST_AGAIN)(on.post_again)
    app.action(home_views.WHY)(on.why)
    app.action(home_views.WHY_OF)(on.why_of)
    app.action(home_views.HELP)(on.help)
    app.event("message")(on.unread)
    away_listeners.listen(app, intake)
    card_listeners.listen(app, intake)


class _Listeners:
    def __init__(self, intake: Intake, on_homes: OnHomes) -> None:
        self._intake = intake
        self._on_homes = on_homes

    async def unread(self, ack: AsyncAck) -> None:
        """A message that is for none of the rituals: Slack would send it again without an ack."""
        await ack()

    async def home_opened(self, ack: AsyncAck, body: Body) -> None:
        if body["event"].get("tab", "home") == "home":
            await self._intake.take(
                _event(body), home.opened, self._intake.workspace_id, actor(body)
            )
            self._intake.look_people_up()
        await ack()

    async def user_changed(self, ack: AsyncAck, body: Body) -> None:
        member = member_from(body["event"]["user"], self._intake.gateway.team_id)
        # Its own stamp has microseconds, where it has one.
        stamp = str(body["event"].get("event_ts") or body.get("event_time") or "")
        await self._intake.take(
            _event(body), people.change, self._intake.workspace_id, member, stamp
        )
        await ack()

    async def channel_reopened(self, ack: AsyncAck, body: Body) -> None:
        await self._intake.take(_event(body), targets.lift, body["event"]["channel"])
        await ack()

    async def joined(self, ack: AsyncAck, body: Body) -> None:
        event = body["event"]
        if event.get("user") != self._intake.bot_user:
            await ack()
            return
        workspace_id, channel = self._intake.workspace_id, event["channel"]
        held = await self._intake.take(_event(body), invited.joined, workspace_id, channel)
        await ack()
        if (host := event.get("inviter")) and not isinstance(held, Repeated):
            self._intake.front.later(body, self._offer(channel, host, held))

    async def _offer(self, channel: str, host: str, held: Collection[str]) -> None:
        """Let whoever invited the bot set something up, where the channel holds nothing yet."""
        offered = list(self._on_homes.values())
        if held:
            return
        await look_up(self._intake, [host])
        if await self._intake.read(invited.is_ours, self._intake.workspace_id, host):
            said = home_views.invited(channel, offered)
            await self._intake.gateway.whisper(channel, host, said)

    async def channel_renumbered(self, ack: AsyncAck, body: Body) -> None:
        old, new = body["event"]["old_channel_id"], body["event"]["new_channel_id"]
        await self._intake.take(_event(body), targets.renumber, old, new)
        await ack()

    async def why(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        told = self._why(actor(body))
        self._intake.front.opens(body, _WHY_TITLE, told)

    async def why_of(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        whom = body["actions"][0].get("selected_user")  # none where the choice was taken back
        told = self._why(actor(body), whom)
        self._intake.front.later(body, self._intake.front.fill(body, _WHY_TITLE, told))

    async def _why(self, slack_id: str, whom: str | None = None) -> dict[str, Any]:
        if whom:
            await look_up(self._intake, [whom])
        found = await self._intake.read(why, self._intake.workspace_id, slack_id, whom)
        return home_views.why_modal(answer(found, self._intake.standup_command))

    async def help(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        self._intake.front.opens(body, "Help", self._help())

    async def _help(self) -> dict[str, Any]:
        return home_views.help_modal(one.help(self._intake) for one in self._on_homes.values())

    async def post_again(self, ack: AsyncAck, body: Body) -> None:
        mirror_id = int(body["actions"][0]["value"])
        await self._intake.take(
            ("block_actions", body["trigger_id"]),
            targets.post_again,
            self._intake.workspace_id,
            actor(body),
            mirror_id,
        )
        await ack()


def _event(body: Body) -> tuple[str, str]:
    return "event", body["event_id"]
