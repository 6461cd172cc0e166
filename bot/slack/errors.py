"""What Slack itself can refuse; all else that can come of a call stands in `bot.core.errors`."""

from bot.core.errors import MeridianError


class SlackRefused(MeridianError):  # noqa: N818 - it names what happened
    """Slack said no, and said why; nothing took effect."""

    def __init__(self, code: str, detail: str = "") -> None:
        """Take a `detail` that quotes nobody: it is kept with what was refused, and logged."""
        super().__init__(f"Slack refused: {code}")
        self.code = code
        self.detail = detail

    @property
    def noted(self) -> str:
        return f"{self.code} {self.detail}".strip()
