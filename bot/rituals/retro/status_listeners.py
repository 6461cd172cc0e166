"""*Status*, from Slack; with a button that runs one now."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.asking.newcomers import look_up_briefly
from bot.asking.upkeep import words
from bot.asking.upkeep.model import Gone
from bot.engine.intake import Intake
from bot.rituals.retro.lead_commands import started
from bot.rituals.retro.model import RETRO
from bot.rituals.retro.setup_listeners import LIVES
from bot.rituals.retro.status import status
from bot.rituals.retro.views.status import START, TITLE, status_modal
from bot.slack import blocks
from bot.slack.replies import actor

Body = dict[str, Any]


def listen(app: AsyncApp, intake: Intake) -> None:
    """Register the button that opens it, and the one in it."""

    async def pressed(ack: AsyncAck, body: Body) -> None:
        await ack()
        modal = _modal(intake, actor(body), int(body["actions"][0]["value"]))
        intake.front.opens_in_place(body, TITLE, modal)

    async def start(ack: AsyncAck, body: Body) -> None:
        ritual_id = int(body["actions"][0]["value"])
        receipt = ("block_actions", body["trigger_id"])
        said = await started(intake, receipt, actor(body), ritual_id)
        await ack()
        modal = _modal(intake, actor(body), ritual_id, said)
        intake.front.later(body, intake.front.fill(body, TITLE, modal))

    app.action(RETRO.status)(pressed)
    app.action(START)(start)


async def typed(intake: Intake, ack: AsyncAck, body: Body, _rest: str) -> None:
    """`status`: this channel's retro, or all of somebody's."""
    await ack()
    intake.front.opens(body, TITLE, _typed_modal(intake, actor(body), body["channel_id"]))


async def _typed_modal(intake: Intake, slack_id: str, channel_id: str) -> dict[str, Any]:
    ritual_id = await LIVES.standing_id(intake, channel_id)
    if ritual_id is None:
        return await LIVES.mine_modal(intake, slack_id)
    return await _modal(intake, slack_id, ritual_id)


async def _modal(intake: Intake, slack_id: str, ritual_id: int, said: str = "") -> dict[str, Any]:
    await look_up_briefly(intake, [slack_id])
    shown = await intake.read(status, intake.workspace_id, slack_id, ritual_id, said)
    if isinstance(shown, Gone):
        return blocks.notice(TITLE, words.gone(RETRO, intake.retro_command))
    return status_modal(shown)
