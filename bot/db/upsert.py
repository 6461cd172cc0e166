"""INSERT … ON CONFLICT, which SQLite and PostgreSQL spell alike and SQLAlchemy keeps apart."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from bot.db.base import Base

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

    Insert = sqlite.Insert | postgresql.Insert


def insert(session: Session, table: type[Base]) -> "Insert":
    """An INSERT into `table` that offers `on_conflict_…`, for this session's database."""
    return insert_into(session.get_bind().dialect.name, table)


def insert_into(dialect: str, table: type[Base]) -> "Insert":
    """The same for a dialect by its name."""
    if dialect == "postgresql":
        # Imported here: it takes long to load, and SQLite has no use of it.
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    return sqlite.insert(table)


def insert_missing(session: Session, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows that break no unique constraint; leave those that stand as they are."""
    if rows:
        statement = _missing(session.get_bind().dialect.name, table)
        session.connection().execute(statement, list(rows))


@cache
def _missing(dialect: str, table: type[Base]) -> "Insert":
    """Kept, since to build it takes longer than to run it."""
    return insert_into(dialect, table).on_conflict_do_nothing()
