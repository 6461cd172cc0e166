"""How SQLite goes about what is asked of it: rows pile up over the years."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session


@contextmanager
def explained(session: Session, table: str) -> Iterator[list[str]]:
    """How each statement meanwhile comes by the rows of a table; nothing but on SQLite."""
    connection, plans = session.connection(), list[str]()

    def explain(_conn: object, cursor: Any, sql: str, values: object, *_more: object) -> None:
        ours = connection.dialect.name == "sqlite"
        if ours and sql.startswith(("SELECT", "UPDATE", "DELETE")):
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", values)
            found = (row[3] for row in cursor.fetchall())
            plans.extend(one for one in found if one.split()[1:2] == [table])

    event.listen(connection, "before_cursor_execute", explain)
    yield plans
    event.remove(connection, "before_cursor_execute", explain)
