"""*Read all* and its pages, from Slack."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.engine.intake import Intake
from bot.rituals.standup.read_all import read_all
from bot.rituals.standup.views.channel import READ_ALL
from bot.rituals.standup.views.read_all import EARLIER, NEXT, TITLE, read_all_modal

Body = dict[str, Any]


def listen(app: AsyncApp, intake: Intake) -> None:
    """Register the button under a run's message and those of the modal's pages."""
    on = _Listeners(intake)
    app.action(READ_ALL)(on.read_all)
    app.action(EARLIER)(on.turn)
    app.action(NEXT)(on.turn)


class _Listeners:
    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._front = intake.front

    async def read_all(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        self._front.opens(body, TITLE, self._modal(body))

    async def turn(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        self._front.later(body, self._front.fill(body, TITLE, self._modal(body)))

    async def _modal(self, body: Body) -> dict[str, Any]:
        run_id, _, page = str(body["actions"][0]["value"]).partition(" ")
        found = await self._intake.read(read_all, self._intake.workspace_id, int(run_id))
        return read_all_modal(found, int(page or 0))
