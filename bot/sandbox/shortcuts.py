"""The shortcuts that an app offers in the composer's menu and in those of messages."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Shortcut:
    """One of them, as the app's manifest declares it."""

    name: str
    type: Literal["global", "message"]
    callback_id: str


# What the app's manifest declares.
SHORTCUTS: tuple[Shortcut, ...] = (
    Shortcut("Answer my stand-up", "global", "standup.open"),
    Shortcut("I am away", "global", "asking.away"),
    Shortcut("Make an action item", "message", "actions.from_message"),
    Shortcut("Make a risk", "message", "risk.from_message"),
)
