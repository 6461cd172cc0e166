"""The sandbox lets go of everybody when it stops."""

import asyncio

import pytest

from bot.core.clock import SystemCalendar, SystemMachine
from bot.sandbox import Sandbox
from tests.processes import connected, said_in_the_end


@pytest.mark.parametrize("turns", range(6))
async def test_whoever_connects_as_it_stops_is_let_go(turns: int) -> None:
    """However far the connection has come in the loop: none is left open (cpython#109564)."""
    machine = SystemMachine()
    sandbox = Sandbox(machine=machine, calendar=SystemCalendar(machine))
    await sandbox.start()
    with connected(sandbox.url) as late:
        for _ in range(turns):
            await asyncio.sleep(0)
        await sandbox.stop()
        assert await said_in_the_end(late) == b""
