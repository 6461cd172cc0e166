"""The bot's database without threads: the same units, transactions and grouping, in the loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Dialect, Engine, event
from sqlalchemy.orm import Session

from bot.core.clock import Machine
from bot.db.session import Database
from tests.simulation.machine.life import Killed, Life, Step, When

P = ParamSpec("P")
T = TypeVar("T")

_SECONDS = (0.0005, 0.02)
# Kept over all lives: to compile the statements anew takes a fifth of the time of a run. What is
# compiled is kept by the dialect's object, so there is one of that too.
_COMPILED: dict[Any, Any] = {}
_DIALECTS: list[Dialect] = []


def _compiling(engine: Engine) -> Engine:
    """An engine that finds what others of the simulation have compiled."""
    compiling = engine.execution_options(compiled_cache=_COMPILED)
    _DIALECTS.append(engine.dialect)
    compiling.dialect = _DIALECTS[0]
    del _DIALECTS[1:]
    return compiling


class Units(Database):
    """What the writer's thread does is done at the loop's turns, after a short time."""

    def __init__(self, url: str, machine: Machine, life: Life) -> None:
        self._life = life
        super().__init__(url, machine)
        self._writing, self._reading = _compiling(self._writing), _compiling(self._reading)
        self._changes = 0
        event.listen(self._writing, "commit", self._before_commit)

    async def read(
        self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        await self._life.go_on(self._life.moment(*_SECONDS))
        return self.read_now(work, *args, **kwargs)

    def close(self) -> None:
        while not self._jobs.empty():
            self._work()
        super().close()

    def cut_off(self) -> None:
        """Let go of the file, as the system does for a process that is gone."""
        self._writing.dispose()
        self._reading.dispose()

    def _write_forever(self) -> None:
        """Nothing: the loop's turns do it."""

    def _submit(
        self, rank: int, work: Callable[[Session], T], *, alone: bool = False
    ) -> "Future[T]":
        if not self._life.alive:
            return Future()
        future = super()._submit(rank, work, alone=alone)
        loop = asyncio.get_running_loop()
        wait = max(0.0, self._life.stalled_until - loop.time())
        loop.call_later(wait + self._life.moment(*_SECONDS), self._work)
        return future

    def _work(self) -> None:
        if not self._life.alive or self._jobs.empty():
            return
        self._changes = 0
        try:
            self._write(self._jobs.get_nowait())
        except Killed:
            return
        if self._changes and self._life.survives(Step.COMMIT, When.AFTER):
            self._life.committed.set()

    def _before_commit(self, connection: Connection) -> None:
        """Of what changes nothing no trace is left, whether it is killed or not."""
        total = connection.connection.dbapi_connection.total_changes  # type: ignore[union-attr]
        self._changes = total - connection.info.get("changes", 0)
        connection.info["changes"] = total
        if self._changes and not self._life.survives(Step.COMMIT, When.BEFORE):
            raise Killed
