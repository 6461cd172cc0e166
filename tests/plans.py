"""How SQLite goes about what is asked of it: rows pile up over the years."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session


@contextmanager
def explained(session: Session, *tables: str, about: Sequence[str] = ("",)) -> Iterator[list[str]]:
    """How each statement meanwhile comes by the rows of these tables; nothing but on SQLite.

    A step is such as `SCAN prompts`, a walk through all there are, or `SEARCH prompts USING …`.
    With `about` only statements whose conditions speak of one of these.
    """
    connection, plans = session.connection(), list[str]()

    def explain(_conn: object, cursor: Any, sql: str, values: object, *_more: object) -> None:
        ours = connection.dialect.name == "sqlite"
        if not ours or not sql.startswith(("SELECT", "UPDATE", "DELETE")):
            return
        if any(one in sql.partition("WHERE")[2] for one in about):
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", values)
            steps = (row[3] for row in cursor.fetchall())
            plans.extend(one for one in steps if {*one.split()[1:2]} & {*tables})

    event.listen(connection, "before_cursor_execute", explain)
    yield plans
    event.remove(connection, "before_cursor_execute", explain)


def walks(plans: Sequence[str]) -> list[str]:
    """The steps that walk through a whole table."""
    return [one for one in plans if one.startswith("SCAN")]
