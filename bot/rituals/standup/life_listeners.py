"""Pausing, resuming and deleting from Slack: typed, or with a button."""

from collections.abc import Mapping
from typing import Any, assert_never

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.asking.newcomers import look_up_briefly
from bot.core.text import escape
from bot.engine.intake import Intake, Repeated
from bot.rituals.standup import lifecycle, setup_listeners
from bot.rituals.standup.lifecycle import Gone, NotOwner
from bot.rituals.standup.model import Act, Done
from bot.rituals.standup.settings import listed, settings, standing_id
from bot.rituals.standup.status import standings
from bot.rituals.standup.views import life, words
from bot.rituals.standup.views.life import CONFIRM, TITLE
from bot.rituals.standup.views.setup import DELETE, MINE, PAUSE, RESUME, SET_UP, SETUP
from bot.slack import blocks
from bot.slack.replies import actor

Body = dict[str, Any]
_BUTTONS: Mapping[str, Act] = {PAUSE: Act.PAUSE, RESUME: Act.RESUME}
_WHICH = "There is no stand-up in this channel. Which one do you mean?"


def listen(app: AsyncApp, intake: Intake) -> None:
    """Register the buttons and the modal that asks before deleting."""
    on = _Listeners(intake)
    for button in _BUTTONS:
        app.action(button)(on.pressed)
    app.action(DELETE)(on.delete)
    app.view(CONFIRM)(on.confirmed)
    app.action(MINE)(on.mine)
    app.action(SET_UP)(on.set_up)


async def mine_modal(intake: Intake, slack_id: str, lead: str = "") -> dict[str, Any]:
    """All that somebody is on, or looks after."""
    await look_up_briefly(intake, [slack_id])
    mine, guest = await intake.read(listed, intake.workspace_id, slack_id)
    open_now = await intake.read(standings, [one.ritual_id for one in mine])
    return life.mine_modal(mine, lead, open_now, guest=guest)


async def settings_modal(intake: Intake, slack_id: str, channel_id: str) -> dict[str, Any]:
    """What `settings` opens: those of the channel's stand-up, or all of somebody's to choose."""
    ritual_id = await intake.read(standing_id, intake.workspace_id, channel_id)
    if ritual_id is None:
        return await mine_modal(intake, slack_id, _WHICH)
    return await setup_listeners.settings_modal(intake, slack_id, ritual_id)


async def typed(intake: Intake, what: Act, ack: AsyncAck, body: Body, _rest: str) -> None:
    """`pause`, `resume` or `delete`, typed in a channel."""
    ritual_id = await intake.read(standing_id, intake.workspace_id, body["channel_id"])
    if ritual_id is None:
        await ack()
        modal = mine_modal(intake, actor(body), _WHICH)
        intake.front.later(body, intake.front.show(body, TITLE, modal))
    elif what is Act.DELETE:
        await ack()
        modal = _confirm_modal(intake, actor(body), ritual_id)
        intake.front.later(body, intake.front.show(body, TITLE, modal))
    else:
        receipt = ("slash_commands", body["trigger_id"])
        await ack(await _act(intake, receipt, actor(body), ritual_id, what))


async def _act(
    intake: Intake, receipt: tuple[str, str], slack_id: str, ritual_id: int, what: Act
) -> str:
    """Do it, once for a receipt; answers what came of it, in mrkdwn."""
    await look_up_briefly(intake, [slack_id])  # a workspace admin may, too
    result = await intake.take(
        receipt, lifecycle.act, intake.workspace_id, slack_id, ritual_id, what
    )
    match result:
        case Done():
            return life.done(result, intake.standup_command)
        case NotOwner(owner):
            return escape(words.not_owner(owner))
        case Gone():
            return words.gone(intake.standup_command)
        case Repeated():
            return ""
        case _:
            assert_never(result)


async def _confirm_modal(intake: Intake, slack_id: str, ritual_id: int) -> dict[str, Any]:
    await look_up_briefly(intake, [slack_id])
    found = await intake.read(settings, intake.workspace_id, slack_id, ritual_id)
    if isinstance(found, Gone):
        return blocks.notice(TITLE, words.gone(intake.standup_command))
    if not found.may_change:
        return blocks.notice(TITLE, escape(words.not_owner(found.owner_name)))
    return life.confirm_modal(found)


class _Listeners:
    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._front = intake.front

    async def pressed(self, ack: AsyncAck, body: Body) -> None:
        action = body["actions"][0]
        what, ritual_id = _BUTTONS[action["action_id"]], int(action["value"])
        receipt = ("block_actions", body["trigger_id"])
        said = await _act(self._intake, receipt, actor(body), ritual_id, what)
        await ack()
        if said:
            self._front.later(body, self._tell(body, said))

    async def _tell(self, body: Body, said: str) -> None:
        """Where the button stands: the settings keep what is typed in them."""
        view = body["view"]
        if view.get("callback_id") == SETUP:
            shown = await setup_listeners.redrawn(self._intake, view, actor(body), said=said)
        else:
            shown = await mine_modal(self._intake, actor(body), said)
        await self._intake.gateway.update_view(view["id"], shown)

    async def delete(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        self._front.later(body, self._ask_first(body))

    async def _ask_first(self, body: Body) -> None:
        ritual_id = int(body["actions"][0]["value"])
        modal = await _confirm_modal(self._intake, actor(body), ritual_id)
        await self._intake.gateway.push_view(body["trigger_id"], modal)

    async def confirmed(self, ack: AsyncAck, body: Body) -> None:
        receipt = ("view_submission", body["trigger_id"])
        ritual_id = int(body["view"]["private_metadata"])
        said = await _act(self._intake, receipt, actor(body), ritual_id, Act.DELETE)
        if not said:
            await ack()
            return
        # What lies below is about a stand-up that there is no more.
        told = blocks.notice(TITLE, said) | {"clear_on_close": True}
        await ack(response_action="update", view=told)

    async def mine(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        modal = mine_modal(self._intake, actor(body))
        self._front.later(body, self._front.show(body, TITLE, modal))

    async def set_up(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        channel = body["actions"][0]["value"]
        modal = setup_listeners.setup_modal(
            self._intake, actor(body), channel if channel.startswith(("C", "G")) else ""
        )
        if (body.get("view") or {}).get("type") == "modal":
            self._front.later(body, self._front.fill(body, TITLE, modal))
        else:
            self._front.later(body, self._front.show(body, TITLE, modal))
