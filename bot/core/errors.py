"""The error tree: what the person reads, and whether trying again helps.

An error's message is one plain sentence or two for the person in front of Slack. It is not
escaped: whatever shows it as mrkdwn escapes it. What only the log should know belongs to the cause
(`raise … from error`); of that, too, it has no more than `bot.core.noted`
tells. A failing event is sent again by Slack only where `transient` is true.
"""

from typing import ClassVar

FALLBACK = "Something went wrong on Meridian's side."


class MeridianError(Exception):
    """Something went wrong on Meridian's side, and trying again won't help. Its log says more."""

    transient: ClassVar[bool] = False

    def __init__(self, message: str | None = None) -> None:
        """Take `message` as what the person reads, or else the class's own docstring."""
        self.message = message or _sentence(type(self))
        super().__init__(self.message)

    @property
    def noted(self) -> str:
        """What a log may hold of it: nothing that somebody typed."""
        return self.message


class Refused(MeridianError):  # noqa: N818 - a refusal is an expected answer, no defect
    """Meridian can't do that."""

    @property
    def noted(self) -> str:
        """What it is about; its message may quote the person whom it answers."""
        return _sentence(type(self))


class Transient(MeridianError):  # noqa: N818 - it names what happened
    """Meridian couldn't do that just now. Please try again in a moment."""

    transient = True


class RateLimited(Transient):
    """Slack or Jira asks for a pause; nothing took effect."""

    def __init__(self, retry_after: float) -> None:
        super().__init__()
        self.retry_after = retry_after  # seconds


class NotSent(Transient):
    """Slack or Jira could not be reached; nothing took effect."""


class OutcomeUnknown(Transient):
    """No usable reply came back: the call may or may not have taken effect."""


def _sentence(error: type[MeridianError]) -> str:
    """The first paragraph of the docstring on one line; `python -OO` leaves none."""
    return " ".join((error.__doc__ or FALLBACK).split("\n\n")[0].split())
