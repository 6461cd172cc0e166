"""What travels with a form of action items, and what a person typed into it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from bot.actions.model import Behind, Place, Typed
from bot.slack.begun import begun

View = Mapping[str, Any]


@dataclass(frozen=True)
class Carried:
    """What a form is about: an item, or the place that a new one comes from."""

    key: str = ""
    place: Place = field(default_factory=Place)
    item_id: int | None = None
    behind: Behind = field(default_factory=Behind)
    hidden: str = ""  # why its place will not show it, in mrkdwn


def packed(carried: Carried) -> str:
    """For a modal's metadata, of which Slack takes 3,000 characters: without what is empty."""
    return json.dumps(_filled(asdict(carried)), ensure_ascii=False, separators=(",", ":"))


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: _filled(one) if isinstance(one, dict) else one for name, one in values.items()}
    return {name: one for name, one in found.items() if one not in (None, "", {})}


def carried(view: View) -> Carried:
    """What came back with a modal."""
    found = json.loads(view["private_metadata"])
    return Carried(
        key=found.get("key", ""),
        place=Place(**found.get("place", {})),
        item_id=found.get("item_id"),
        behind=Behind(**found.get("behind", {})),
        hidden=found.get("hidden", ""),
    )


def typed(view: View) -> Typed:
    """What stands in the form; what it doesn't ask is empty."""
    due = entered(view, "due", "selected_date")
    return Typed(
        what=entered(view, "what", "value"),
        owner=entered(view, "owner", "selected_user"),
        due=date.fromisoformat(due) if due else None,
        details=entered(view, "details", "value"),
        ticket=bool(_entry(view, "ticket").get("selected_options")),
    )


def entered(view: View, name: str, field: str) -> str:
    """What one input holds; "" for nothing."""
    return _entry(view, name).get(field) or ""


def _entry(view: View, name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = view["state"]["values"].get(name, {}).get(name, {})
    return found


def touched(view: View) -> set[str]:
    """The inputs that say something else than what the form began with."""
    before = begun(view)
    return {name for name in before if _said(before[name][name]) != _said(_entry(view, name))}


def written(view: View) -> dict[str, str]:
    """The texts of several words that somebody typed into the form, by input."""
    texts = {name: entered(view, name, "value") for name in touched(view) & {"what", "details"}}
    return {name: texts[name] for name in ("what", "details") if " " in texts.get(name, "").strip()}


def _said(entry: Mapping[str, Any]) -> Any:
    """Options by their values; nothing is nothing, however Slack writes it."""
    value = next((one for field, one in entry.items() if field != "type"), None)
    if isinstance(value, list):
        return [one["value"] for one in value] or None
    return value or None
