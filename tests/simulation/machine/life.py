"""One life of the bot's process: until it is stopped, or killed between two steps."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from random import Random


class Killed(BaseException):
    """The process ends here, as by `kill -9`: nothing after this point happens."""


class Step(StrEnum):
    """What of all that the bot does can be told from outside of it."""

    COMMIT = "commit"
    CALL = "call"


class When(StrEnum):
    """Before a step has any effect, or after it has, with nobody told of it yet."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True)
class Point:
    """A place at which a process may end."""

    number: int  # counted through all lives of a run, from 0
    step: Step
    when: When
    about: str  # a call's method


Dies = Callable[[Point], bool]
"""Whether the process dies at a point."""


def never(_point: Point) -> bool:
    """It lives on."""
    return False


class Points:
    """Counts the points that the process passes, and says at which it dies."""

    def __init__(self, dies: Dies) -> None:
        self.count = 0
        self._dies = dies

    def passed(self, step: Step, when: When, about: str = "") -> bool:
        """Whether the process dies here."""
        point = Point(self.count, step, when, about)
        self.count += 1
        return self._dies(point)


class Life:
    """What a process needs of the world, until it is gone."""

    def __init__(self, number: int, points: Points, chance: Random) -> None:
        self.number = number
        self.alive = True
        self.gone = asyncio.get_running_loop().create_future()
        self.committed = asyncio.Event()
        self.stalled_until = 0.0  # its database, in the loop's time
        self._points = points
        self._chance = chance

    def end(self) -> None:
        """No more of it: whatever is under way stays where it is for good."""
        self.alive = False
        if not self.gone.done():
            self.gone.set_result(None)

    def survives(self, step: Step, when: When, about: str = "") -> bool:
        """Whether it lives on past this point."""
        if self.alive and self._points.passed(step, when, about):
            self.end()
        return self.alive

    async def go_on(self, seconds: float = 0.0) -> None:
        """Wait; never comes back once the process is gone."""
        await asyncio.sleep(seconds)
        if not self.alive:
            await asyncio.get_running_loop().create_future()

    def moment(self, least: float, most: float) -> float:
        """A short time, as machines and networks take it."""
        return self._chance.uniform(least, most)
