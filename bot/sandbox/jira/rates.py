"""Jira Cloud's limits, by machine time; a Data Center has none of its own."""

import math
from dataclasses import dataclass

from bot.core.clock import Machine
from bot.sandbox.jira.world import JiraWorld
from bot.sandbox.rates import Rates, Window

PER_SECOND = {"GET": 100, "POST": 100, "PUT": 50, "DELETE": 50}
WRITES, WRITES_SECONDS = 20, 2.0


@dataclass(frozen=True)
class Limit:
    """Whole seconds to wait, and which limit says so."""

    seconds: int
    most: int
    reason: str


class JiraRates:
    """Says whether a call comes too soon; off where Slack's rates are."""

    def __init__(self, machine: Machine, world: JiraWorld, rates: Rates) -> None:
        self._machine = machine
        self._world = world
        self._rates = rates
        self._endpoints: dict[str, Window] = {}
        self._issues: dict[str, Window] = {}

    def limit(self, verb: str, endpoint: str, issue: str | None) -> Limit | None:
        """None when the call may go; it then counts."""
        if not self._rates.limits or not self._world.is_cloud:
            return None
        most = PER_SECOND[verb]
        gates = [
            (self._endpoints.setdefault(f"{verb} {endpoint}", Window(most, 1.0)), most,
             "jira-burst-based"),
        ]  # fmt: skip
        if issue is not None and verb != "GET":
            window = self._issues.setdefault(issue, Window(WRITES, WRITES_SECONDS))
            gates.append((window, WRITES, "jira-per-issue-on-write"))
        at = self._machine.elapsed()
        for window, most, reason in gates:
            if (wait := window.wait(at)) > 0:
                return Limit(math.ceil(wait), most, reason)
        for window, *_ in gates:
            window.take(at)
        return None
