"""Slack's limits on how often a method may be called, by machine time."""

import math
from collections import defaultdict, deque

from bot.core.clock import Machine

MINUTE = 60.0
TIERS = {1: 1, 2: 20, 3: 50, 4: 100}
SPECIAL = 600  # "hundreds of requests per minute" is all that Slack says of these
WORKSPACE_POSTS = 300
CHANNEL_BURST = 3
CHANNEL_PER_SECOND = 1.0


class Window:
    """At most `most` calls in any span of so many seconds."""

    def __init__(self, most: int, seconds: float = MINUTE) -> None:
        self._most = most
        self._seconds = seconds
        self._calls: deque[float] = deque()

    def wait(self, at: float) -> float:
        """Seconds until a call may be made; 0 for now."""
        while self._calls and self._calls[0] <= at - self._seconds:
            self._calls.popleft()
        return 0.0 if len(self._calls) < self._most else self._calls[0] + self._seconds - at

    def take(self, at: float) -> None:
        self._calls.append(at)


class Bucket:
    """A few at once, then one a second."""

    def __init__(self, at: float) -> None:
        self._tokens = float(CHANNEL_BURST)
        self._at = at

    def wait(self, at: float) -> float:
        grown = (at - self._at) * CHANNEL_PER_SECOND
        self._tokens = min(float(CHANNEL_BURST), self._tokens + grown)
        self._at = at
        return 0.0 if self._tokens >= 1 else (1 - self._tokens) / CHANNEL_PER_SECOND

    def take(self, at: float) -> None:
        self._tokens -= 1


class Rates:
    """Says whether a call comes too soon."""

    def __init__(self, machine: Machine, *, limits: bool) -> None:
        self._machine = machine
        self.limits = limits
        self._methods: dict[str, Window] = {}
        self._workspace = Window(WORKSPACE_POSTS)
        self._channels: defaultdict[str, Bucket] = defaultdict(lambda: Bucket(machine.elapsed()))

    def retry_after(self, method: str, tier: int | None, channel: str | None) -> int:
        """Whole seconds to wait, or 0 when the call may go; it then counts."""
        if not self.limits:
            return 0
        at = self._machine.elapsed()
        gates: list[Window | Bucket]
        if channel is not None:
            gates = [self._channels[channel], self._workspace]
        else:
            most = SPECIAL if tier is None else TIERS[tier]
            gates = [self._methods.setdefault(method, Window(most))]
        wait = max(gate.wait(at) for gate in gates)
        if wait > 0:
            return math.ceil(wait)
        for gate in gates:
            gate.take(at)
        return 0
