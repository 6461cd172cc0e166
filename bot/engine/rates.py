"""Slack's rates as token buckets, and the pauses that a 429 asked for.

Figures: https://docs.slack.dev/apis/web-api/rate-limits. Buckets start empty, so that a restart
can't send a second burst.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import case, delete, select
from sqlalchemy.orm import Session

from bot.core.clock import Machine
from bot.db.session import machine_time
from bot.db.tables import RatePause
from bot.db.upsert import insert

POST = "chat.postMessage"
UPDATE = "chat.update"
PUBLISH = "views.publish"
ISSUE = "jira.issue"  # each takes up to four requests of the 50 a second that Cloud grants writes

_PER_MINUTE = {POST: 300, UPDATE: 50, PUBLISH: 100, ISSUE: 600}
_BURST = {
    POST: 5,
    UPDATE: 2,
    PUBLISH: 4,
    ISSUE: 10,
}  # taken off the refill: no minute exceeds its limit
_FORGET_SECONDS = 600.0


@dataclass
class _Bucket:
    per_second: float
    burst: float
    level: float
    filled: float  # machine seconds

    def wait(self, now: float) -> float:
        """Seconds until there is a token; 0 where there is one."""
        self.level = min(self.burst, self.level + (now - self.filled) * self.per_second)
        self.filled = now
        return max(0.0, (1.0 - self.level) / self.per_second)


@dataclass
class Rates:
    """What may be sent now. `limited=False` is for throughput runs only."""

    machine: Machine
    limited: bool = True
    _buckets: dict[str, _Bucket] = field(default_factory=dict)
    _pauses: dict[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._start = self.machine.elapsed()

    def take(self, method: str, channel: str) -> float:
        """Take leave to call `method` now: 0.0, or else the seconds to wait, and nothing taken."""
        paused = self.paused(method)
        if paused > 0 or not self.limited:
            return paused
        now = self.machine.elapsed()
        buckets = [
            self._bucket(method, (_PER_MINUTE[method] - _BURST[method]) / 60, _BURST[method])
        ]
        if method == POST:
            buckets.append(self._bucket(f"{POST} {channel}", 1.0, 1))
        wait = max(bucket.wait(now) for bucket in buckets)
        if wait <= 0:
            for bucket in buckets:
                bucket.level -= 1
        return wait

    def goes_now(self, channel: str) -> None:
        """A message to a channel goes only now, for which leave was taken a while ago."""
        bucket = self._buckets.get(f"{POST} {channel}")
        if bucket is not None:
            bucket.level, bucket.filled = 0.0, self.machine.elapsed()

    def pause(self, method: str, until: datetime) -> None:
        """Call `method` no sooner than machine time `until`."""
        self._pauses[method] = max(until, self._pauses.get(method, until))

    def restore(self, pauses: dict[str, datetime]) -> None:
        """Go on with the pauses that SQL kept."""
        self._pauses.update(pauses)

    def forget_idle(self) -> None:
        """Let go of the buckets of channels that nothing was sent to for a while."""
        now = self.machine.elapsed()
        self._buckets = {
            name: bucket
            for name, bucket in self._buckets.items()
            if now - bucket.filled < _FORGET_SECONDS
        }

    def paused(self, method: str) -> float:
        """Seconds for which Slack asked us to leave `method` alone."""
        until = self._pauses.get(method)
        if until is None:
            return 0.0
        seconds = (until - self.machine.utc()).total_seconds()
        if seconds <= 0:
            del self._pauses[method]
        return max(0.0, seconds)

    def _bucket(self, name: str, per_second: float, burst: float) -> _Bucket:
        return self._buckets.setdefault(name, _Bucket(per_second, burst, 0.0, self._start))


def keep_pause(session: Session, method: str, seconds: float) -> datetime:
    """Note in SQL that `method` rests for `seconds`; answers until when."""
    until = machine_time(session) + timedelta(seconds=seconds)
    statement = insert(session, RatePause).values(scope=method, until=until)
    longest = case((RatePause.until > until, RatePause.until), else_=until)
    session.execute(
        statement.on_conflict_do_update(index_elements=["scope"], set_={"until": longest})
    )
    return until


def kept_pauses(session: Session) -> dict[str, datetime]:
    """The pauses that still hold."""
    now = machine_time(session)
    rows = session.scalars(select(RatePause).where(RatePause.until > now))
    return {row.scope: row.until for row in rows}


def drop_past_pauses(session: Session) -> None:
    """Delete the pauses that are over."""
    session.execute(delete(RatePause).where(RatePause.until <= machine_time(session)))
