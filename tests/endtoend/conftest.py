"""The whole bot in a sandbox, by either way in."""

from collections.abc import AsyncIterator

import pytest

from tests.endtoend.office import Office, office


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
