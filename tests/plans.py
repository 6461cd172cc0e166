"""How SQLite finds the rows of a query: by an index, or by a walk through all there are."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session


@dataclass
class Plans:
    """The steps of the queries that were run meanwhile."""

    steps: list[str] = field(default_factory=list)

    def walked(self, *tables: str) -> list[str]:
        """Those that walk through one of these tables."""
        heads = tuple(f"SCAN {table}" for table in tables)
        return [step for step in self.steps if step.startswith(heads)]


@contextmanager
def explained(session: Session, about: Sequence[str] = ("",)) -> Iterator[Plans]:
    """Note how queries are done whose conditions speak of one of these."""
    connection, found = session.connection(), Plans()

    def explain(_conn: object, cursor: Any, sql: str, values: object, *_more: object) -> None:
        _head, where, conditions = sql.partition("WHERE")
        if where and any(one in conditions for one in about):
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", values)
            found.steps.extend([row[3] for row in cursor.fetchall()])

    event.listen(connection, "before_cursor_execute", explain)
    yield found
    event.remove(connection, "before_cursor_execute", explain)
