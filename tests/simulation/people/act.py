"""What every kind of act is: somebody does something at an instant, if they still can."""

from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import datetime
from random import Random
from typing import Protocol

from tests.simulation.cast import Setting
from tests.simulation.people.office import Office


class Act(Protocol):
    """Something that a person does. Its repr says all of it."""

    @property
    def at(self) -> datetime: ...

    @property
    def who(self) -> str: ...

    async def perform(self, office: Office) -> None:
        """Do it, and note in the books what the bot has certainly taken of it."""
        ...


def told(act: object) -> str:
    """What an act is, in a line without its instant."""
    given = [
        f"{one.name}={getattr(act, one.name)!s}"
        for one in fields(act)  # type: ignore[arg-type]
        if one.name != "at"
    ]
    return f"{type(act).__name__} {' '.join(given)}"


Draw = Callable[[Setting, Random], Iterable[Act]]
"""The acts of one kind in a run, as chance has it."""
