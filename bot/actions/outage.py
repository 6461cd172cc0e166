"""Whether Jira can be reached: while several tickets in a row could not be told, all wait."""

from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.actions import tickets
from bot.core.clock import Machine
from bot.db.session import machine_time
from bot.db.tables import Mirror
from bot.engine import rates
from bot.engine.rates import Rates
from bot.engine.retry import back_off
from bot.engine.sending import SETTLING

_SEVERAL = 3  # one or two may have a trouble of their own
_LONGEST_SECONDS = 60.0


class Outage:
    """Counts those that failed since one got through. While it lasts, one at a time is tried."""

    def __init__(self, machine: Machine, limits: Rates) -> None:
        self._machine = machine
        self._rates = limits
        self._failing: set[int] = set()
        self._tries = 0

    @property
    def lasts(self) -> bool:
        """Whether so many have failed that it is no trouble of their own."""
        return len(self._failing) >= _SEVERAL

    def failed(self, mirror_id: int) -> None:
        """Jira could not be reached, or gave no usable reply."""
        self._failing.add(mirror_id)
        if self.lasts:
            self._tries += 1
            seconds = min(_LONGEST_SECONDS, back_off(self._tries))
            until = self._machine.utc() + timedelta(seconds=seconds)
            self._rates.pause(rates.ISSUE, until)

    def ended(self) -> bool:
        """One got through; whether that ends an outage, so that all may go on."""
        lasted = self.lasts
        self._failing.clear()
        self._tries = 0
        return lasted


def go_on(session: Session) -> None:
    """Let what waits to be tried again be tried soon; what is looked for keeps its times.

    Not at once: nobody hears of some whether they took effect, and those may do so yet.
    """
    soon = machine_time(session) + SETTLING
    session.execute(
        update(Mirror)
        .where(tickets.ISSUES, Mirror.not_before > soon, Mirror.sent_at.is_(None))
        .values(not_before=soon)
        .execution_options(synchronize_session=False)
    )
