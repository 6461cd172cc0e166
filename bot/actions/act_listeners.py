"""What people do to action items with buttons, and with the small forms that these open."""

from collections.abc import Callable, Mapping
from typing import Any, assert_never

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.actions import acting, form_state, forms, modals
from bot.actions.acting import Act, Came
from bot.actions.form_listeners import tell
from bot.actions.form_state import Carried
from bot.actions.forms import Little
from bot.actions.model import Behind, Gone, Noted, NotTheirs, Settled, Wrong
from bot.actions.views import acts, words
from bot.asking.newcomers import look_up_briefly
from bot.engine.intake import Intake, Repeated
from bot.slack.replies import actor, afterwards, kept_back

Body = dict[str, Any]
Draw = Callable[[Little, str], dict[str, Any]]
"""One of the small forms, of what it is filled with and of what travels with it."""
_ACTS: Mapping[str, Act] = {"start": acting.start, "reopen": acting.reopen}


def _reassign(little: Little, metadata: str) -> dict[str, Any]:
    return acts.reassign_modal(little.item, little.owner, metadata)


def _move(little: Little, metadata: str) -> dict[str, Any]:
    return acts.move_modal(little.item, little.item.due, metadata)


def _drop(little: Little, metadata: str) -> dict[str, Any]:
    return acts.drop_modal(little.item, metadata)


def listen(app: AsyncApp, intake: Intake) -> None:
    """Register the buttons and the small forms."""
    on = _Listeners(intake)

    def does(action: str, act: Act) -> None:
        async def pressed(ack: AsyncAck, body: Body) -> None:
            await on.act(ack, body, act, int(body["actions"][0]["value"]))

        app.action(action)(pressed)

    def asks(action: str, title: str, draw: Draw) -> None:
        async def pressed(ack: AsyncAck, body: Body) -> None:
            await ack()
            on.ask(body, title, draw, int(body["actions"][0]["value"]))

        app.action(action)(pressed)

    does(words.DONE, acting.finish)
    does(words.REOPEN, acting.reopen)
    asks(words.REASSIGN, acts.REASSIGN_TITLE, _reassign)
    asks(words.MOVE, acts.MOVE_TITLE, _move)
    app.action(words.EDIT)(on.edit)
    app.action(words.MORE)(on.more)
    app.view(words.REASSIGN)(on.reassigned)
    app.view(words.MOVE)(on.moved)
    app.view(words.DROP)(on.dropped)


class _Listeners:
    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    # --- one tap

    async def act(self, ack: AsyncAck, body: Body, act: Act, item_id: int) -> None:
        behind = modals.behind(body)
        await look_up_briefly(self._intake, [actor(body)])
        result = await self._intake.take(
            ("block_actions", body["trigger_id"]),
            act,
            self._intake.workspace_id,
            actor(body),
            item_id,
            behind.here,
        )
        await ack()
        self._tell(body, behind, result)

    def _tell(self, body: Body, behind: Behind, result: Came | Repeated) -> None:
        """In a list what was done, or why not; elsewhere only why not: the rest is seen."""
        front = self._intake.front
        match result:
            case Repeated():
                pass
            case Noted(item):
                front.later(body, tell(self._intake, actor(body), behind, words.noted(item)))
            case _ if behind.view:
                said = f":warning: {words.escaped_refusal(result)}"
                front.later(body, tell(self._intake, actor(body), behind, said))
            case _:
                said = words.refusal(result)
                front.later(body, afterwards(self._intake.gateway, body, said))

    # --- forms

    async def edit(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        self._edit(body, int(body["actions"][0]["value"]))

    def _edit(self, body: Body, item_id: int) -> None:
        modal = modals.edit_modal(self._intake, actor(body), item_id, modals.behind(body))
        self._intake.front.opens_on_top(body, words.TITLE, modal)

    async def more(self, ack: AsyncAck, body: Body) -> None:
        """What the menu beside the buttons offers."""
        act, item_id = body["actions"][0]["selected_option"]["value"].split()
        if act in _ACTS:
            await self.act(ack, body, _ACTS[act], int(item_id))
            return
        await ack()
        if act == "edit":
            self._edit(body, int(item_id))
        else:
            self.ask(body, acts.DROP_TITLE, _drop, int(item_id))

    def ask(self, body: Body, title: str, draw: Draw, item_id: int) -> None:
        """Open one of the small forms, after the ack."""
        modal = self._little(actor(body), draw, item_id, modals.behind(body))
        self._intake.front.opens_on_top(body, title, modal)

    async def _little(
        self, slack_id: str, draw: Draw, item_id: int, behind: Behind
    ) -> dict[str, Any]:
        await look_up_briefly(self._intake, [slack_id])
        found = await self._intake.read(
            forms.little_form, self._intake.workspace_id, slack_id, item_id, behind.here
        )
        if isinstance(found, Little):
            carried = Carried(item_id=item_id, behind=behind)
            return draw(found, form_state.packed(carried))
        return modals.refused(found)

    # --- submitted

    async def reassigned(self, ack: AsyncAck, body: Body) -> None:
        owner = form_state.entered(body["view"], "owner", "selected_user")
        await look_up_briefly(self._intake, [actor(body), *([owner] if owner else [])])
        await self._submitted(ack, body, acting.reassign, owner)

    async def moved(self, ack: AsyncAck, body: Body) -> None:
        await self._submitted(ack, body, acting.move, form_state.typed(body["view"]).due)

    async def dropped(self, ack: AsyncAck, body: Body) -> None:
        reason = form_state.entered(body["view"], "reason", "value")
        await self._submitted(ack, body, acting.drop, reason)

    async def _submitted(
        self, ack: AsyncAck, body: Body, use_case: Callable[..., Came | Wrong], said: object
    ) -> None:
        carried = form_state.carried(body["view"])
        result = await self._intake.take(
            ("view_submission", body["trigger_id"]),
            use_case,
            self._intake.workspace_id,
            actor(body),
            carried.item_id,
            said,
            carried.behind.here,
        )
        match result:
            case Noted(item):
                await ack()
                self._intake.look_people_up()
                told = tell(self._intake, actor(body), carried.behind, words.noted(item))
                self._intake.front.later(body, told)
            case Wrong(problems):
                await ack(response_action="errors", errors=dict(problems))
            case Gone() | NotTheirs() | Settled():
                errors = kept_back(body["view"], words.refusal(result))
                await ack(response_action="errors", errors=errors)
            case Repeated():
                await ack()
            case _:
                assert_never(result)
