"""Threads of Jira's own, so that a slow Jira holds up neither the loop nor the database."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from bot.core.errors import NotSent, OutcomeUnknown

_THREADS = 4

Answer = TypeVar("Answer")


class Pool:
    """A few threads, and a time after which nobody waits for one any longer."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="jira")

    async def run(self, work: Callable[[], Answer]) -> Answer:
        """What `work` answers; raises NotSent where its turn didn't come in time.

        Once begun it goes on to its end, even if nobody waits: then its outcome is unknown.
        """
        try:
            future = self._threads.submit(work)
        except RuntimeError as error:  # closed
            raise NotSent from error
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
        self._threads.shutdown(wait=False, cancel_futures=True)


def _let_go(future: Future[Answer], waiting: asyncio.Future[Answer]) -> bool:
    """Wait no longer; whether it never began."""
    waiting.add_done_callback(lambda done: done.cancelled() or done.exception())
    return future.cancel()
