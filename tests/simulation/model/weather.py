"""When something stood in the bot's way, so that what it did then may have come late."""

from dataclasses import dataclass
from datetime import datetime, timedelta

_PROMPT = timedelta(seconds=75)
"""What the bot may take for anything when all is well: its rates among them."""
_RECOVERY = timedelta(minutes=7)
"""What it may take after trouble: its longest back-off, and the look-up of what is half-made."""


@dataclass(frozen=True)
class Spell:
    """A time at which something was wrong."""

    begins: datetime
    ends: datetime
    down: bool  # the process was not there at all


class Weather:
    """All such times of a run."""

    def __init__(self) -> None:
        self.spells: list[Spell] = []

    def bad(self, begins: datetime, ends: datetime, *, down: bool = False) -> None:
        """Something was wrong from one instant to another."""
        self.spells.append(Spell(begins, ends, down))

    def deadline(self, due: datetime) -> datetime:
        """By when something that was due must have been done, whatever the weather."""
        deadline = due + _PROMPT
        begins = due - _PROMPT
        for spell in sorted(self.spells, key=lambda one: one.begins):
            if spell.ends + _RECOVERY > begins and spell.begins <= deadline:
                deadline = max(deadline, spell.ends + _RECOVERY)
        return deadline

    def fair(self, begins: datetime, ends: datetime) -> bool:
        """Whether nothing was wrong, nor had been shortly before."""
        return not any(one.begins <= ends and one.ends + _RECOVERY > begins for one in self.spells)
