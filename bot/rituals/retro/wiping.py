"""Taking rows out of SQLite so that nothing of them stays in its file.

`secure_delete` overwrites a row that goes and a page that is freed. But where SQLite moves rows
from one page to the next, a copy stays in the gap that they leave, until that page is freed. A
table that is emptied frees every page but its first, where nothing is ever moved out of. So what
is kept is taken out as well, and put back.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, delete, insert, select
from sqlalchemy.orm import Session

from bot.db.base import Base


def refill(session: Session, table: type[Base], rows: Sequence[Mapping[str, object]]) -> None:
    """Empty a table, and put these into it in this order."""
    session.execute(delete(table))
    if rows:
        session.connection().execute(insert(table), rows)


def wipe(session: Session, table: type[Base], gone: ColumnElement[bool]) -> None:
    """Delete rows; elsewhere than on SQLite no more than that."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(delete(table).where(gone))
        return
    kept = session.execute(select(*table.__table__.columns).where(~gone)).mappings().all()
    refill(session, table, [dict(one) for one in kept])
