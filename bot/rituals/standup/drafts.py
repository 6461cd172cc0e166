"""What is half-said in the DM. It is kept with its prompt, so that it survives a restart."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from bot.db.tables import Prompt


@dataclass(frozen=True)
class Draft:
    """What somebody has said so far; "" is what they left out.

    `ts` is the message of theirs that was taken last, `at` when something was last taken from one.
    """

    ts: str
    at: datetime
    said: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, prompt: Prompt) -> Self | None:
        """The draft of a prompt; None where no conversation is under way."""
        kept: Mapping[str, Any] | None = prompt.draft
        if kept is None:
            return None
        return cls(kept["ts"], datetime.fromisoformat(kept["at"]), kept["said"])

    def json(self) -> dict[str, Any]:
        """As it is kept."""
        return {"ts": self.ts, "at": self.at.isoformat(), "said": dict(self.said)}
