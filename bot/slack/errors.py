"""What can come of a call to Slack, named for what happened."""

from bot.core.errors import MeridianError, Transient


class SlackRefused(MeridianError):  # noqa: N818 - it names what happened
    """Slack said no, and said why; nothing took effect."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"Slack refused: {code}")
        self.code = code
        self.detail = detail


class RateLimited(Transient):
    """Slack asks for a pause; nothing took effect."""

    def __init__(self, retry_after: float) -> None:
        super().__init__()
        self.retry_after = retry_after


class NotSent(Transient):
    """Slack could not be reached; nothing took effect."""


class OutcomeUnknown(Transient):
    """No usable reply came back: the call may or may not have taken effect."""
