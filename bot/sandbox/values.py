"""What people enter: plain values in, Slack's state objects out."""

import re
from datetime import date, datetime
from typing import Any

from bot.sandbox.blocks import elements_of
from bot.sandbox.errors import ControlError
from bot.sandbox.world import Json

Entered = dict[str, dict[str, Json]]

# The field of a state entry that holds what was entered, by the element's type.
FIELD = {
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "rich_text_input": "rich_text_value",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "checkboxes": "selected_options",
    "radio_buttons": "selected_option",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
    "file_input": "files",
}
INITIAL = {
    field: field.replace("selected_", "initial_").replace("rich_text_value", "initial_value")
    for field in FIELD.values()
} | {"value": "initial_value"}
LISTS = ("selected_options", "selected_users", "selected_conversations", "selected_channels",
         "files")  # fmt: skip
REQUIRED = "Please complete this required field."


def entry(element: Json, plain: Any) -> Json:
    """The state entry for a plain value; ControlError where a person couldn't enter it."""
    kind = str(element["type"])
    field = FIELD[kind]
    if field in LISTS:
        chosen = [] if plain is None else plain if isinstance(plain, list) else [plain]
        if field == "selected_options":
            chosen = [option(element, each) for each in chosen]
        return {"type": kind, field: chosen}
    if plain in (None, ""):
        return {"type": kind, field: None}
    if field == "selected_option":
        return {"type": kind, field: option(element, plain)}
    return {"type": kind, field: _single(kind, plain)}


def _single(kind: str, plain: Any) -> Any:
    if kind == "rich_text_input":
        return plain if isinstance(plain, dict) else _as_rich_text(str(plain))
    if kind == "datetimepicker":
        return _epoch(plain)
    if not isinstance(plain, str):
        raise ControlError(f"the value of a {kind} is a string")
    if kind == "datepicker":
        _parsed(date.fromisoformat, plain, "a date such as 2026-03-30")
    if kind == "timepicker" and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", plain):
        raise ControlError(f"{plain!r} is not a time such as 07:30")
    return plain


def _epoch(plain: Any) -> int:
    if isinstance(plain, int):
        return plain
    return int(_parsed(datetime.fromisoformat, str(plain), "an ISO 8601 instant").timestamp())


def _parsed(parse: Any, plain: str, named: str) -> Any:
    try:
        return parse(plain)
    except ValueError:
        raise ControlError(f"{plain!r} is not {named}") from None


def _as_rich_text(text: str) -> Json:
    part = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [part]}


def option(element: Json, plain: Any) -> Json:
    """The option that a person names by its value or its text."""
    offered = list(element.get("options") or [])
    for group in element.get("option_groups") or []:
        offered += group["options"]
    if str(element["type"]).endswith("external_select"):
        return {"text": {"type": "plain_text", "text": str(plain)}, "value": str(plain)}
    for each in offered:
        if plain in (each["value"], each["text"]["text"]):
            return dict(each)
    values = ", ".join(each["value"] for each in offered)
    raise ControlError(f"{plain!r} is no option of {element.get('action_id')}: {values}")


def initial(element: Json) -> Json:
    """The state entry of an element nobody has touched."""
    field = FIELD[element["type"]]
    empty: Any = [] if field in LISTS else None
    return {"type": element["type"], field: element.get(INITIAL[field], empty)}


def state(blocks: list[Json], entered: Entered) -> Json:
    """The `state` of a view or message: what was entered, else what it began with."""
    values: Entered = {}
    for block, element in elements_of(blocks):
        if element["type"] not in FIELD:
            continue
        known = entered.get(block["block_id"], {}).get(element.get("action_id", ""))
        if known is None or known["type"] != element["type"]:
            known = initial(element)
        values.setdefault(block["block_id"], {})[element["action_id"]] = known
    return {"values": values}


def enter(blocks: list[Json], entered: Entered, plain: Any) -> None:
    """Put plain values {block_id: {action_id: value}} into what was entered."""
    if not isinstance(plain, dict):
        raise ControlError("the values are {block_id: {action_id: value}}")
    known = {(b["block_id"], e.get("action_id")): e for b, e in elements_of(blocks)}
    for block_id, actions in plain.items():
        if not isinstance(actions, dict):
            raise ControlError(f"the values of block {block_id} are {{action_id: value}}")
        for action_id, value in actions.items():
            element = known.get((block_id, action_id))
            if element is None or element["type"] not in FIELD:
                raise ControlError(f"there is no input {action_id!r} in a block {block_id!r}")
            entered.setdefault(block_id, {})[action_id] = entry(element, value)


def complaints(blocks: list[Json], entered: Entered) -> dict[str, str]:
    """What Slack's own client would mark before it sends a form, by block id."""
    values = state(blocks, entered)["values"]
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
