"""The whole bot in a sandbox, by either way in."""

import io
import logging
import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import structlog

from bot import logs
from bot.engine import intake
from tests.endtoend.office import Office, office
from tests.processes import PATIENCE


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A commit may take as long as a busy machine needs; the sandbox waits for acks likewise."""
    monkeypatch.setattr(intake, "ACK_SECONDS", PATIENCE)


@pytest.fixture(params=["socket", "http"])
async def either(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[Office]:
    """An office by Socket Mode, and one by signed HTTP."""
    async with office(database_url, request.param) as opened:
        yield opened


@pytest.fixture
async def by_http(database_url: str) -> AsyncIterator[Office]:
    """An office by signed HTTP, where a test may send requests of its own."""
    async with office(database_url, "http") as opened:
        yield opened


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Every line of the bot's log from here on, at whatever level, as it writes them."""
    written, root, before = io.StringIO(), logging.getLogger(), structlog.get_config()
    handlers, level, configure = root.handlers, root.level, structlog.configure

    def uncached(**given: Any) -> None:  # else loggers would keep to this test's
        configure(**given | {"cache_logger_on_first_use": False})

    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", written)
        patch.setattr(structlog, "configure", uncached)
        logs.configure("debug")
    yield written
    root.handlers = handlers
    root.setLevel(level)
    configure(**before)
