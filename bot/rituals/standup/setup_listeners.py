"""The setup screen's way in from Slack: opened, drawn anew, and submitted."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, assert_never

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.asking.newcomers import look_up, look_up_briefly
from bot.engine.intake import Intake, Repeated
from bot.rituals.standup import settings, setup, setup_form
from bot.rituals.standup.lifecycle import Gone, NotOwner
from bot.rituals.standup.model import Started
from bot.rituals.standup.settings import Exists, Typed, Wrong
from bot.rituals.standup.setup import Outsiders
from bot.rituals.standup.setup_form import Form, Settings
from bot.rituals.standup.setup_state import (
    block_of,
    channel_of,
    form_of,
    owner_of,
    packed,
    place_of,
)
from bot.rituals.standup.views import setup as views
from bot.rituals.standup.views import setup_fields, words
from bot.rituals.standup.views.look import look_modal
from bot.rituals.standup.views.setup import Place, SetupShown
from bot.slack import blocks
from bot.slack.replies import actor
from bot.teams import channels
from bot.teams.channels import Unseen

Body = dict[str, Any]
Redraw = Callable[[SetupShown, Body], SetupShown]
TITLE = "Stand-up"
_LOOKING = "One moment: Meridian is looking at that channel still. Please press Start again."
_BARRED = "This channel won't do yet: what to do stands below."
_AGAIN = "press *Look again*"


def listen(app: AsyncApp, intake: Intake) -> None:
    """Register the setup screen's listeners."""
    on = _Listeners(intake)
    app.view(views.SETUP)(on.submitted)
    app.action(views.MORE)(on.more)
    app.action(views.SETTINGS)(on.settings)
    app.action(setup_fields.CHANNEL)(on.channel)
    app.action(views.LOOK_AGAIN)(on.channel)
    app.action({"block_id": setup_fields.AT, "action_id": setup_fields.AT})(on.entered)
    app.action(setup_fields.ZONE)(on.entered)
    app.action(setup_fields.TEMPLATE)(on.entered)


# --- what the screen is filled with


async def setup_modal(intake: Intake, slack_id: str, channel_id: str) -> dict[str, Any]:
    """What `setup` opens: the pre-filled screen for the channel, or its settings.

    Where there is no channel, the screen asks for one.
    """
    if not channel_id or channel_id.startswith("D"):
        return _drawn(SetupShown(Place(_key(), picks=True), Form()))
    shown = await _for_channel(intake, slack_id, Place(_key()), channel_id, Form())
    if isinstance(shown, Unseen):
        return blocks.notice(TITLE, shown.why)
    return shown if isinstance(shown, dict) else _drawn(shown)


async def settings_modal(intake: Intake, slack_id: str, ritual_id: int) -> dict[str, Any]:
    """A stand-up's settings, for those who may change them; others look."""
    await look_up(intake, [slack_id])  # a workspace admin may change what another set up
    found = await intake.read(settings.settings, intake.workspace_id, slack_id, ritual_id)
    if isinstance(found, Gone):
        return blocks.notice(TITLE, words.gone(intake.standup_command))
    return _of(intake, found)


def _of(intake: Intake, found: Settings, *, said: str = "") -> dict[str, Any]:
    if not found.may_change:
        return look_modal(found)
    place = Place(_key(), found.channel, found.channel_name, found.ritual_id, more=True)
    return _drawn(
        SetupShown(
            place,
            found.form,
            note=setup_form.note(found.form, intake.calendar.now()),
            owner=found.owner,
            paused=found.paused,
            said=said,
        )
    )


async def _for_channel(
    intake: Intake, slack_id: str, place: Place, channel_id: str, form: Form
) -> SetupShown | dict[str, Any] | Unseen:
    """The screen for a channel: filled with its people, or the settings of what it has."""
    again = f"{intake.standup_command} setup"
    then = _AGAIN if place.picks else ""
    channel = await channels.look(intake, channel_id, again, words.NEEDS_A_CHANNEL, then)
    if isinstance(channel, Unseen):
        return channel
    await look_up(intake, [slack_id])
    place = replace(place, channel=channel.slack_id, channel_name=channel.name)
    standing = await intake.read(
        settings.settings_in, intake.workspace_id, slack_id, channel.slack_id
    )
    if standing is not None and not place.picks:
        return _of(intake, standing)
    if standing is not None:
        barred = replace(place, channel="", barred=channel.slack_id)
        return SetupShown(barred, replace(form, members=()), taken=standing.ritual_id)
    members = await intake.gateway.channel_members(channel.slack_id)
    people = [one for one in members if one != intake.bot_user]
    await look_up(intake, people)
    askable = await intake.read(setup.askable, intake.workspace_id, people)
    return SetupShown(place, replace(form, members=tuple(askable)))


async def redrawn(
    intake: Intake,
    view: Mapping[str, Any],
    slack_id: str,
    *,
    more: bool = False,
    said: str = "",
) -> dict[str, Any]:
    """The screen anew, with all that stands in it now."""
    place, form = place_of(view), form_of(view)
    place = replace(place, more=place.more or more)
    note = setup_form.note(form, intake.calendar.now())
    shown = SetupShown(place, form, note=note, owner=owner_of(view), said=said)
    if place.ritual_id is None:
        return _drawn(shown)
    found = await intake.read(settings.settings, intake.workspace_id, slack_id, place.ritual_id)
    if isinstance(found, Gone):
        return blocks.notice(TITLE, words.gone(intake.standup_command))
    return _drawn(replace(shown, paused=found.paused, owner=shown.owner or found.owner))


def _key() -> str:
    return secrets.token_hex(8)


def _drawn(shown: SetupShown) -> dict[str, Any]:
    return views.setup_modal(shown, packed(shown.place))


class _Listeners:
    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._front = intake.front

    # --- drawn anew, with all that is typed

    async def more(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        self._front.later(body, self._redraw(body, more=True))

    async def entered(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        self._front.later(body, self._redraw(body))

    async def _redraw(self, body: Body, *, more: bool = False) -> None:
        """Show what else is to be asked, or told, of what stands in the screen now."""
        shown = await redrawn(self._intake, body["view"], actor(body), more=more)
        await self._intake.gateway.update_view(body["view"]["id"], shown)

    async def channel(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        self._front.later(body, self._choose(body))

    async def _choose(self, body: Body) -> None:
        """Fill in the people of the channel that was chosen, or say why it won't do."""
        view, chosen = body["view"], channel_of(body["view"])
        place = replace(place_of(view), channel="", channel_name="", barred="")
        form = form_of(view)
        shown = await _for_channel(self._intake, actor(body), place, chosen, form)
        if isinstance(shown, Unseen):
            barred = replace(place, barred=chosen)
            shown = SetupShown(barred, replace(form, members=()), refusal=shown.why)
        if isinstance(shown, SetupShown):
            shown = _drawn(shown)
        await self._intake.gateway.update_view(view["id"], shown)

    async def settings(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        ritual_id = int(body["actions"][0]["value"])
        modal = settings_modal(self._intake, actor(body), ritual_id)
        if (body.get("view") or {}).get("type") == "modal":
            self._front.later(body, self._front.fill(body, TITLE, modal))
        else:
            self._front.later(body, self._front.show(body, TITLE, modal))

    # --- submitted

    async def submitted(self, ack: AsyncAck, body: Body) -> None:
        view = body["view"]
        typed = _typed(view)
        if problems := _of_channel(view, typed):
            await ack(response_action="errors", errors=problems)
            return
        named = [typed.owner] if typed.owner else []
        await look_up_briefly(self._intake, [actor(body), *typed.form.members, *named])
        result = await self._intake.take(
            ("view_submission", body["trigger_id"]),
            settings.submit,
            self._intake.workspace_id,
            actor(body),
            typed,
        )
        match result:
            case Started():
                self._intake.look_people_up()
                told = views.started_modal(typed.channel, result)
                await ack(response_action="update", view=told)
            case Wrong(wrong):
                await ack(response_action="errors", errors=_under_inputs(view, wrong))
            case NotOwner(owner):
                errors = _under_inputs(view, {"members": words.not_owner(owner)})
                await ack(response_action="errors", errors=errors)
            case Exists():
                told = views.exists_modal(result.channel, result.owner, result.ritual_id)
                await ack(response_action="update", view=told)
            case Gone():
                gone = blocks.notice(TITLE, words.gone(self._intake.standup_command))
                await ack(response_action="update", view=gone)
            case Outsiders(names):
                errors = _under_inputs(view, {"members": words.outsiders(names)})
                await ack(response_action="errors", errors=errors)
            case Repeated():
                await ack()
            case _:
                assert_never(result)


def _typed(view: Mapping[str, Any]) -> Typed:
    place = place_of(view)
    return Typed(
        key=place.key,
        channel=place.channel,
        channel_name=place.channel_name,
        ritual_id=place.ritual_id,
        form=form_of(view),
        owner=owner_of(view),
    )


def _of_channel(view: Mapping[str, Any], typed: Typed) -> dict[str, str]:
    """What is wrong with the channel that is chosen on the screen."""
    if block_of(view, "channel") is None:
        return {}
    chosen = channel_of(view)
    if not chosen:
        return {"channel": "Choose a channel."}
    if chosen == place_of(view).barred:
        return {"channel": _BARRED}
    return {} if chosen == typed.channel else {"channel": _LOOKING}


def _under_inputs(view: Mapping[str, Any], problems: Mapping[str, str]) -> dict[str, str]:
    """Each problem under its input; what the screen doesn't ask, under the first."""
    first = next(block["block_id"] for block in view["blocks"] if block["type"] == "input")
    return {block_of(view, field) or first: said for field, said in problems.items()}
