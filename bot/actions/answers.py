"""What somebody answered for a project's fields, read from a modal as Jira takes it. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.actions.views.fields import ACTION, asked_in
from bot.jira.bodies import BadAnswer, as_json
from bot.jira.model import Field, Kind, Option

View = Mapping[str, Any]


@dataclass(frozen=True)
class Answers:
    """Values by field, and what is wrong by block."""

    fields: Mapping[str, Any]
    problems: Mapping[str, str]


def answers(view: View, *, cloud: bool) -> Answers:
    """What a modal holds. It is judged by what the modal offered, so nobody need ask Jira."""
    fields: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for block, field in _fields(view):
        said = _said(view["state"]["values"][block].get(ACTION) or {})
        if not said:
            continue
        try:
            fields[field.id] = as_json(field, said, cloud=cloud)
        except BadAnswer as error:
            problems[block] = error.message
    return Answers(fields, problems)


def _fields(view: View) -> Iterator[tuple[str, Field]]:
    for block in view["blocks"]:
        if (asked := asked_in(block["block_id"])) is not None:
            kind, field_id = asked
            yield block["block_id"], _field(block, kind, field_id)


def _field(block: Mapping[str, Any], kind: Kind, field_id: str) -> Field:
    offered = block["element"].get("options") or ()
    options = tuple(Option(one["value"], one["text"]["text"]) for one in offered)
    return Field(field_id, block["label"]["text"], kind, required=True, options=options)


def _said(entry: Mapping[str, Any]) -> str | Sequence[str]:
    """Options by their values, everything else as it was entered; "" for nothing."""
    if "selected_options" in entry:
        return [one["value"] for one in entry["selected_options"]]
    if (option := entry.get("selected_option")) is not None:
        return str(option["value"])
    return str(entry.get("value") or entry.get("selected_date") or "")
