"""The wire from Jira to the bot: its webhooks reach the bot in this process, or don't."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import datetime
from random import Random
from typing import Any

from aiohttp import ClientConnectionError

from tests.simulation.borders.wire import Odd, Oddities, Oddity
from tests.simulation.machine.process import Process

_SECONDS = (0.01, 0.15)
_LATE_SECONDS = (20.0, 600.0)


class Hooks:
    """How a webhook is posted. Like Jira, the sandbox goes on trying while nobody hears."""

    def __init__(
        self,
        process: Process,
        planned: Sequence[Odd],
        *,
        now: Callable[[], datetime],
        chance: Random,
    ) -> None:
        self.oddities = Oddities(planned, now)
        self._process = process
        self._chance = chance
        self._later: set[asyncio.Future[int]] = set()

    async def post(self, _url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """What the bot answers; where it comes late, somebody on the way has taken it."""
        odd = self.oddities.next()
        seconds = self._chance.uniform(*(_LATE_SECONDS if odd is Oddity.LATE else _SECONDS))
        if odd is Oddity.LATE:
            self._keep(self._arrive(body, headers, seconds))
            return 202
        if odd is Oddity.LOST:
            raise ClientConnectionError
        status = await self._arrive(body, headers, seconds)
        if odd is Oddity.TWICE:
            self._keep(self._arrive(body, headers, seconds))
        if odd is Oddity.UNHEARD:
            raise ClientConnectionError
        return status

    def _keep(self, arriving: Coroutine[Any, Any, int]) -> None:
        """Let it arrive, though nobody waits; whoever is down then never hears of it."""
        task = asyncio.ensure_future(arriving)
        self._later.add(task)
        task.add_done_callback(self._forget)

    def _forget(self, done: asyncio.Future[int]) -> None:
        self._later.discard(done)
        done.exception()

    async def _arrive(self, body: bytes, headers: Mapping[str, str], seconds: float) -> int:
        await asyncio.sleep(seconds)
        status = await self._process.hear_jira(headers, body)
        if status is None:
            raise ClientConnectionError
        return status
