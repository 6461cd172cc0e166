"""When something stood in the bot's way, so that what it did then may have come late."""

from dataclasses import dataclass
from datetime import datetime, timedelta

_PROMPT = timedelta(seconds=75)
"""What the bot may take for anything when all is well: its rates among them."""
_RECOVERY = timedelta(minutes=7)
"""What it may take after trouble: its longest back-off, and the look-up of what is half-made."""

_LOOK = timedelta(minutes=7)
"""Within it the bot has looked at all issues, by its clock every five minutes."""
_FOUND = timedelta(minutes=25)
"""After trouble with Jira: what is half-made is looked for until its index shows it."""


@dataclass(frozen=True)
class Spell:
    """A time at which something was wrong."""

    begins: datetime
    ends: datetime
    down: bool  # the process was not there at all


class Weather:
    """All such times of a run, on the bot's way to somewhere."""

    def __init__(
        self,
        *,
        prompt: timedelta = _PROMPT,
        recovery: timedelta = _RECOVERY,
        everywhere: "Weather | None" = None,
    ) -> None:
        """Take how long anything takes, in calm and after trouble, and what there is beside."""
        self._own: list[Spell] = []
        self._prompt = prompt
        self._recovery = recovery
        self._everywhere = everywhere

    @property
    def spells(self) -> list[Spell]:
        """What stood in the way, in no order."""
        return self._own + (self._everywhere.spells if self._everywhere is not None else [])

    def bad(self, begins: datetime, ends: datetime, *, down: bool = False) -> None:
        """Something was wrong from one instant to another."""
        self._own.append(Spell(begins, ends, down))

    def deadline(self, due: datetime) -> datetime:
        """By when something that was due must have been done, whatever the weather."""
        deadline = due + self._prompt
        begins = due - self._prompt
        for spell in sorted(self.spells, key=lambda one: one.begins):
            if spell.ends + self._recovery > begins and spell.begins <= deadline:
                deadline = max(deadline, spell.ends + self._recovery)
        return deadline

    def fair(self, begins: datetime, ends: datetime) -> bool:
        """Whether nothing was wrong, nor had been shortly before."""
        return not any(
            one.begins <= ends and one.ends + self._recovery > begins for one in self.spells
        )


def of_jira(everywhere: Weather) -> Weather:
    """The weather on the way to Jira: slower to clear, and never better than elsewhere."""
    return Weather(prompt=_LOOK, recovery=_FOUND, everywhere=everywhere)
