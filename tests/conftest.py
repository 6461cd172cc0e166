"""What all tests share: clocks in the hand of the test, a database each, and no way out.

With MERIDIAN_TEST_POSTGRES naming the folder of PostgreSQL's programs, the same fixtures give a
real PostgreSQL instead of SQLite.
"""

import gc
import ipaddress
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import structlog
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import bot.rituals.risk.tables  # noqa: F401 - a slice's tables register themselves
from bot.core.clock import MovableCalendar
from bot.db import schema
from bot.db.base import Base
from bot.db.engines import writing_engine
from bot.db.session import Database
from tests import compiled, postgres
from tests.clocks import START, HandMachine

_PROGRAMS = os.environ.get("MERIDIAN_TEST_POSTGRES")


# A machine that is busy with other tests is no defect of the one that it slows down.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")


def pytest_collection_finish() -> None:
    """Let collections pass over five thousand tests that are meant to stay."""
    gc.collect()
    gc.freeze()


# --- no way out


class NetworkBlocked(BaseException):
    """A test tried to reach something that is not on this machine."""


@pytest.fixture(scope="session", autouse=True)
def _loopback_only() -> Iterator[None]:
    """Sockets reach this machine alone; nothing else is even looked up by name."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex
    getaddrinfo = socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        _refuse_foreign(self.family, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        _refuse_foreign(self.family, address)
        return connect_ex(self, address)

    def guarded_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host is not None and not _is_here(host):
            raise NetworkBlocked(f"a test looked up {host!r}")
        return getaddrinfo(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        patch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)
        yield


def _refuse_foreign(family: int, address: Any) -> None:
    if family != socket.AF_UNIX and not _is_here(address[0]):
        raise NetworkBlocked(f"a test tried to reach {address!r}")


def _is_here(host: str | bytes) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if name in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


# --- logs


@pytest.fixture(scope="session", autouse=True)
def _plain_logs() -> None:
    """Stacks without frames' locals, which take half a second each to draw."""
    plain = structlog.dev.ConsoleRenderer(
        colors=False, exception_formatter=structlog.dev.plain_traceback
    )
    structlog.configure(processors=[structlog.stdlib.add_log_level, plain])


# --- time


@pytest.fixture
def machine() -> HandMachine:
    """Machine time, which passes when the test says so."""
    return HandMachine()


@pytest.fixture
def calendar(machine: HandMachine) -> MovableCalendar:
    """Calendar time: it passes with the machine's, and `move_to` jumps."""
    return MovableCalendar(machine, START)


# --- the database


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> None:
    compiled.share("sqlite://")


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Server | None]:
    """PostgreSQL, where the tests run on it."""
    if _PROGRAMS is None:
        yield None
        return
    with postgres.running(Path(_PROGRAMS)) as started:
        compiled.share(started.url("postgres"))
        yield started


@pytest.fixture(scope="session")
def template(server: postgres.Server | None, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a migrated database that holds no row, made once per worker."""
    if server is not None:
        url = server.create("tests")
    else:
        url = f"sqlite:///{tmp_path_factory.mktemp('template') / 'template.db'}"
    schema.upgrade(url)
    return url


@pytest.fixture
def database_url(server: postgres.Server | None, template: str, tmp_path: Path) -> str:
    """The URL of a migrated database of this test's own, without a row."""
    if server is not None:
        server.empty("tests", Base.metadata.sorted_tables)
        return template
    file = tmp_path / "meridian.db"
    shutil.copyfile(template.removeprefix("sqlite:///"), file)
    return f"sqlite:///{file}"


@pytest.fixture
def empty_url(server: postgres.Server | None, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without a table."""
    if server is None:
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    yield server.create("empty")
    server.drop("empty")


@pytest.fixture
def database(database_url: str, machine: HandMachine) -> Iterator[Database]:
    """The bot's database, with its threads. Hold no `session` beside it."""
    opened = Database(database_url, machine)
    yield opened
    opened.close()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A bare engine on the test's database."""
    made = writing_engine(database_url)
    yield made
    made.dispose()


@pytest.fixture
def session(engine: Engine, machine: HandMachine) -> Iterator[Session]:
    """A session for flows called plainly, `f(session, at, …)`; nothing is kept unless committed."""
    with Session(engine, expire_on_commit=False, info={"machine": machine}) as opened:
        yield opened


@pytest.fixture
def on_sqlite() -> None:
    """For what only SQLite has."""
    if _PROGRAMS is not None:
        pytest.skip("it is about SQLite, and these tests run on PostgreSQL")


@pytest.fixture
def on_postgres() -> None:
    """For what only PostgreSQL has."""
    if _PROGRAMS is None:
        pytest.skip("it is about PostgreSQL; `make test-postgres` runs it")
