"""What people enter: plain values in, Slack's state objects out."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.sandbox.blocks import elements_of
from bot.sandbox.errors import ControlError
from bot.sandbox.world import Channel, Json, World

Entered = dict[str, dict[str, Json]]
# Refuses an entry (the second argument) that a person could not choose in an element (the first).
Check = Callable[[Json, Json], None]

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
    if kind == "number_input" and isinstance(plain, int | float) and not isinstance(plain, bool):
        return str(plain)
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
    offered = options(element)
    if str(element["type"]).endswith("external_select"):
        return {"text": {"type": "plain_text", "text": str(plain)}, "value": str(plain)}
    for each in offered:
        if plain in (each["value"], each["text"]["text"]):
            return dict(each)
    values = ", ".join(each["value"] for each in offered)
    raise ControlError(f"{plain!r} is no option of {element.get('action_id')}: {values}")


def options(element: Json) -> list[Json]:
    """Every option of an element, those in groups too."""
    offered = list(element.get("options") or [])
    for group in element.get("option_groups") or []:
        offered += group["options"]
    return offered


@dataclass(frozen=True)
class Here:
    """A conversation as menus look at it; `kind` is public, private or im."""

    id: str
    kind: str
    is_shared: bool


def here(world: World, channel: Channel) -> Here:
    kind = "im" if channel.is_im else "private" if channel.is_private else "public"
    return Here(channel.id, kind, world.is_shared(channel))


def initial(element: Json, current: Here | None = None) -> Json:
    """The state entry of an element nobody has touched, in a view opened from `current`."""
    field = FIELD[element["type"]]
    empty: Any = [] if field in LISTS else None
    begun = element.get(INITIAL[field], empty)
    if element.get("default_to_current_conversation") and current and admits(element, current):
        begun = [current.id] if field in LISTS else current.id
    return {"type": element["type"], field: begun}


def admits(element: Json, place: Here) -> bool:
    """Whether a menu of conversations offers this one."""
    if str(element["type"]).endswith("channels_select"):
        return place.kind == "public"
    asked = element.get("filter") or {}
    if place.kind not in asked.get("include", (place.kind,)):
        return False
    if asked.get("exclude_external_shared_channels") and place.is_shared:
        return False
    # The only direct messages of this workspace are those with the bot.
    return not (asked.get("exclude_bot_users") and place.kind == "im")


def state(blocks: list[Json], entered: Entered, current: Here | None = None) -> Json:
    """The `state` of a view or message: what was entered, else what it began with."""
    values: Entered = {}
    for block, element in elements_of(blocks):
        if element["type"] not in FIELD:
            continue
        known = entered.get(block["block_id"], {}).get(element.get("action_id", ""))
        if known is None or known["type"] != element["type"]:
            known = initial(element, current)
        values.setdefault(block["block_id"], {})[element["action_id"]] = known
    return {"values": values}


def carried(shown: Entered, after: list[Json]) -> Entered:
    """What stays in the inputs of an updated view, given the `shown` values until then.

    Slack goes by block_id and action_id: where both stay, so does what the input shows, typed or
    not, and a new initial value goes unseen; an option that is no longer offered is let go.
    """
    kept: Entered = {}
    for block, element in elements_of(after):
        entry = shown.get(block["block_id"], {}).get(element["action_id"])
        if entry and entry["type"] == element["type"] and _still_offered(element, entry):
            kept.setdefault(block["block_id"], {})[element["action_id"]] = entry
    return kept


def _still_offered(element: Json, entry: Json) -> bool:
    chosen = entry.get("selected_options") or [entry.get("selected_option")]
    offered = [each["value"] for each in options(element)]
    return not offered or all(each is None or each["value"] in offered for each in chosen)


def enter(
    blocks: list[Json], entered: Entered, plain: Any, check: Check = lambda element, entry: None
) -> None:
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
            made = entry(element, value)
            check(element, made)
            entered.setdefault(block_id, {})[action_id] = made
