"""The modals of a team and of the workspace's settings: frozen values in, Block Kit out."""

from typing import Any

from slack_sdk.models.blocks import CheckboxesElement, Option, PlainTextInputElement

from bot.asking.statuses import USUAL
from bot.asking.views import WORKSPACE
from bot.core.content import PLAIN_INPUT
from bot.slack import blocks
from bot.teams.model import NOT_ADMIN, Rules

WORKSPACE_TITLE = "Workspace settings"
_ALLOWED = Option(value="allowed", label="Owners of stand-ups may admit them")


def workspace_modal(rules: Rules) -> dict[str, Any]:
    """What holds in the whole workspace, for its admins."""
    usual = " · ".join(f"`{one}`" for one in USUAL)
    statuses = PlainTextInputElement(
        action_id="statuses",
        multiline=True,
        max_length=PLAIN_INPUT,
        initial_value="\n".join(rules.leave_statuses or ()) or None,
    )
    guests = CheckboxesElement(
        action_id="guests",
        options=[_ALLOWED],
        initial_options=[_ALLOWED] if rules.guests_allowed else None,
    )
    return blocks.modal(
        WORKSPACE_TITLE,
        [
            blocks.input_block(
                "statuses",
                "Slack statuses of leave or illness",
                statuses,
                optional=True,
                hint="One a line: an emoji's name between colons, or words. Whoever has such a "
                "status until their day ends is not asked. Empty: the usual ones below.",
            ),
            blocks.context(f"The usual ones: {usual}"),
            blocks.input_block(
                "guests",
                "Guests from other organisations",
                guests,
                optional=True,
                hint="An admitted guest is asked like a member. Without the tick all of them are "
                "asked no more.",
            ),
        ],
        callback=WORKSPACE,
        submit="Save",
        close="Cancel",
    )


def workspace_kept(rules: Rules) -> dict[str, Any]:
    """It is kept: what holds now."""
    own = rules.leave_statuses
    counted = "the usual ones" if own is None else f"your own list of {len(own)}"
    guests = "may admit" if rules.guests_allowed else "can't admit"
    return blocks.notice(
        "Saved",
        f"Statuses that mean leave or illness: {counted}.\n"
        f"Owners of stand-ups {guests} guests from other organisations.",
    )


def not_admin_modal() -> dict[str, Any]:
    """Somebody who may not."""
    return blocks.notice(WORKSPACE_TITLE, NOT_ADMIN)
