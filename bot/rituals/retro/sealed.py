"""Notes of anonymous retros at rest: nothing about them may tell who wrote which.

Each writing empties the table and fills it anew, in an order drawn by lot. A row has no time and no
number, but within a page of the file SQLite lays rows one after the other as they come, so without
that the file itself would tell the order in which they were written, and keep what was taken out
(see `wiping`). What stood before is in the write-ahead log until that is emptied: each hour, and
when the notes are shown.

A form may come twice, and late. So a note knows how often it was changed, and one that was taken
back leaves its key until all are shown.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.rituals.retro.tables import SealedNote
from bot.rituals.retro.wiping import refill

_LOT = secrets.SystemRandom()
_Key = tuple[int, str]


@dataclass(frozen=True)
class Written:
    """What a note says, in which column it stands, and how often it was changed before."""

    column: int
    text: str
    turn: int = 0


def key_of(token: str) -> str:
    """What is kept of the token that its form carries: nobody gets from here back to that."""
    return hashlib.sha256(token.encode()).hexdigest()


def put(session: Session, retro_id: int, token: str, written: Written) -> None:
    """Add a note, or change the one of this token. Twice is as good as once.

    What comes late, after a later text or after the note was taken back, changes nothing.
    """
    rows, key = _rows(session), (retro_id, key_of(token))
    before = rows.get(key)
    if before is None or (before.text and before.turn <= written.turn):
        _write(session, {**rows, key: written})


def drop(session: Session, retro_id: int, token: str) -> bool:
    """Take a note out; whether it was there, or had been taken out before."""
    rows, key = _rows(session), (retro_id, key_of(token))
    if key in rows:
        _write(session, {**rows, key: replace(rows[key], text="")})
    return key in rows


def all_of(session: Session, retro_id: int) -> Mapping[str, Written]:
    """A retro's notes by their keys, which is in no order."""
    return {key: one for (of, key), one in _rows(session).items() if of == retro_id and one.text}


def count(session: Session, retro_id: int) -> int:
    """How many there are."""
    there = (SealedNote.retro_id == retro_id) & (SealedNote.text != "")
    return session.scalar(select(func.count()).where(there)) or 0


def take(session: Session, retro_id: int) -> list[Written]:
    """Take all of them out, in an order drawn by lot."""
    notes = list(all_of(session, retro_id).values())
    _LOT.shuffle(notes)
    rows = _rows(session)
    _write(session, {key: one for key, one in rows.items() if key[0] != retro_id})
    return notes


def _rows(session: Session) -> Mapping[_Key, Written]:
    columns = (SealedNote.retro_id, SealedNote.key, SealedNote.column, SealedNote.text)
    rows = session.execute(select(*columns, SealedNote.turn))
    return {(of, key): Written(column, text, turn) for of, key, column, text, turn in rows}


def _write(session: Session, notes: Mapping[_Key, Written]) -> None:
    rows = [
        {"retro_id": of, "key": key, "column": one.column, "text": one.text, "turn": one.turn}
        for (of, key), one in notes.items()
    ]
    _LOT.shuffle(rows)
    refill(session, SealedNote, rows)


def offered(session: Session) -> bool:
    """Whether a retro may be anonymous: on a database of which the above is true."""
    return session.get_bind().dialect.name == "sqlite"
