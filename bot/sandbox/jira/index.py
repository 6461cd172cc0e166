"""The index that searches read: what changed shows there only after a while.

That while is machine time, as back-off and look-ups are: it is the machine that is slow, however a
person moves the calendar.
"""

from collections import deque

from bot.core.clock import Machine
from bot.sandbox.jira.world import Issue


class Index:
    """The issues as searches find them; `lag` in seconds of machine time."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._shown: dict[str, Issue] = {}
        self._coming: deque[tuple[float, str, Issue | None]] = deque()
        self.lag = 0.0

    def note(self, id_: str, issue: Issue | None) -> None:
        """An issue has come, changed, or gone (None)."""
        self._coming.append((self._machine.elapsed() + self.lag, id_, issue))

    def set_lag(self, seconds: float) -> None:
        """From now on; what is on its way comes no later than something new would."""
        self.lag = seconds
        latest = self._machine.elapsed() + seconds
        self._coming = deque((min(at, latest), id_, issue) for at, id_, issue in self._coming)

    def issues(self) -> list[Issue]:
        """What a search goes through now."""
        now = self._machine.elapsed()
        while self._coming and self._coming[0][0] <= now:
            _, id_, issue = self._coming.popleft()
            if issue is None:
                self._shown.pop(id_, None)
            else:
                self._shown[id_] = issue
        return list(self._shown.values())
