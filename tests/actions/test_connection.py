"""Jira is there only where it is set up; and its token is watched."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.actions.connection import Access, Connection, is_paused
from bot.engine.rates import Rates
from bot.sandbox.jira import EMAIL, TOKEN
from bot.sandbox.jira import control as acts
from tests.actions.desk import ROOT, Desk
from tests.engine.worlds import until

LOADED = "import sys, bot.app, bot.cli; print('jira' in sys.modules)"


def test_without_settings_nothing_of_jira_is_loaded() -> None:
    """Its library takes memory and time to load, for those who have no use of it."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True, timeout=50
    )
    assert done.stdout.strip() == "False"


def connection(desk: Desk, secret: str | None = None) -> Connection:
    return Connection(
        Access(desk.world.jira_url, TOKEN, EMAIL, secret, None),
        desk.database,
        calendar=desk.calendar,
        machine=desk.machine,
        limits=Rates(desk.machine),
        workspace_id=1,
        root=ROOT,
    )


@pytest.fixture
async def watching(desk: Desk) -> AsyncIterator[Connection]:
    """A connection that watches its token."""
    made = connection(desk)
    task = asyncio.create_task(made.watch())
    yield made
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await made.close()


async def paused(desk: Desk) -> bool:
    return await desk.database.read(is_paused, 1)


async def test_a_token_that_works_again_is_noticed_within_a_minute(
    desk: Desk, watching: Connection
) -> None:
    """And what waited goes; while it doesn't, Jira is asked once a minute and no more."""
    desk.there(acts.token, state="dead")
    item_id = await desk.raised()
    await desk.settle()
    assert await paused(desk)
    asked = len(desk.calls("GET", "/myself"))
    for number in range(1, 4):
        await until(lambda: desk.machine.asleep == 1)
        desk.machine.advance(60)
        await until(lambda number=number: len(desk.calls("GET", "/myself")) == asked + number)  # type: ignore[misc]
    assert await paused(desk)
    await until(lambda: desk.machine.asleep == 1)
    assert len(desk.calls("GET", "/myself")) - asked == 3
    desk.there(acts.token, state="alive")
    desk.machine.advance(60)
    async with asyncio.timeout(10):
        while await paused(desk):  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.01)
    await desk.settle()
    assert await desk.agrees(item_id)


async def test_a_working_token_is_not_asked_about(desk: Desk, watching: Connection) -> None:
    """Whether it works is seen when there is something to tell."""
    for _ in range(3):
        await until(lambda: desk.machine.asleep == 1)
        desk.machine.advance(60)
    await until(lambda: desk.machine.asleep == 1)
    assert desk.calls("GET", "/myself") == []


async def test_a_start_tries_the_token_anew(desk: Desk) -> None:
    """Whoever set a new one has started the bot again; where it is as dead, that is no news."""
    desk.there(acts.token, state="dead")
    item_id = await desk.raised()
    await desk.settle()
    assert (await paused(desk), await desk.cards()) == (True, 1)
    await desk.kill()
    desk.calendar.move_to(desk.calendar.now() + timedelta(days=1))
    for state in ("dead", "alive"):
        desk.there(acts.token, state=state)
        await desk.restart()
        made = connection(desk)
        await desk.database.write(made.begin, desk.calendar.now())
        asked = len(desk.calls("GET", "/myself"))
        watch = asyncio.create_task(made.watch())
        async with asyncio.timeout(10):
            while (  # noqa: ASYNC110 - it tells nobody
                len(desk.calls("GET", "/myself")) == asked
                or await paused(desk) is (state == "alive")
            ):
                await asyncio.sleep(0.01)
        await desk.settle()
        assert await desk.cards() == 1
        watch.cancel()
        await asyncio.gather(watch, return_exceptions=True)
        await made.close()
        if state == "dead":
            await desk.kill()
    assert await desk.agrees(item_id)


async def test_without_a_secret_no_webhook_is_believed(desk: Desk) -> None:
    """However it is signed."""
    made = connection(desk)
    assert await made.hear({"X-Hub-Signature": "sha256="}, b"{}") == 401
    await made.close()
