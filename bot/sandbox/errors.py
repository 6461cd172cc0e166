"""What can go wrong here, named for what happened."""

from pathlib import Path
from typing import Any


class PortTaken(Exception):  # noqa: N818 - named for what happened
    """The sandbox's port is in use by another program."""

    def __init__(self, port: int) -> None:
        super().__init__(f"Port {port} on 127.0.0.1 is in use by another program.")


class BadKeep(Exception):  # noqa: N818 - named for what happened
    """The file of an earlier sandbox can't be read."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is nothing that this version's sandbox wrote. "
            "Remove it, or choose another folder."
        )


class SlackError(Exception):
    """A Web API call that Slack would refuse with this code."""

    def __init__(self, code: str, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.extra = extra

    def answer(self) -> dict[str, Any]:
        """The body that says so."""
        return {"ok": False, "error": self.code, **self.extra}


class ControlError(Exception):
    """A control call that makes no sense; the sentence goes to whoever made it."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status


class NotDeliveredError(Exception):
    """The bot did not take a payload; the reason is Slack's word for it."""

    def __init__(self, reason: str, *, again: bool = True) -> None:
        super().__init__(reason)
        self.reason = reason
        self.again = again
