"""The worlds outside in which mirrors stand, as the relay sees them."""

from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from bot.core.states import Outcome
from bot.db.tables import Mirror
from bot.engine.mirrors import Candidate
from bot.engine.sending import Claim, Result


class Outside(Protocol):
    """How mirrors come to stand in one world outside."""

    @property
    def at_once(self) -> int:
        """How many may be under way at the same time, so that a slow world holds up no other."""
        ...

    def method(self, candidate: Candidate) -> str:
        """The name that its rate and its pauses go by."""
        ...

    def one_at_a_time(self, candidate: Candidate) -> str | None:
        """What it must have for itself while it is sent: a look-up must find its own."""
        ...

    def now(self) -> datetime:
        """An instant, by that world's clock, before which nothing sent from now on can be."""
        ...

    async def send(self, claimed: Claim) -> Result:
        """Send it, or look for it where an earlier try may have got through."""
        ...

    def stands(self, session: Session, at: datetime, mirror: Mirror) -> None:
        """What to do, in the transaction that settles it, once something has come to stand."""
        ...

    def stopped(self, session: Session, at: datetime, mirror: Mirror, outcome: Outcome) -> None:
        """What to do, likewise, when it will not be sent any more."""
        ...
