"""Once a day, forget what nobody can ask for any more, and mend what came to a stop."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.db import inbox
from bot.engine import pictures, rates, timers
from bot.engine.ritual import Step, View
from bot.engine.timers import Due, Fired

_AT = time(3, tzinfo=UTC)

log = structlog.get_logger()

Daily = Callable[[Session, datetime], None]


class Housekeeping:
    """Retention, as a timer like any other: done once, however many processes tick."""

    kind = "housekeeping"

    def __init__(self, *daily: Daily) -> None:
        """Take what else is done each day, and when the bot starts."""
        self._daily = daily

    @property
    def steps(self) -> Mapping[str, Step]:
        return {"retention": self.retain}

    @property
    def views(self) -> Mapping[str, View]:
        return {}

    def begin(self, session: Session, at: datetime) -> None:
        """Do what is done daily, and see to it that the next night's round is set."""
        for work in self._daily:
            _do(work, session, at)
        today = datetime.combine(at.astimezone(UTC).date(), _AT)
        due = today if today > at else today + timedelta(days=1)
        timers.set_timers(session, [Due(self.kind, "retention", due, local_date=due.date())])

    def retain(self, session: Session, at: datetime, _due: Sequence[Fired]) -> None:
        """Step: drop what is old, inbox rows, timers, pauses, files; then as at the start."""
        inbox.forget_old(session)
        timers.forget_old(session, at)
        rates.drop_past_pauses(session)
        pictures.forget_old(session)
        self.begin(session, at)


def _do(work: Daily, session: Session, at: datetime) -> None:
    """What fails is tried again the next night: the rest is done, and the bot starts."""
    try:
        with session.begin_nested():
            work(session, at)
    except OperationalError:
        raise
    except Exception:
        log.exception("what is done each day failed", work=getattr(work, "__module__", ""))
