"""What Slack tells of the setup screen, read into typed values; and what travels with it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

from bot.rituals.standup.model import Layout, Reveal
from bot.rituals.standup.questions import Template
from bot.rituals.standup.setup_form import Form
from bot.rituals.standup.views.setup import Place
from bot.rituals.standup.views.setup_fields import CHANNEL, TEMPLATE, ZONE

Entry = Mapping[str, Any]
"""What stands in one input."""


def packed(place: Place) -> str:
    """A place as it travels with its screen."""
    return json.dumps(asdict(place), ensure_ascii=False, separators=(",", ":"))


def place_of(view: Mapping[str, Any]) -> Place:
    """The place of a screen."""
    return Place(**json.loads(view["private_metadata"]))


def form_of(view: Mapping[str, Any]) -> Form:
    """What stands in a screen; what it doesn't ask is as usual."""
    entries = _entries(view)
    found = {
        field: read(entries[block, action])
        for field, (block, action, read) in _FIELDS.items()
        if (block, action) in entries
    }
    return replace(Form(), **{field: one for field, one in found.items() if one is not None})


def owner_of(view: Mapping[str, Any]) -> str:
    """The Slack id of whom the screen names as the owner; "" for nobody."""
    return _entries(view).get(("owner", "owner"), {}).get("selected_user") or ""


def channel_of(view: Mapping[str, Any]) -> str:
    """The channel that is chosen on the screen; "" for none."""
    return _entries(view).get(("channel", CHANNEL), {}).get("selected_conversation") or ""


def block_of(view: Mapping[str, Any], field: str) -> str | None:
    """The block whose input is a form's field, where the screen has it."""
    blocks = (block["block_id"] for block in view["blocks"] if block["type"] == "input")
    return next((one for one in blocks if one.split(":")[0] == field), None)


def _entries(view: Mapping[str, Any]) -> dict[tuple[str, str], Entry]:
    """By block, without what tells two of a kind apart, and action."""
    return {
        (block.split(":")[0], action): entry
        for block, actions in view["state"]["values"].items()
        for action, entry in actions.items()
    }


def _users(entry: Entry) -> tuple[str, ...]:
    return tuple(entry.get("selected_users") or ())


def _numbers(entry: Entry) -> tuple[int, ...]:
    return tuple(int(option["value"]) for option in entry.get("selected_options") or ())


def _text(entry: Entry) -> str:
    return entry.get("value") or ""


def _time(entry: Entry) -> str:
    return entry.get("selected_time") or ""


def _chosen(kind: Callable[[str], Any]) -> Callable[[Entry], Any]:
    def read(entry: Entry) -> Any:
        option = entry.get("selected_option")
        return kind(option["value"]) if option else None

    return read


_FIELDS: Mapping[str, tuple[str, str, Callable[[Entry], Any]]] = {
    "members": ("members", "members", _users),
    "weekdays": ("days", "days", _numbers),
    "at": ("at", "at", _time),
    "title": ("title", "title", _text),
    "zone": ("zone", ZONE, _text),
    "every": ("every", "every", _chosen(int)),
    "nth": ("nth", "nth", _numbers),
    "open_minutes": ("open", "open", _chosen(int)),
    "remind_minutes": ("remind", "remind", _chosen(int)),
    "template": ("template", TEMPLATE, _chosen(Template)),
    "questions": ("questions", "questions", _text),
    "reveal": ("reveal", "reveal", _chosen(Reveal)),
    "layout": ("layout", "layout", _chosen(Layout)),
}
"""Where each field of a form stands, and how it is read."""
