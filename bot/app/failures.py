"""What keeps the bot from running, and what trying again may help against."""

from sqlalchemy.exc import InterfaceError, OperationalError

from bot.core.errors import MeridianError, Refused


class BadToken(Refused):
    """Slack refuses a token, so there is nobody to be, or nothing to hear."""

    def __init__(self, which: str, code: str) -> None:
        super().__init__(
            f"Slack refuses the {which} token ({code}). Run `meridian check`: it says what to do."
        )


def transient(error: BaseException) -> bool:
    """Whether trying again may help: Slack is asked to send such an event once more."""
    if isinstance(error, MeridianError):
        return error.transient
    return isinstance(error, (OperationalError, InterfaceError, TimeoutError))
