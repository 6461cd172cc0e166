"""What Slack tells of a setup screen, read into typed values; and what travels with it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from bot.asking.upkeep.model import Place

Entry = Mapping[str, Any]
"""What stands in one input."""
Fields = Mapping[str, tuple[str, str, Callable[[Entry], Any]]]
"""Where each field of a form stands, by block and action, and how it is read."""


def packed(place: Place) -> str:
    """A place as it travels with its screen."""
    return json.dumps(asdict(place), ensure_ascii=False, separators=(",", ":"))


def place_of(view: Mapping[str, Any]) -> Place:
    """The place of a screen."""
    return Place(**json.loads(view["private_metadata"]))


def read(view: Mapping[str, Any], fields: Fields) -> dict[str, Any]:
    """What stands in a screen, by field; what it doesn't ask is left out."""
    entries = entries_of(view)
    found = {
        field: reading(entries[block, action])
        for field, (block, action, reading) in fields.items()
        if (block, action) in entries
    }
    return {field: one for field, one in found.items() if one is not None}


def owner_of(view: Mapping[str, Any]) -> str:
    """The Slack id of whom the screen names as the owner; "" for nobody."""
    return entries_of(view).get(("owner", "owner"), {}).get("selected_user") or ""


def channel_of(view: Mapping[str, Any]) -> str:
    """The channel that is chosen on the screen; "" for none."""
    chosen = (
        entry.get("selected_conversation")
        for (block, _action), entry in entries_of(view).items()
        if block == "channel"
    )
    return next(chosen, None) or ""


def block_of(view: Mapping[str, Any], field: str) -> str | None:
    """The block whose input is a form's field, where the screen has it."""
    blocks = (block["block_id"] for block in view["blocks"] if block["type"] == "input")
    return next((one for one in blocks if one.split(":")[0] == field), None)


def entries_of(view: Mapping[str, Any]) -> dict[tuple[str, str], Entry]:
    """By block, without what tells two of a kind apart, and action."""
    return {
        (block.split(":")[0], action): entry
        for block, actions in view["state"]["values"].items()
        for action, entry in actions.items()
    }


def users(entry: Entry) -> tuple[str, ...]:
    return tuple(entry.get("selected_users") or ())


def user(entry: Entry) -> str:
    return entry.get("selected_user") or ""


def numbers(entry: Entry) -> tuple[int, ...]:
    return tuple(int(option["value"]) for option in entry.get("selected_options") or ())


def ticked(entry: Entry) -> bool:
    return bool(entry.get("selected_options"))


def text(entry: Entry) -> str:
    return entry.get("value") or ""


def time(entry: Entry) -> str:
    return entry.get("selected_time") or ""


def chosen(kind: Callable[[str], Any]) -> Callable[[Entry], Any]:
    """One of what a menu offers, made of its value."""

    def reading(entry: Entry) -> Any:
        option = entry.get("selected_option")
        return kind(option["value"]) if option else None

    return reading
