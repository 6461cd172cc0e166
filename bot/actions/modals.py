"""Modals of action items as listeners open them, wherever they are opened from."""

from collections.abc import Mapping
from typing import Any, assert_never

from bot.actions import forms, lists
from bot.actions.form_state import Carried, packed
from bot.actions.model import (
    Behind,
    FormShown,
    Gone,
    NotTheirs,
    Proposed,
    Refusal,
    Scope,
    Settled,
)
from bot.actions.views import form, words
from bot.actions.views.list import list_modal
from bot.asking.newcomers import look_up, look_up_briefly
from bot.core.text import escape
from bot.engine.intake import Intake
from bot.slack import blocks

Body = Mapping[str, Any]


async def proposed_modal(
    intake: Intake, slack_id: str, proposed: Proposed, behind: Behind | None = None
) -> dict[str, Any]:
    """The form of a new item; what a ritual opens with what it proposes."""
    await look_up(intake, [slack_id])
    shown = await intake.read(forms.new_form, intake.workspace_id, slack_id, proposed)
    return _form(shown, behind or Behind())


async def edit_modal(intake: Intake, slack_id: str, item_id: int, behind: Behind) -> dict[str, Any]:
    """The form that changes an item, or why there is none."""
    await look_up_briefly(intake, [slack_id])
    found = await intake.read(forms.edit_form, intake.workspace_id, slack_id, item_id, behind.here)
    return _form(found, behind) if isinstance(found, FormShown) else refused(found)


def _form(shown: FormShown, behind: Behind) -> dict[str, Any]:
    carried = Carried(shown.key, shown.place, shown.item_id, behind, shown.hidden)
    return form.form_modal(shown, packed(carried))


def refused(why: Refusal) -> dict[str, Any]:
    """Why nothing can be changed, with the item where there is one to look at."""
    said = words.refusal(why)
    match why:
        case Settled(item):
            return form.look_modal(item, said)
        case Gone() | NotTheirs():
            return blocks.notice(form.TITLE, escape(said))
        case _:
            assert_never(why)


async def listed(
    intake: Intake, slack_id: str, place: str, said: str = "", turn: int = 0
) -> dict[str, Any]:
    """A list: the page that a place in the lists names, or one further on or back."""
    scope, number, channel = parsed(place)
    page = await intake.read(
        lists.page, intake.workspace_id, slack_id, scope, number + turn, channel
    )
    return list_modal(page, said)


def parsed(place: str) -> tuple[Scope, int, str]:
    """Which list, which page of it, and whose channel: of a list's metadata."""
    scope, number, channel = (*place.split(" "), "", "")[:3]
    return Scope(scope), int(number or 0), channel


def behind(body: Body) -> Behind:
    """Where somebody clicked."""
    view = body.get("view") or {}
    if view.get("callback_id") == words.LIST:
        place = view["private_metadata"]
        return Behind(view["id"], place, here=parsed(place)[2])
    return Behind(here=(body.get("channel") or {}).get("id", ""))
