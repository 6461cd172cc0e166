"""A server in Jira's stead, and gateways to it: as to Cloud, and as to Data Center."""

from collections.abc import AsyncIterator

import pytest

from bot.jira.gateway import Gateway
from tests.jira.server import Server

EMAIL, TOKEN = "bot@aurora.example", "canary-token"


@pytest.fixture
async def jira() -> AsyncIterator[Server]:
    running = Server()
    await running.start()
    yield running
    await running.close()


@pytest.fixture
async def cloud(jira: Server) -> AsyncIterator[Gateway]:
    made = Gateway(jira.url, TOKEN, EMAIL)
    yield made
    await made.close()


@pytest.fixture
async def data_center(jira: Server) -> AsyncIterator[Gateway]:
    made = Gateway(f"{jira.url}/", TOKEN)
    yield made
    await made.close()
