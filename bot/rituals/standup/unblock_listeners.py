"""What whoever can unblock somebody says, by the buttons of their message."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from sqlalchemy.orm import Session

from bot.engine.intake import Intake
from bot.rituals.standup import unblocking
from bot.rituals.standup.views.unblock import DECLINED, UNBLOCKED
from bot.slack.replies import actor

Body = dict[str, Any]
UseCase = Callable[[Session, datetime, int, str, int], None]


def listen(app: AsyncApp, intake: Intake) -> None:
    """Register the listeners of these buttons."""

    def on(action: str, use_case: UseCase) -> None:
        async def pressed(ack: AsyncAck, body: Body) -> None:
            blocker_id = int(body["actions"][0]["value"])
            receipt = ("block_actions", body["trigger_id"])
            await intake.take(receipt, use_case, intake.workspace_id, actor(body), blocker_id)
            await ack()

        app.action(action)(pressed)

    on(UNBLOCKED, unblocking.unblock)
    on(DECLINED, unblocking.decline)
