"""Notes of anonymous retros at rest: nothing about them may tell who wrote which.

Each writing takes all of a retro's notes out and puts them back in an order drawn by lot. A row has
no time and no number, but within a page of the file SQLite lays rows one after the other as they
come, so without that the file itself would tell the order in which they were written. What is taken
out is overwritten (`secure_delete`). What stood before is in the write-ahead log until that is
emptied: each hour, and when the notes are shown.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from bot.rituals.retro.tables import SealedNote

_LOT = secrets.SystemRandom()


@dataclass(frozen=True)
class Written:
    """What a note says, and in which column it stands."""

    column: int
    text: str


def key_of(token: str) -> str:
    """What is kept of the token that its form carries: nobody gets from here back to that."""
    return hashlib.sha256(token.encode()).hexdigest()


def put(session: Session, retro_id: int, token: str, written: Written) -> None:
    """Add a note, or change the one of this token. Twice is as good as once."""
    notes = {**all_of(session, retro_id), key_of(token): written}
    _write(session, retro_id, notes)


def drop(session: Session, retro_id: int, token: str) -> None:
    """Take a note out."""
    notes = dict(all_of(session, retro_id))
    if notes.pop(key_of(token), None) is not None:
        _write(session, retro_id, notes)


def all_of(session: Session, retro_id: int) -> Mapping[str, Written]:
    """A retro's notes by their keys, which is in no order."""
    rows = session.execute(
        select(SealedNote.key, SealedNote.column, SealedNote.text).where(
            SealedNote.retro_id == retro_id
        )
    )
    return {key: Written(column, text) for key, column, text in rows}


def count(session: Session, retro_id: int) -> int:
    """How many there are."""
    counting = select(func.count()).where(SealedNote.retro_id == retro_id)
    return session.scalar(counting) or 0


def take(session: Session, retro_id: int) -> list[Written]:
    """Take all of them out, in an order drawn by lot."""
    notes = list(all_of(session, retro_id).values())
    _LOT.shuffle(notes)
    session.execute(delete(SealedNote).where(SealedNote.retro_id == retro_id))
    return notes


def _write(session: Session, retro_id: int, notes: Mapping[str, Written]) -> None:
    session.execute(delete(SealedNote).where(SealedNote.retro_id == retro_id))
    rows = [
        {"retro_id": retro_id, "key": key, "column": one.column, "text": one.text}
        for key, one in notes.items()
    ]
    _LOT.shuffle(rows)
    if rows:
        session.connection().execute(insert(SealedNote), rows)


def offered(session: Session) -> bool:
    """Whether a retro may be anonymous: on a database of which the above is true."""
    return session.get_bind().dialect.name == "sqlite"
