"""What is kept where two people changed the same from what both were shown."""

from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


def one(shown: T, said: T, now: T) -> T:
    """What somebody says, if it is another thing than they were shown; else what stands now."""
    return now if said == shown else said


def each(shown: Iterable[T], said: Iterable[T], now: Iterable[T]) -> tuple[T, ...]:
    """What stands now, without what they took out and with what they added to what was shown."""
    before, after = dict.fromkeys(shown), dict.fromkeys(said)
    stays = [thing for thing in now if thing in after or thing not in before]
    added = [thing for thing in after if thing not in before]
    return tuple(dict.fromkeys([*stays, *added]))
