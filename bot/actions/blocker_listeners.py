"""An action item of what blocks somebody: a button beside it, or a menu of all of a run's."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.actions import forms, modals, origins
from bot.actions.model import Behind, Gone
from bot.actions.views import form, words
from bot.engine.intake import Intake
from bot.slack.replies import actor

Body = dict[str, Any]


def listen(app: AsyncApp, intake: Intake) -> None:
    """Register the button and the menu."""
    on = _Listeners(intake)
    app.action(words.FROM_BLOCKER)(on.pressed)
    app.action(words.ACT_ON)(on.chosen)


class _Listeners:
    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    async def pressed(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        self._open(body, body["actions"][0]["value"])

    async def chosen(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        self._open(body, body["actions"][0]["selected_option"]["value"])

    def _open(self, body: Body, value: str) -> None:
        """`value` is the blocker's id, and that of the run that shows it where one does."""
        blocker_id, _, run_id = value.partition(" ")
        run = int(run_id) if run_id else None
        modal = self._modal(actor(body), int(blocker_id), run)
        self._intake.front.opens_on_top(body, form.TITLE, modal)

    async def _modal(self, slack_id: str, blocker_id: int, run_id: int | None) -> dict[str, Any]:
        """The form for one, or of the one that was made of it already."""
        intake = self._intake
        proposed = await intake.read(origins.of_blocker, intake.workspace_id, blocker_id, run_id)
        if isinstance(proposed, Gone):
            return modals.refused(proposed)
        # Whoever sees it in its channel, or is asked to help with it, may change what comes of it.
        behind = Behind(here=proposed.place.channel)
        there = await intake.read(forms.item_of_blocker, intake.workspace_id, blocker_id)
        if there is not None:
            return await modals.edit_modal(intake, slack_id, there.id, behind)
        return await modals.proposed_modal(intake, slack_id, proposed, behind)
