"""*Status*, from Slack."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.asking.newcomers import look_up_briefly
from bot.asking.upkeep import words
from bot.engine.intake import Intake
from bot.rituals.standup.life_listeners import mine_modal, standing_id
from bot.rituals.standup.lifecycle import Gone
from bot.rituals.standup.model import STANDUP
from bot.rituals.standup.status import status
from bot.rituals.standup.views.setup import STATUS
from bot.rituals.standup.views.status import TITLE, status_modal
from bot.slack import blocks
from bot.slack.replies import actor

Body = dict[str, Any]


def listen(app: AsyncApp, intake: Intake) -> None:
    """Register the button."""

    async def pressed(ack: AsyncAck, body: Body) -> None:
        await ack()
        modal = _modal(intake, actor(body), int(body["actions"][0]["value"]))
        intake.front.opens_in_place(body, TITLE, modal)

    app.action(STATUS)(pressed)


async def typed_modal(intake: Intake, slack_id: str, channel_id: str) -> dict[str, Any]:
    """What `status` opens: this channel's stand-up, or all of somebody's."""
    ritual_id = await standing_id(intake, channel_id)
    if ritual_id is None:
        return await mine_modal(intake, slack_id)
    return await _modal(intake, slack_id, ritual_id)


async def _modal(intake: Intake, slack_id: str, ritual_id: int) -> dict[str, Any]:
    await look_up_briefly(intake, [slack_id])
    shown = await intake.read(status, intake.workspace_id, slack_id, ritual_id)
    if isinstance(shown, Gone):
        return blocks.notice(TITLE, words.gone(STANDUP, intake.standup_command))
    return status_modal(shown)
