"""Pausing, resuming, deleting and listing rituals from Slack: typed, or with a button."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, Generic, assert_never

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from sqlalchemy.orm import Session

from bot.asking.newcomers import look_up_briefly
from bot.asking.upkeep import life_views, words
from bot.asking.upkeep.model import Act, C, Done, F, Gone, NotOwner
from bot.asking.upkeep.screens import Screen
from bot.asking.upkeep.setup import listed, standing_id
from bot.core.text import escape
from bot.engine.intake import Intake, Repeated
from bot.slack import blocks
from bot.slack.replies import actor

Body = dict[str, Any]
Acting = Callable[[Session, datetime, int, str, int, Act], Done | NotOwner | Gone]
Standings = Callable[[Session, datetime, Collection[int]], Mapping[int, str]]
"""What is open of these rituals, in a line each, in mrkdwn."""


class Lives(Generic[F, C]):
    """The life of one kind of ritual."""

    def __init__(self, screen: Screen[F, C], act: Acting, standings: Standings) -> None:
        self.screen = screen
        self._act_on = act
        self._standings = standings

    def listen(self, app: AsyncApp, intake: Intake) -> None:
        """Register the buttons and the modal that asks before deleting."""
        on, kind = _Listeners(self, intake), self.screen.kind
        app.action(kind.pause)(on.paused)
        app.action(kind.resume)(on.resumed)
        app.action(kind.delete)(on.delete)
        app.view(kind.confirm)(on.confirmed)
        app.action(kind.mine)(on.mine)
        app.action(kind.set_up)(on.set_up)

    async def mine_modal(self, intake: Intake, slack_id: str, lead: str = "") -> dict[str, Any]:
        """All that somebody is on, or looks after."""
        kind = self.screen.kind
        await look_up_briefly(intake, [slack_id])
        mine, guest = await intake.read(listed, kind.kind, intake.workspace_id, slack_id)
        open_now = await intake.read(self._standings, [one.ritual_id for one in mine])
        return life_views.mine_modal(kind, mine, lead, open_now, guest=guest)

    async def settings_modal(
        self, intake: Intake, slack_id: str, channel_id: str
    ) -> dict[str, Any]:
        """What `settings` opens: those of the channel's ritual, or all of somebody's to choose."""
        ritual_id = await self.standing_id(intake, channel_id)
        if ritual_id is None:
            return await self.mine_modal(intake, slack_id, self.which)
        return await self.screen.settings_modal(intake, slack_id, ritual_id)

    async def standing_id(self, intake: Intake, channel_id: str) -> int | None:
        """The id of the ritual that a channel has."""
        kind = self.screen.kind.kind
        return await intake.read(standing_id, kind, intake.workspace_id, channel_id)

    @property
    def which(self) -> str:
        """What is asked where a channel has none."""
        return f"There is no {self.screen.kind.one} in this channel. Which one do you mean?"

    async def typed(self, intake: Intake, what: Act, ack: AsyncAck, body: Body, _rest: str) -> None:
        """`pause`, `resume` or `delete`, typed in a channel."""
        titles = self.screen.kind.titles
        ritual_id = await self.standing_id(intake, body["channel_id"])
        if ritual_id is None:
            await ack()
            modal = self.mine_modal(intake, actor(body), self.which)
            intake.front.opens(body, titles, modal)
        elif what is Act.DELETE:
            await ack()
            modal = self.confirm_modal(intake, actor(body), ritual_id)
            intake.front.opens(body, titles, modal)
        else:
            receipt = ("slash_commands", body["trigger_id"])
            await ack(await self.act(intake, receipt, actor(body), ritual_id, what))

    async def act(
        self, intake: Intake, receipt: tuple[str, str], slack_id: str, ritual_id: int, what: Act
    ) -> str:
        """Do it, once for a receipt; answers what came of it, in mrkdwn."""
        kind, command = self.screen.kind, self.screen.command(intake)
        await look_up_briefly(intake, [slack_id])  # a workspace admin may, too
        result = await intake.take(
            receipt, self._act_on, intake.workspace_id, slack_id, ritual_id, what
        )
        match result:
            case Done():
                return life_views.done(result, command)
            case NotOwner(owner):
                return escape(words.not_owner(kind, owner))
            case Gone():
                return words.gone(kind, command)
            case Repeated():
                return ""
            case _:
                assert_never(result)

    async def confirm_modal(self, intake: Intake, slack_id: str, ritual_id: int) -> dict[str, Any]:
        """What is asked before something is deleted."""
        kind = self.screen.kind
        await look_up_briefly(intake, [slack_id])
        found = await self.screen.settings(intake, slack_id, ritual_id)
        if isinstance(found, Gone):
            return blocks.notice(kind.titles, words.gone(kind, self.screen.command(intake)))
        if not found.may_change:
            return blocks.notice(kind.titles, escape(words.not_owner(kind, found.owner_name)))
        return life_views.confirm_modal(kind, found)


class _Listeners(Generic[F, C]):
    def __init__(self, lives: Lives[F, C], intake: Intake) -> None:
        self._lives = lives
        self._screen = lives.screen
        self._kind = lives.screen.kind
        self._intake = intake
        self._front = intake.front

    async def paused(self, ack: AsyncAck, body: Body) -> None:
        await self._pressed(ack, body, Act.PAUSE)

    async def resumed(self, ack: AsyncAck, body: Body) -> None:
        await self._pressed(ack, body, Act.RESUME)

    async def _pressed(self, ack: AsyncAck, body: Body, what: Act) -> None:
        ritual_id = int(body["actions"][0]["value"])
        receipt = ("block_actions", body["trigger_id"])
        said = await self._lives.act(self._intake, receipt, actor(body), ritual_id, what)
        await ack()
        if said:
            self._front.later(body, self._tell(body, said))

    async def _tell(self, body: Body, said: str) -> None:
        """Where the button stands: the settings keep what is typed in them."""
        view = body["view"]
        if view.get("callback_id") == self._kind.setup:
            shown = await self._screen.redrawn(self._intake, view, actor(body), said=said)
        else:
            shown = await self._lives.mine_modal(self._intake, actor(body), said)
        await self._intake.gateway.update_view(view["id"], shown)

    async def delete(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        ritual_id = int(body["actions"][0]["value"])
        modal = self._lives.confirm_modal(self._intake, actor(body), ritual_id)
        self._front.opens_on_top(body, self._kind.titles, modal)

    async def confirmed(self, ack: AsyncAck, body: Body) -> None:
        receipt = ("view_submission", body["trigger_id"])
        ritual_id = int(body["view"]["private_metadata"])
        said = await self._lives.act(self._intake, receipt, actor(body), ritual_id, Act.DELETE)
        if not said:
            await ack()
            return
        # What lies below is about a ritual that there is no more.
        told = blocks.notice(self._kind.titles, said) | {"clear_on_close": True}
        await ack(response_action="update", view=told)

    async def mine(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        modal = self._lives.mine_modal(self._intake, actor(body))
        self._front.opens(body, self._kind.titles, modal)

    async def set_up(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        channel = body["actions"][0]["value"]
        modal = self._screen.setup_modal(
            self._intake, actor(body), channel if channel.startswith(("C", "G")) else ""
        )
        self._front.opens_in_place(body, self._kind.titles, modal)
