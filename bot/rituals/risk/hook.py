"""`POST /hooks/risk/<public team id>`: the way in for monitors.

A request is signed (HMAC-SHA256 of its timestamp and body, good for 300 s and for once), or carries
the team's secret as a Bearer token. What nobody can prove is a 401 that says no more.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.core.clock import Calendar, Machine
from bot.db.inbox import first_time
from bot.db.sealing import BrokenSeal, Sealer
from bot.db.session import Database
from bot.rituals.risk import alerts
from bot.rituals.risk.payloads import NotAnAlert, Told, parse
from bot.rituals.risk.tables import Register

PREFIX = "/hooks/risk/"
TABLE, COLUMN = "risk_registers", "secret"
WINDOW_SECONDS = 300
_BURST, _PER_SECOND = 60.0, 1.0
_MOST_BUCKETS = 1000
_LONGEST_ID = 64
_DIGITS = 12
_SOURCE = "risk_hook"

OK, BAD, UNPROVEN, REPEATED, FLOOD, OFF = 202, 400, 401, 409, 429, 503

log = structlog.get_logger()


@dataclass
class _Bucket:
    left: float
    at: float


class Hook:
    """Takes what monitors post."""

    def __init__(
        self, database: Database, sealer: Sealer | None, *, calendar: Calendar, machine: Machine
    ) -> None:
        """Without a sealer there are no secrets, so nobody can prove anything."""
        self._database = database
        self._sealer = sealer
        self._calendar = calendar
        self._machine = machine
        self._buckets: dict[str, _Bucket] = {}

    async def take(self, public_id: str, headers: Mapping[str, str], body: bytes) -> int:
        """Take one request; answers its status."""
        if self._sealer is None:
            return OFF
        if not self._has_room(public_id):
            return FLOOD
        known = await self._database.read(_register, public_id)
        if known is None or not self._is_proven(known, headers, body):
            log.info("a hook's request proves nothing", team=known and known.team_id)
            return UNPROVEN
        try:
            told = parse(body)
        except NotAnAlert:
            return BAD
        signature = headers.get("X-Meridian-Signature", "")
        at = self._calendar.now()
        taken = await self._database.write(_take, at, known.team_id, signature, told)
        return OK if taken else REPEATED

    def _has_room(self, public_id: str) -> bool:
        """One team's monitors may send a burst, and then one a second."""
        now = self._machine.elapsed()
        key = public_id[:_LONGEST_ID]
        if key not in self._buckets and len(self._buckets) >= _MOST_BUCKETS:
            self._forget_full(now)
            key = key if len(self._buckets) < _MOST_BUCKETS else ""
        bucket = self._buckets.setdefault(key, _Bucket(_BURST, now))
        bucket.left = min(_BURST, bucket.left + (now - bucket.at) * _PER_SECOND)
        bucket.at = now
        if bucket.left < 1:
            return False
        bucket.left -= 1
        return True

    def _forget_full(self, now: float) -> None:
        """Those that have been quiet long enough need no counting."""
        self._buckets = {
            key: one
            for key, one in self._buckets.items()
            if one.left + (now - one.at) * _PER_SECOND < _BURST
        }

    def _is_proven(self, known: "_Known", headers: Mapping[str, str], body: bytes) -> bool:
        if self._sealer is None:
            return False
        try:
            secret = self._sealer.open(known.secret, TABLE, COLUMN, known.team_id).encode()
        except BrokenSeal:
            log.error("a hook's secret can't be opened: was the key changed?", team=known.team_id)
            return False
        if signature := headers.get("X-Meridian-Signature"):
            timestamp = headers.get("X-Meridian-Timestamp", "")
            return self._is_signed(secret, timestamp, signature, body)
        kind, _, token = headers.get("Authorization", "").partition(" ")
        return kind.lower() == "bearer" and hmac.compare_digest(token.strip().encode(), secret)

    def _is_signed(self, secret: bytes, timestamp: str, signature: str, body: bytes) -> bool:
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _DIGITS):
            return False
        age = self._machine.utc().timestamp() - int(timestamp)
        if abs(age) > WINDOW_SECONDS:
            return False
        return hmac.compare_digest(sign(secret, timestamp, body).encode(), signature.encode())


def sign(secret: bytes, timestamp: str, body: bytes) -> str:
    """The signature of a request."""
    signed = hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256)
    return f"sha256={signed.hexdigest()}"


@dataclass(frozen=True)
class _Known:
    team_id: int
    secret: str  # sealed


def _register(session: Session, public_id: str) -> _Known | None:
    row = session.execute(
        select(Register.team_id, Register.secret).where(
            Register.public_id == public_id, Register.secret.is_not(None)
        )
    ).first()
    return None if row is None or row.secret is None else _Known(row.team_id, row.secret)


def _take(session: Session, at: datetime, team_id: int, signature: str, told: list[Told]) -> bool:
    """Whether it is new; what was signed counts once, in the transaction that stores it."""
    if signature and not first_time(session, _SOURCE, f"{team_id}:{signature}"):
        return False
    alerts.take(session, at, team_id, told)
    return True
