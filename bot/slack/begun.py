"""What a form began with: what its inputs held when it was shown."""

from collections.abc import Mapping
from typing import Any

Values = dict[str, dict[str, Mapping[str, Any]]]

# The field of what was entered, and that of what an element begins with, by the element's type.
_FIELDS = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
}


def begun(view: Mapping[str, Any]) -> Values:
    """In the shape in which Slack tells what was entered, by block and action."""
    found: Values = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            entered, initial = _FIELDS[element["type"]]
            entry = {"type": element["type"], entered: element.get(initial)}
            found[block["block_id"]] = {element["action_id"]: entry}
    return found


def as_begun(modal: Mapping[str, Any], view: Mapping[str, Any]) -> dict[str, Any]:
    """A modal drawn anew, with the inputs of the view that it replaces.

    Slack keeps in them what was typed, so what they began with must stay what it is held against.
    """
    inputs = {one["block_id"]: one["element"] for one in view["blocks"] if one["type"] == "input"}
    blocks = [
        {**one, "element": inputs[one["block_id"]]} if one.get("block_id") in inputs else one
        for one in modal["blocks"]
    ]
    return {**modal, "blocks": blocks}
