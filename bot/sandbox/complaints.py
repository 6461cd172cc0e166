"""What Slack's own client marks before it sends a form."""

import re
from typing import Any

from bot.sandbox.blocks import elements_of
from bot.sandbox.values import FIELD
from bot.sandbox.world import Json

REQUIRED = "Please complete this required field."


def complaints(blocks: list[Json], values: Json) -> dict[str, str]:
    """What is wrong with a state's values, by block id."""
    found = {}
    for block, element in elements_of(blocks):
        if block["type"] != "input":
            continue
        given = values[block["block_id"]][element["action_id"]][FIELD[element["type"]]]
        problem = _complaint(element, given, optional=block.get("optional", False))
        if problem:
            found[block["block_id"]] = problem
    return found


def _complaint(element: Json, given: Any, *, optional: bool) -> str | None:
    if given in (None, "", []):
        return None if optional else REQUIRED
    if element["type"] == "plain_text_input":
        return _length(given, element.get("min_length", 0), element.get("max_length", 3000))
    if element["type"] == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+", given):
        return "Please enter a valid email address."
    if element["type"] == "url_text_input" and not re.fullmatch(r"https?://\S+", given):
        return "Please enter a valid URL."
    if element["type"] == "number_input":
        return _number(element, given)
    if "max_selected_items" in element and len(given) > element["max_selected_items"]:
        return f"Please choose no more than {element['max_selected_items']}."
    return None


def _length(text: str, low: int, high: int) -> str | None:
    if len(text) < low:
        return f"Please enter at least {low} characters."
    if len(text) > high:
        return f"Please enter no more than {high} characters."
    return None


def _number(element: Json, text: str) -> str | None:
    whole = re.fullmatch(r"-?\d+", text) is not None
    if not whole and not (
        element["is_decimal_allowed"] and re.fullmatch(r"-?\d*\.\d+", text) is not None
    ):
        return "Please enter a valid number."
    if "min_value" in element and float(text) < float(element["min_value"]):
        return f"Please enter a number no less than {element['min_value']}."
    if "max_value" in element and float(text) > float(element["max_value"]):
        return f"Please enter a number no more than {element['max_value']}."
    return None
