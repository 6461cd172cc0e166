"""What people do to a risk with buttons, and with the small forms that these open."""

from collections.abc import Callable
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.actions.views import form as action_form
from bot.asking.newcomers import look_up_briefly
from bot.core.text import escape
from bot.engine.intake import Intake, Repeated
from bot.rituals.risk import carried as state
from bot.rituals.risk import modals, register
from bot.rituals.risk.carried import Carried
from bot.rituals.risk.reviews import reviews
from bot.rituals.risk.states import MitigationState
from bot.rituals.risk.values import Refusal, Saved, Wrong
from bot.rituals.risk.views import acts, words
from bot.slack.front import Content
from bot.slack.replies import actor, afterwards, kept_back

Body = dict[str, Any]
Came = Saved | Refusal | Repeated


def listen(app: AsyncApp, intake: Intake) -> None:
    """Register the buttons and the small forms."""
    on = _Listeners(intake)
    app.action(words.KEEP)(on.keep)
    app.action(words.TAKE)(on.take)
    app.action(words.REOPEN)(on.reopen)
    app.action(words.MITIGATION)(on.mitigation)
    app.action(words.SHOW)(on.show)
    app.action(words.ACTION_ITEM)(on.action_item)
    app.action(words.RESCORE)(on.rescore)
    app.action(words.MORE)(on.more)
    app.view(words.RESCORE)(on.rescored)
    app.view(words.MORE)(on.decided)


class _Listeners:
    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    # --- one tap

    async def keep(self, ack: AsyncAck, body: Body) -> None:
        await self._act(ack, body, reviews.keep, words.KEPT)

    async def take(self, ack: AsyncAck, body: Body) -> None:
        await self._act(ack, body, register.take, words.CHANGED)

    async def reopen(self, ack: AsyncAck, body: Body) -> None:
        await self._act(ack, body, reviews.reopen, words.REOPENED)

    async def _act(
        self, ack: AsyncAck, body: Body, use_case: Callable[..., Any], what: str
    ) -> None:
        carried = modals.carried_from(body, int(body["actions"][0]["value"]))
        await look_up_briefly(self._intake, [actor(body)])
        result = await self._intake.take(
            ("block_actions", body["trigger_id"]),
            use_case,
            self._intake.workspace_id,
            actor(body),
            carried.risk_id,
            carried.here,
        )
        await ack()
        self._tell(body, carried, result, what)

    async def mitigation(self, ack: AsyncAck, body: Body) -> None:
        number, _, said = body["actions"][0]["selected_option"]["value"].partition(" ")
        carried = modals.carried_from(body, state.unpacked(body["view"]).risk_id)
        result = await self._intake.take(
            ("block_actions", body["trigger_id"]),
            register.set_mitigation,
            self._intake.workspace_id,
            actor(body),
            int(number),
            MitigationState(said),
            carried.here,
        )
        await ack()
        self._tell(body, carried, result)

    def _tell(self, body: Body, carried: Carried, result: Came, what: str = words.CHANGED) -> None:
        """In a modal what was done, or why not; on a card only why not: the rest is seen."""
        front = self._intake.front
        in_modal = bool(carried.show or carried.listed)
        match result:
            case Repeated():
                return
            case Saved(risk):
                if in_modal:
                    said = words.saved(risk, what)
                    front.later(body, modals.tell(self._intake, actor(body), carried, said))
            case _ if in_modal:
                said = f":warning: {escape(words.refusal(result))}"
                front.later(body, modals.tell(self._intake, actor(body), carried, said))
            case _:
                told = afterwards(self._intake.gateway, body, words.refusal(result))
                front.later(body, told)

    # --- modals

    async def show(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        self._open(body, words.TITLE, modals.one)

    async def action_item(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        carried = modals.carried_from(body, int(body["actions"][0]["value"]))
        modal = modals.action_item(self._intake, actor(body), carried)
        self._intake.front.opens_on_top(body, action_form.TITLE, modal)

    async def rescore(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        self._open(body, acts.RESCORE_TITLE, modals.rescore)

    async def more(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        self._open(body, acts.MORE_TITLE, modals.more)

    def _open(self, body: Body, title: str, modal: Callable[..., Content]) -> None:
        carried = modals.carried_from(body, int(body["actions"][0]["value"]))
        self._intake.front.opens_on_top(body, title, modal(self._intake, actor(body), carried))

    # --- submitted

    async def rescored(self, ack: AsyncAck, body: Body) -> None:
        await self._submitted(ack, body, reviews.rescore, state.scored(body["view"]))

    async def decided(self, ack: AsyncAck, body: Body) -> None:
        await self._submitted(ack, body, reviews.decide, state.meant(body["view"]))

    async def _submitted(
        self, ack: AsyncAck, body: Body, use_case: Callable[..., Came | Wrong], said: object
    ) -> None:
        carried = state.unpacked(body["view"])
        result = await self._intake.take(
            ("view_submission", body["trigger_id"]),
            use_case,
            self._intake.workspace_id,
            actor(body),
            carried.risk_id,
            said,
            carried.here,
        )
        match result:
            case Saved(risk):
                await ack()
                told = modals.tell(self._intake, actor(body), carried, words.saved(risk))
                self._intake.front.later(body, told)
            case Wrong(problems):
                await ack(response_action="errors", errors=dict(problems))
            case Repeated():
                await ack()
            case _:
                errors = kept_back(body["view"], words.refusal(result))
                await ack(response_action="errors", errors=errors)
