"""A world at the start of a Monday's week, before it is Monday anywhere."""

from collections.abc import Iterator
from typing import Protocol

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from tests.asking.world import World, utc
from tests.clocks import HandMachine


class Begin(Protocol):
    """Make a world at an instant in UTC, such as "2026-03-27T12:00"."""

    def __call__(self, text: str, *, online: bool = True) -> World: ...


@pytest.fixture
def begin(session: Session) -> Begin:
    """See Begin."""

    def made(text: str, *, online: bool = True) -> World:
        machine = session.info["machine"] = HandMachine(utc(text))
        return World(session, machine, utc(text), online=online)

    return made


@pytest.fixture
def statements(engine: Engine) -> Iterator[list[str]]:
    """Every statement sent to the database; one for many rows counts once."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)
