"""Trigger ids: what a click gives the bot so that it may open a modal, once and soon."""

from dataclasses import dataclass

from bot.core.clock import Machine
from bot.sandbox.errors import SlackError
from bot.sandbox.world import new_id

SECONDS = 3.0
KEPT = 2000


@dataclass
class Trigger:
    """Who acted, when by machine time, what they looked at, and whether a modal came of it."""

    user: str
    at: float
    channel: str | None = None
    used: bool = False


class Triggers:
    """The latest trigger ids."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self.seconds = SECONDS  # that one lives
        self._issued: dict[str, Trigger] = {}

    def issue(self, user: str, channel: str | None = None) -> str:
        at = self._machine.elapsed()
        trigger_id = f"{int(at * 1000)}.{new_id('')}"
        self._issued[trigger_id] = Trigger(user, at, channel)
        if len(self._issued) > KEPT:
            del self._issued[next(iter(self._issued))]
        return trigger_id

    def use(self, trigger_id: str) -> Trigger:
        """Whose trigger it is, who may be shown a modal; refuses as Slack does."""
        trigger = self._issued.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._machine.elapsed() - trigger.at > self.seconds:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger
