"""A world at the start of a Monday's week, before it is Monday anywhere."""

import shutil
from collections.abc import Iterator
from typing import Protocol

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from bot.db.engines import writing_engine
from tests import postgres
from tests.asking.world import World, utc
from tests.clocks import HandMachine


class Begin(Protocol):
    """Make a world at an instant in UTC, such as "2026-03-27T12:00"."""

    def __call__(self, text: str, *, online: bool = True) -> World: ...


@pytest.fixture(scope="session")
def warm_engine(template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One engine on SQLite for all of these tests: it compiles each statement once."""
    file = tmp_path_factory.mktemp("asking") / "meridian.db"
    shutil.copyfile(template.removeprefix("sqlite:///"), file)
    made = writing_engine(f"sqlite:///{file}")
    yield made
    made.dispose()


@pytest.fixture
def engine(server: postgres.Server | None, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A bare engine without a row; sessions on it keep nothing, for no test here commits."""
    if server is None:
        yield request.getfixturevalue("warm_engine")
        return
    made = writing_engine(request.getfixturevalue("database_url"))
    yield made
    made.dispose()


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
