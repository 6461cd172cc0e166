"""What monitors told of, and what people decided about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

MANY = "Many alerts at once"
"""What is beyond the few that get a thread of their own is counted in one of this name."""
AT_ONCE, BEGUN = 5, 15
"""So many that are not over get threads within a while, and so many in all."""
WHILE = timedelta(minutes=10)
OVER = timedelta(minutes=30)
"""So long after the last the many are over."""
_TAKEN = timedelta(seconds=90)
"""Until then it is settled whether something was taken that nobody heard of."""


@dataclass(eq=False)
class Told:
    """A monitor told of an alert."""

    name: str
    firing: bool
    since: datetime
    sure: datetime | None = None

    @property
    def settled(self) -> datetime:
        """When it has been taken, if it ever is."""
        return self.sure or self.since + _TAKEN


@dataclass(eq=False)
class Decided:
    """Somebody decided about an alert, or set about to."""

    name: str
    verdict: str
    who: str
    since: datetime
    sure: datetime | None = None


def may_find_no_place(told: Sequence[Told], name: str) -> bool:
    """Whether so many others were told of when this was that it may be counted with the many."""
    firing = [one for one in told if one.firing]
    for mine in (one for one in firing if one.name == name):
        others = {
            one.name
            for one in firing
            if one.name != name and mine.since - WHILE < one.settled and one.since <= mine.settled
        }
        if len(others) >= AT_ONCE:
            return True
    return False
