"""What travels with the register's modals, and what Slack tells of their inputs, typed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from bot.rituals.risk.edits import Begun
from bot.rituals.risk.lists.lists_model import Asked, Scope
from bot.rituals.risk.reviews.reviews_model import Fate, Meant, Scored
from bot.rituals.risk.values import Origin, Typed
from bot.rituals.risk.views.form import NONE, OTHERS, TICKED
from bot.slack.begun import begun

_FIVE = ("title", "category", "owner", "likelihood", "impact")


@dataclass(frozen=True)
class Carried:
    """Which risk a modal is about, where it was opened, and the modals below it."""

    risk_id: int = 0
    here: str = ""  # the channel that it was opened in: whoever looks from there is in it
    show: str = ""  # the id of the modal below that shows it
    listed: str = ""  # the id of the list below
    asked: str = ""  # what that list shows


def packed(carried: Carried) -> str:
    """As it travels with a modal."""
    told = {name: value for name, value in asdict(carried).items() if value}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def unpacked(view: Mapping[str, Any]) -> Carried:
    """What travelled with a modal."""
    return Carried(**json.loads(view.get("private_metadata") or "{}"))


def packed_list(asked: Asked) -> str:
    """A place in the lists as it travels."""
    return json.dumps(asdict(asked), ensure_ascii=False, separators=(",", ":"))


def unpacked_list(text: str) -> Asked:
    """A place in the lists."""
    said = json.loads(text)
    return Asked(**(said | {"scope": Scope(said["scope"])}))


def packed_origin(
    origin: Origin, carried: Carried, *, more: bool, mitigations: Sequence[str] = ()
) -> str:
    """What travels with the form of a new risk, or of one that is changed.

    With the latter the digests of the mitigations with which it was opened.
    """
    told: dict[str, Any] = {"origin": asdict(origin), "carried": asdict(carried), "more": more}
    if mitigations:
        told["mitigations"] = mitigations
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def unpacked_origin(view: Mapping[str, Any]) -> tuple[Origin, Carried, bool]:
    """What travelled with the form."""
    told = json.loads(view["private_metadata"])
    return Origin(**told["origin"]), Carried(**told["carried"]), bool(told["more"])


def begun_of(view: Mapping[str, Any]) -> Begun:
    """What a form that changes a risk was opened with."""
    told = json.loads(view["private_metadata"])
    return Begun(_typed(begun(view)), tuple(told.get("mitigations", ())))


def typed(view: Mapping[str, Any]) -> Typed:
    """What the form says."""
    return _typed(view["state"]["values"])


def _typed(values: Mapping[str, Any]) -> Typed:
    five = Typed(
        title=entered(values, "title", "value"),
        category=_option(values, "category"),
        owner=entered(values, "owner", "selected_user"),
        likelihood=_number(values, "likelihood"),
        impact=_number(values, "impact"),
    )
    if "cause" not in values:
        return five
    ticked = [actions for block, actions in values.items() if block.startswith(TICKED)]
    entries = [entry for actions in ticked for entry in actions.values()]
    chosen = [one for entry in entries for one in entry.get("selected_options") or ()]
    others = [entered(values, block, "value") for block in values if block.startswith(OTHERS)]
    return Typed(
        **{name: getattr(five, name) for name in _FIVE},
        model=entered(values, "model", "value"),
        cause=entered(values, "cause", "value"),
        consequence=entered(values, "consequence", "value"),
        links=entered(values, "links", "value"),
        response=_option(values, "response"),
        residual_likelihood=_number(values, "residual_likelihood"),
        residual_impact=_number(values, "residual_impact"),
        ticked=tuple(option["value"] for option in chosen),
        mitigations="\n".join(others),
    )


def scored(view: Mapping[str, Any]) -> Scored:
    """What the form of a rescoring says."""
    values = view["state"]["values"]
    return Scored(
        likelihood=_number(values, "likelihood"),
        impact=_number(values, "impact"),
        why=entered(values, "why", "value"),
        residual_likelihood=_number(values, "residual_likelihood"),
        residual_impact=_number(values, "residual_impact"),
    )


def meant(view: Mapping[str, Any]) -> Meant:
    """What the form behind *More …* says."""
    values = view["state"]["values"]
    until = entered(values, "until", "selected_date")
    return Meant(
        fate=Fate(_option(values, "fate")),
        why=entered(values, "why", "value"),
        until=date.fromisoformat(until) if until else None,
    )


def entered(values: Mapping[str, Any], block: str, kind: str) -> str:
    """What stands in the one input of a block; "" for nothing."""
    entry: Mapping[str, Any] = next(iter(values.get(block, {}).values()), {})
    return entry.get(kind) or ""


def _option(values: Mapping[str, Any], block: str) -> str:
    entry: Mapping[str, Any] = next(iter(values.get(block, {}).values()), {})
    chosen: str = (entry.get("selected_option") or {"value": ""})["value"]
    return "" if chosen == NONE else chosen


def _number(values: Mapping[str, Any], block: str) -> int | None:
    """A number from a menu; what is none, or far too long, is none that was chosen."""
    chosen = _option(values, block)
    is_number = chosen.isascii() and chosen.lstrip("-").isdigit() and len(chosen) < 9
    return int(chosen) if is_number else None
