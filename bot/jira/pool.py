"""Threads of Jira's own, so that a slow Jira holds up neither the loop nor the database."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from bot.core.errors import NotSent, OutcomeUnknown

_THREADS = 4

Answer = TypeVar("Answer")
_Job = tuple["Future[Any]", Callable[[], Any]]


class Pool:
    """A few threads, and a time after which nobody waits for one any longer.

    They are daemons, which the standard library's pool has none of: a Jira that hangs would keep
    the process from its end.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._threads: list[Thread] = []
        self._closed = False

    async def run(self, work: Callable[[], Answer]) -> Answer:
        """What `work` answers; raises NotSent where its turn didn't come in time.

        Once begun it goes on to its end, even if nobody waits: then its outcome is unknown.
        """
        if self._closed:
            raise NotSent
        future: Future[Answer] = Future()
        self._begin()
        self._jobs.put((future, work))
        waiting = asyncio.wrap_future(future)
        try:
            done, _ = await asyncio.wait({waiting}, timeout=self._seconds)
        except asyncio.CancelledError:
            _let_go(future, waiting)
            raise
        if waiting.cancelled():  # closed before its turn came
            raise NotSent
        if done:
            return waiting.result()
        raise NotSent if _let_go(future, waiting) else OutcomeUnknown

    def close(self) -> None:
        """Begin nothing more; waits for nothing."""
        self._closed = True
        with suppress(Empty):
            while True:
                if (job := self._jobs.get_nowait()) is not None:
                    job[0].cancel()
        for _ in self._threads:
            self._jobs.put(None)

    def _begin(self) -> None:
        if not self._threads:
            self._threads = [
                Thread(target=_serve, args=(self._jobs,), name=f"jira-{number}", daemon=True)
                for number in range(_THREADS)
            ]
            for one in self._threads:
                one.start()


def _serve(jobs: "SimpleQueue[_Job | None]") -> None:
    while (job := jobs.get()) is not None:
        future, work = job
        if not future.set_running_or_notify_cancel():
            continue
        try:
            answer = work()
        except BaseException as error:  # whoever waits for it raises it
            future.set_exception(error)
        else:
            future.set_result(answer)
        del job, future, work  # what was asked and answered is held by nobody in idle hours


def _let_go(future: Future[Answer], waiting: asyncio.Future[Answer]) -> bool:
    """Wait no longer; whether it never began."""
    waiting.add_done_callback(lambda done: done.cancelled() or done.exception())
    return future.cancel()
