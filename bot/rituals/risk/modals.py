"""The register's modals as listeners open them, wherever they are opened from."""

import contextlib
import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.actions import modals as actions
from bot.actions.model import WHAT, Behind, Place, Proposed
from bot.asking.newcomers import look_up_briefly
from bot.core.text import clamp, escape, one_line
from bot.engine.intake import Intake
from bot.rituals.risk import forms
from bot.rituals.risk.carried import (
    Carried,
    packed,
    packed_list,
    packed_origin,
    unpacked,
    unpacked_list,
)
from bot.rituals.risk.edits import digests
from bot.rituals.risk.lists import lists
from bot.rituals.risk.lists.lists_model import Asked
from bot.rituals.risk.reads import shown_of
from bot.rituals.risk.values import Gone, Origin, Refusal, RiskShown, Typed
from bot.rituals.risk.views import acts, words
from bot.rituals.risk.views.form import FormShown, form_modal
from bot.rituals.risk.views.lists import list_modal
from bot.rituals.risk.views.show import show_modal
from bot.slack import blocks
from bot.slack.errors import SlackRefused

Body = Mapping[str, Any]


def new_key() -> str:
    """The key of a form that is opened now."""
    return secrets.token_hex(8)


async def listed(intake: Intake, slack_id: str, asked: Asked, said: str = "") -> dict[str, Any]:
    """A page of the register."""
    page = await intake.read(lists.page, intake.workspace_id, slack_id, asked)
    return list_modal(page, packed_list(page.asked), said)


async def one(intake: Intake, slack_id: str, carried: Carried, said: str = "") -> dict[str, Any]:
    """One risk, or why it can't be shown."""
    await look_up_briefly(intake, [slack_id])
    found = await intake.read(
        shown_of, intake.workspace_id, slack_id, carried.risk_id, carried.here
    )
    if isinstance(found, Gone):
        return refused(found)
    carried = replace(carried, here=carried.here or found.line.channel)
    return show_modal(found, packed(carried), said)


async def new(
    intake: Intake, slack_id: str, origin: Origin, carried: Carried, typed: Typed, about: str = ""
) -> dict[str, Any]:
    """The form of a new risk; words that are more than a title stand in it at once."""
    await look_up_briefly(intake, [slack_id])
    offered = await intake.read(forms.offered, intake.workspace_id, origin.channel)
    shown = FormShown(typed, offered, new=True, more=typed.whole, about=about)
    return form_modal(shown, packed_origin(origin, carried, more=typed.whole))


async def edit(intake: Intake, slack_id: str, carried: Carried) -> dict[str, Any]:
    """The form that changes a risk."""
    await look_up_briefly(intake, [slack_id])
    who = (intake.workspace_id, slack_id)
    found = await intake.read(forms.filled, *who, carried.risk_id, carried.here)
    if not isinstance(found, FormShown):
        return refused(found)
    named = digests(found.typed)
    return form_modal(found, packed_origin(Origin(""), carried, more=True, mitigations=named))


async def rescore(intake: Intake, slack_id: str, carried: Carried) -> dict[str, Any]:
    """The form that rescores a risk."""
    found = await _changeable(intake, slack_id, carried)
    if not isinstance(found, RiskShown):
        return refused(found)
    return acts.rescore_modal(found, packed(carried))


async def more(intake: Intake, slack_id: str, carried: Carried) -> dict[str, Any]:
    """The form that says what becomes of a risk."""
    found = await _changeable(intake, slack_id, carried)
    if not isinstance(found, RiskShown):
        return refused(found)
    return acts.more_modal(found.line, packed(carried))


async def action_item(intake: Intake, slack_id: str, carried: Carried) -> dict[str, Any]:
    """The form of an action item against a risk: for its owner, and of its team."""
    found = await intake.read(
        shown_of, intake.workspace_id, slack_id, carried.risk_id, carried.here
    )
    if isinstance(found, Gone):
        return refused(found)
    line = found.line
    proposed = Proposed(
        key=new_key(),
        place=Place(channel=line.channel, channel_name=line.team),
        what=clamp(f"{words.number(line)} {one_line(line.title)}", WHAT),
        owner=line.owner.slack_id if line.owner is not None else "",
        details="\n".join(filter(None, [found.cause, found.consequence])),
        about=f"Against {words.head(line)}",
    )
    return await actions.proposed_modal(intake, slack_id, proposed, Behind(here=line.channel))


async def _changeable(intake: Intake, slack_id: str, carried: Carried) -> RiskShown | Refusal:
    await look_up_briefly(intake, [slack_id])
    who = (intake.workspace_id, slack_id)
    return await intake.read(forms.changeable, *who, carried.risk_id, carried.here)


def refused(why: Refusal) -> dict[str, Any]:
    """Why nothing can be changed."""
    return blocks.notice(words.TITLE, escape(words.refusal(why)))


# --- where somebody clicked


def carried_from(body: Body, risk_id: int) -> Carried:
    """What travels with a modal about a risk that is opened by this click."""
    view = body.get("view") or {}
    match view.get("callback_id"):
        case words.LIST:
            asked = view["private_metadata"]
            here = unpacked_list(asked).channel
            return Carried(risk_id, here, listed=view["id"], asked=asked)
        case words.SHOW:
            return replace(unpacked(view), risk_id=risk_id, show=view["id"])
        case _:
            return Carried(risk_id, (body.get("channel") or {}).get("id", ""))


async def tell(intake: Intake, slack_id: str, carried: Carried, said: str) -> None:
    """Draw the modals below anew, the nearest saying what was done; in mrkdwn."""
    if carried.show:
        shown = await one(intake, slack_id, replace(carried, show=""), said)
        await _update(intake, carried.show, shown)
    if carried.listed:
        asked = unpacked_list(carried.asked)
        redrawn = await listed(intake, slack_id, asked, "" if carried.show else said)
        await _update(intake, carried.listed, redrawn)


async def _update(intake: Intake, view_id: str, view: dict[str, Any]) -> None:
    with contextlib.suppress(SlackRefused):  # it was closed meanwhile
        await intake.gateway.update_view(view_id, view)
