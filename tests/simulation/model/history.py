"""What was true when, as far as somebody outside of the bot can know.

A change that the bot has not acknowledged may have reached it, or may yet: until it is sure, what
was true before and what may be true now are both to be reckoned with.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(eq=False)
class Change(Generic[T]):
    """Something became otherwise: not before `since`, and by `sure` at the latest."""

    value: T
    since: datetime
    sure: datetime | None = None  # None: nobody knows (yet)


@dataclass
class History(Generic[T]):
    """One fact through time. Changes are in the order in which they were begun."""

    first: T
    changes: list[Change[T]] = field(default_factory=list)

    def begin(self, value: T, at: datetime) -> Change[T]:
        """Somebody sets about to change it."""
        change = Change(value, at)
        self.changes.append(change)
        return change

    def drop(self, change: Change[T]) -> None:
        """It was refused, and nothing came of it."""
        self.changes.remove(change)

    def may_be(self, begins: datetime, ends: datetime | None = None) -> list[T]:
        """All that may be true at some instant from `begins` to `ends`."""
        return list(self._may_be(begins, ends or begins))

    def _may_be(self, begins: datetime, ends: datetime) -> Iterator[T]:
        settled = [
            number
            for number, one in enumerate(self.changes)
            if one.sure is not None and one.sure <= begins
        ]
        last = max(settled, default=-1)
        yield self.changes[last].value if settled else self.first
        yield from (one.value for one in self.changes[last + 1 :] if one.since <= ends)

    @property
    def last(self) -> T:
        """What was meant last."""
        return self.changes[-1].value if self.changes else self.first

    @property
    def settled(self) -> bool:
        """Whether all changes are known to have been taken."""
        return all(one.sure is not None for one in self.changes)
