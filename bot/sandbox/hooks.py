"""response_urls: five answers to an interaction, within half an hour."""

from dataclasses import dataclass

from bot.core.clock import Machine
from bot.sandbox.errors import SlackError
from bot.sandbox.world import TEAM_ID, new_id

USES = 5
SECONDS = 1800.0


@dataclass
class Hook:
    """Where answers go, and the message that they may replace."""

    user: str
    channel: str
    message_ts: str | None
    thread_ts: str | None
    at: float
    left: int = USES


class Hooks:
    """The response_urls given out."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._hooks: dict[str, Hook] = {}
        self.base = ""

    def issue(
        self,
        user: str,
        channel: str,
        message_ts: str | None = None,
        thread_ts: str | None = None,
    ) -> str:
        secret = new_id("")
        hook = Hook(user, channel, message_ts, thread_ts, self._machine.elapsed())
        self._hooks[secret] = hook
        return f"{self.base}/actions/{TEAM_ID}/{secret}"

    def use(self, secret: str) -> Hook:
        hook = self._hooks.get(secret)
        if hook is None:
            raise SlackError("invalid_url")
        if self._machine.elapsed() - hook.at > SECONDS:
            raise SlackError("expired_url")
        if hook.left == 0:
            raise SlackError("used_url")
        hook.left -= 1
        return hook
