"""The form of a risk: opened, drawn anew, submitted; by a button, a shortcut, or a blocker."""

from dataclasses import replace
from typing import Any, assert_never

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.asking.newcomers import look_up_briefly
from bot.asking.upkeep import channels
from bot.asking.upkeep.channels import Unseen
from bot.core import markup
from bot.engine.intake import Intake, Repeated
from bot.rituals.risk import carried as state
from bot.rituals.risk import forms, modals, register
from bot.rituals.risk.carried import Carried
from bot.rituals.risk.values import (
    Gone,
    IsClosed,
    NotTheirs,
    Origin,
    Saved,
    Typed,
    Wrong,
)
from bot.rituals.risk.views import form, words
from bot.slack import blocks
from bot.slack.begun import as_begun
from bot.slack.replies import actor, kept_back, under_inputs

Body = dict[str, Any]
NEEDS_A_CHANNEL = "A risk belongs to a channel's team."


def listen(app: AsyncApp, intake: Intake) -> None:
    """Register what the form needs."""
    on = _Listeners(intake)
    app.action(words.ADD)(on.add)
    app.action(words.EDIT)(on.edit)
    app.action(form.CATEGORY)(on.redraw)
    app.action(form.WHOLE)(on.whole)
    app.view(form.FORM)(on.submitted)
    app.message_shortcut(words.FROM_MESSAGE)(on.from_message)
    app.action(words.FROM_BLOCKER)(on.from_blocker)


async def add_modal(
    intake: Intake, slack_id: str, channel_id: str, carried: Carried, title: str = ""
) -> dict[str, Any]:
    """The form of a new risk of a channel's team."""
    again = f"{intake.risk_command} add"
    channel = await channels.look(intake, channel_id, again, NEEDS_A_CHANNEL)
    if isinstance(channel, Unseen):
        return blocks.notice(form.NEW_TITLE, channel.why)
    origin = Origin(modals.new_key(), channel.slack_id, channel.name)
    known = await intake.read(forms.names, intake.workspace_id, title)
    typed = forms.of_words(markup.plain(title, known), slack_id)
    return await modals.new(intake, slack_id, origin, carried, typed)


class _Listeners:
    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    async def add(self, ack: AsyncAck, body: Body) -> None:
        """From a list, which is of a channel's team."""
        await ack()
        carried = modals.carried_from(body, 0)
        modal = add_modal(self._intake, actor(body), carried.here, carried)
        self._intake.front.opens_on_top(body, form.NEW_TITLE, modal)

    async def edit(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        carried = modals.carried_from(body, int(body["actions"][0]["value"]))
        modal = modals.edit(self._intake, actor(body), carried)
        self._intake.front.opens_on_top(body, form.EDIT_TITLE, modal)

    # --- from what people wrote

    async def from_message(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        modal = self._message_modal(body)
        front = self._intake.front
        front.opens(body, form.NEW_TITLE, modal)

    async def _message_modal(self, body: Body) -> dict[str, Any]:
        intake, message, place = self._intake, body["message"], body["channel"]["id"]
        channel = await channels.look(intake, place, f"{intake.risk_command} add", NEEDS_A_CHANNEL)
        if isinstance(channel, Unseen):
            return blocks.notice(form.NEW_TITLE, channel.why)
        text = message.get("text") or ""
        known = await intake.read(forms.names, intake.workspace_id, text)
        ts = body.get("message_ts") or message["ts"]
        origin = Origin(
            modals.new_key(),
            channel.slack_id,
            channel.name,
            message_channel=channel.slack_id,
            message_ts=ts,
        )
        typed = forms.of_words(markup.plain(text, known), actor(body))
        about = "From a message" + _proposed(typed)
        return await modals.new(
            intake, actor(body), origin, Carried(here=channel.slack_id), typed, about
        )

    async def from_blocker(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        action = body["actions"][0]
        value = (action.get("selected_option") or action)["value"]
        modal = self._blocker_modal(actor(body), int(value.partition(" ")[0]))
        self._intake.front.opens_on_top(body, form.NEW_TITLE, modal)

    async def _blocker_modal(self, slack_id: str, blocker_id: int) -> dict[str, Any]:
        intake = self._intake
        found = await intake.read(
            forms.of_blocker, intake.workspace_id, slack_id, blocker_id, modals.new_key()
        )
        if isinstance(found, Gone):
            return blocks.notice(form.NEW_TITLE, "That blocker is no longer there.")
        origin, typed, about = found
        carried = Carried(here=origin.channel)
        return await modals.new(intake, slack_id, origin, carried, typed, about + _proposed(typed))

    # --- drawn anew

    async def redraw(self, ack: AsyncAck, body: Body) -> None:
        """Another category has other things to think of."""
        await ack()
        self._redraw(body, more=state.unpacked_origin(body["view"])[2])

    async def whole(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        self._redraw(body, more=True)

    def _redraw(self, body: Body, *, more: bool) -> None:
        modal = self._drawn_anew(body["view"], more=more)
        self._intake.front.later(body, self._intake.front.fill(body, form.NEW_TITLE, modal))

    async def _drawn_anew(self, view: Body, *, more: bool) -> dict[str, Any]:
        origin, carried, _more = state.unpacked_origin(view)
        intake, typed = self._intake, forms.sorted_out(state.typed(view))
        names = await intake.read(
            forms.drawn_anew, intake.workspace_id, origin.channel, carried.risk_id
        )
        about = next((one for one in view["blocks"] if one["type"] == "context"), None)
        said = about["elements"][0]["text"] if about and not carried.risk_id else ""
        shown = form.FormShown(
            typed,
            names,
            new=not carried.risk_id,
            more=more,
            about=said if said.startswith("From ") else "",
        )
        if not carried.risk_id:
            return form.form_modal(shown, state.packed_origin(origin, carried, more=more))
        named = state.begun_of(view).mitigations
        metadata = state.packed_origin(origin, carried, more=more, mitigations=named)
        return as_begun(form.form_modal(shown, metadata), view)

    # --- submitted

    async def submitted(self, ack: AsyncAck, body: Body) -> None:
        origin, carried, _more = state.unpacked_origin(body["view"])
        intake, typed = self._intake, state.typed(body["view"])
        await look_up_briefly(intake, [actor(body), *([typed.owner] if typed.owner else [])])
        receipt, who = ("view_submission", body["trigger_id"]), (intake.workspace_id, actor(body))
        result: Saved | Wrong | Gone | NotTheirs | IsClosed | Repeated
        if carried.risk_id:
            here, was = carried.here, state.begun_of(body["view"])
            result = await intake.take(
                receipt, register.edit, *who, carried.risk_id, typed, here, was
            )
        else:
            result = await intake.take(receipt, register.add, *who, origin, typed)
        match result:
            case Saved(risk, new) if new and not carried.listed:
                shown = await modals.one(
                    intake,
                    actor(body),
                    Carried(risk.id, risk.channel),
                    words.saved(risk, words.ADDED),
                )
                await ack(response_action="update", view=shown)
                intake.look_people_up()  # whoever looks after it may be new
            case Saved(risk, new):
                await ack()
                intake.look_people_up()
                told = replace(carried, risk_id=risk.id)
                said = words.saved(risk, words.ADDED if new else words.CHANGED)
                intake.front.later(body, modals.tell(intake, actor(body), told, said))
            case Wrong(problems):
                await ack(response_action="errors", errors=under_inputs(body["view"], problems))
            case Gone() | NotTheirs() | IsClosed():
                errors = kept_back(body["view"], words.refusal(result))
                await ack(response_action="errors", errors=errors)
            case Repeated():
                await ack()
            case _:
                assert_never(result)


def _proposed(typed: Typed) -> str:
    return ". Its category is proposed from its words." if typed.category else ""
