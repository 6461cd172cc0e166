"""The two clocks: the only module that reads either of them.

*Calendar time* says when things happen for people: timers, windows, message timestamps. The
sandbox and the tests move it. *Machine time* says how long the machine waits: rates, back-off,
leases, time-outs, signatures. Nobody moves it but the simulation, which owns both.
"""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Machine(Protocol):
    """Machine time, which nobody moves while the program runs."""

    def utc(self) -> datetime:
        """The instant now, in UTC; what SQL stores of machine time."""
        ...

    def elapsed(self) -> float:
        """Seconds since some fixed moment; never goes back."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait at least `seconds`."""
        ...


class Calendar(Protocol):
    """Calendar time, which the sandbox and the tests may move."""

    def now(self) -> datetime:
        """The instant now, in UTC."""
        ...


class SystemMachine:
    """The operating system's clocks."""

    def utc(self) -> datetime:
        return datetime.now(UTC)

    def elapsed(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class SystemCalendar:
    """Calendar time as the machine tells it; the one of `meridian run`."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    def now(self) -> datetime:
        return self._machine.utc()


class MovableCalendar:
    """Calendar time from an instant that may be moved forward.

    It runs at the machine's pace; with `running=False` it stands still but for the moves.
    """

    def __init__(
        self, machine: Machine, start: datetime | None = None, *, running: bool = True
    ) -> None:
        began = machine.utc()
        self._machine = machine
        self._stands_at = None if running else began
        self._offset = (start - began) if start is not None else timedelta()

    def now(self) -> datetime:
        return (self._stands_at or self._machine.utc()) + self._offset

    def move_to(self, instant: datetime) -> None:
        """Jump forward to an aware `instant`; raises ValueError for one already past.

        Calendar time never goes back: what was shown to a person has happened.
        """
        step = instant - self.now()
        if step < timedelta():
            raise ValueError(f"calendar time can't go back to {instant.isoformat()}")
        self._offset += step
