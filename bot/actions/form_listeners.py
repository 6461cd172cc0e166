"""The form of an action item, submitted; and what was behind it told."""

import contextlib
from typing import Any, assert_never

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.actions import form_state, items, modals
from bot.actions.form_state import Carried
from bot.actions.model import (
    Behind,
    Exists,
    Gone,
    Noted,
    NotTheirs,
    Settled,
    Wrong,
)
from bot.actions.views import form, words
from bot.asking.newcomers import look_up_briefly
from bot.core.errors import MeridianError
from bot.engine.intake import Intake, Repeated
from bot.slack.errors import SlackRefused
from bot.slack.replies import actor, kept_back, under_inputs

Body = dict[str, Any]


def listen(app: AsyncApp, intake: Intake) -> None:
    """Register the form, and what hands back to whom another was quicker what they typed."""
    on = _Listeners(intake)
    app.view(form.FORM)(on.submitted)
    app.view(form.READ)(on.read)


class _Listeners:
    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    async def read(self, ack: AsyncAck) -> None:
        await ack()

    async def submitted(self, ack: AsyncAck, body: Body) -> None:
        carried = form_state.carried(body["view"])
        result = await self._store(body, carried)
        match result:
            case Noted(item, new) if new and carried.hidden:
                said = words.noted(item, new=True)
                await ack(response_action="update", view=form.hidden_modal(said, carried.hidden))
                self._intake.look_people_up()
            case Noted(item, new):
                await ack()
                self._intake.look_people_up()  # whoever is to do it may be new
                told = tell(self._intake, actor(body), carried.behind, words.noted(item, new=new))
                self._intake.front.later(body, told)
            case Wrong(problems):
                await ack(response_action="errors", errors=under_inputs(body["view"], problems))
            case Exists(item):
                typed = form_state.written(body["view"])
                await ack(response_action="update", view=form.exists_modal(item, **typed))
            case Gone() | NotTheirs() | Settled():
                errors = kept_back(body["view"], words.refusal(result))
                await ack(response_action="errors", errors=errors)
            case Repeated():
                await ack()
            case _:
                assert_never(result)

    async def _store(
        self, body: Body, carried: Carried
    ) -> Noted | Wrong | Exists | Gone | NotTheirs | Settled | Repeated:
        intake, typed = self._intake, form_state.typed(body["view"])
        await look_up_briefly(intake, [actor(body), *([typed.owner] if typed.owner else [])])
        receipt, who = ("view_submission", body["trigger_id"]), (intake.workspace_id, actor(body))
        if carried.item_id is None:
            return await intake.take(
                receipt, items.raise_item, *who, carried.key, carried.place, typed
            )
        which = form_state.touched(body["view"])
        here = carried.behind.here
        return await intake.take(receipt, items.edit, *who, carried.item_id, typed, which, here)


async def tell(intake: Intake, slack_id: str, behind: Behind, said: str) -> None:
    """Say what was done where it was asked for: in the list, or below the command; in mrkdwn."""
    if behind.view:
        shown = await modals.listed(intake, slack_id, behind.listed, said)
        with contextlib.suppress(SlackRefused):  # the list was closed meanwhile
            await intake.gateway.update_view(behind.view, shown)
    elif behind.reply:
        with contextlib.suppress(MeridianError):  # after half an hour Slack takes no reply
            await intake.gateway.respond(behind.reply, said)
