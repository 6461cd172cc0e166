"""What of a ritual's settings somebody changed, where others did so at once. Pure."""

from collections.abc import Collection
from dataclasses import fields, replace
from typing import Any

from bot.asking.upkeep.model import F, Settings, Typed
from bot.core import merging

Together = Collection[tuple[str, ...]]
"""Fields of a form that mean something only beside one another: changed as one."""


def merged(typed: Typed[F], now: Settings[F, Any], together: Together) -> Typed[F]:
    """What they changed of what their screen began with; the rest as it is now.

    What the screen didn't ask stays as the form has it, as for a new ritual.
    """
    was, said = typed.was, typed.form
    among = {name for names in together for name in names}
    alone = [(one.name,) for one in fields(said) if one.name not in among]  # type: ignore[arg-type]
    changes: dict[str, Any] = {}
    for names in (*together, *alone):
        asked = [name for name in names if name in was]
        if asked and all(getattr(said, name) == was[name] for name in asked):
            changes |= {name: getattr(now.form, name) for name in names}
    changes["members"] = merging.each(was["members"], said.members, now.form.members)
    return replace(
        typed,
        form=replace(said, **changes),  # type: ignore[type-var]  # a dataclass, as Form says
        owner=merging.one(was["owner"], typed.owner, now.owner),
    )
