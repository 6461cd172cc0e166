"""`POST /hooks/risk/<public team id>`: the way in for monitors.

A request is signed (HMAC-SHA256 of its timestamp and body, good for 300 s and for once), or carries
the team's secret as a Bearer token. What nobody can prove is a 401 that says no more.

A team's rate is charged for what is proven and new alone, so that nobody can silence its monitors:
neither strangers, nor whoever overheard a request and sends it again.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.core.clock import Calendar, Machine
from bot.db.inbox import first_time, has_come
from bot.db.sealing import BrokenSeal, Sealer
from bot.db.session import Database
from bot.rituals.risk.alerts import alerts
from bot.rituals.risk.alerts.payloads import NotAnAlert, Told, parse
from bot.rituals.risk.tables import Register

PREFIX = "/hooks/risk/"
TABLE, COLUMN = "risk_registers", "secret"
WINDOW_SECONDS = 300
_BURST, _PER_SECOND = 60.0, 1.0
_PUBLIC_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PROOFS = ("Authorization", "X-Meridian-Signature", "X-Meridian-Timestamp")
_DIGITS = 12
_SOURCE = "risk_hook"
_AT_ONCE = 50  # alerts of one request in a transaction: others get their turn in between

OK, BAD, UNPROVEN, REPEATED = 202, 400, 401, 409
FLOOD = OFF = 503  # Alertmanager tries again after 5xx only

log = structlog.get_logger()


class _Bucket:
    """Lets a burst through, and then one a second."""

    def __init__(self, at: float) -> None:
        self._left = _BURST
        self._at = at

    def takes_one(self, at: float) -> bool:
        """Whether one more may pass; it is charged if so."""
        self._left = min(_BURST, self._left + (at - self._at) * _PER_SECOND)
        self._at = at
        if self._left < 1:
            return False
        self._left -= 1
        return True


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
        self._teams: dict[int, _Bucket] = {}
        self._strangers = _Bucket(machine.elapsed())

    async def take(self, public_id: str, headers: Mapping[str, str], body: bytes) -> int:
        """Take one request; answers its status."""
        if self._sealer is None:
            return OFF
        if not (_PUBLIC_ID.fullmatch(public_id) and _may_be_proof(headers)):
            return self._refuse(None)
        known = await self._database.read(_register, public_id)
        if known is None or not self._is_proven(known, headers, body):
            return self._refuse(known)
        try:
            told = parse(body)
        except NotAnAlert:
            return self._refuse(known, BAD)
        signature = headers.get("X-Meridian-Signature", "")
        if await self._database.read(_was_taken, known.team_id, signature):
            return self._refuse(known, REPEATED)
        if not self._has_room(known.team_id):
            return FLOOD
        return await self._take_all(known.team_id, signature, told)

    async def _take_all(self, team_id: int, signature: str, told: Sequence[Told]) -> int:
        """A part at a time. One that fails is sent again, and then only the parts left are new.

        The last part is kept by the signature alone: where that is known, all of it was taken.
        """
        at, is_new = self._calendar.now(), False
        for start in range(0, max(1, len(told)), _AT_ONCE):
            part, rest = told[start : start + _AT_ONCE], told[start + _AT_ONCE :]
            key = f"{signature}:{start}" if signature and rest else signature
            is_new |= await self._database.write(_take, at, team_id, key, part)
        return OK if is_new else REPEATED

    def _refuse(self, known: "_Known | None", status: int = UNPROVEN) -> int:
        """Strangers are counted together, and beyond that not even logged."""
        if not self._strangers.takes_one(self._machine.elapsed()):
            return FLOOD
        log.info("a hook's request is refused", team=known and known.team_id, status=status)
        return status

    def _has_room(self, team_id: int) -> bool:
        """Whether a team's monitors, who have proven it, may send one more."""
        now = self._machine.elapsed()
        return self._teams.setdefault(team_id, _Bucket(now)).takes_one(now)

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


def _may_be_proof(headers: Mapping[str, str]) -> bool:
    """Whether there is a signature or a token, in ASCII: other bytes come as half characters."""
    given = [headers.get(name, "") for name in _PROOFS]
    return any(given[:2]) and all(one.isascii() for one in given)


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


def _was_taken(session: Session, team_id: int, signature: str) -> bool:
    """Whether it is a replay; of two at one moment the transaction that stores one decides."""
    return bool(signature) and has_come(session, _SOURCE, f"{team_id}:{signature}")


def _take(
    session: Session, at: datetime, team_id: int, signature: str, told: Sequence[Told]
) -> bool:
    """Whether it is new; what was signed counts once, in the transaction that stores it."""
    if signature and not first_time(session, _SOURCE, f"{team_id}:{signature}"):
        return False
    alerts.take(session, at, team_id, told)
    return True
