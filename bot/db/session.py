"""Units of work in database threads. The only commit in the code base.

A unit is a plain function `f(session, …)` that runs whole in one transaction, and changes nothing
but by its session. Units that wait together are committed together, so one flush to disk serves
many acks; what is awaited is the commit. Where one of them fails, all are taken back, and each runs
again by itself. A unit that must not be seen beside others goes alone.
"""

import asyncio
import itertools
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import structlog
from sqlalchemy import Connection, PoolProxiedConnection
from sqlalchemy.orm import Session

from bot.core.clock import Machine
from bot.db.engines import BUSY_TIMEOUT_MS, reading_engine, writing_engine

P = ParamSpec("P")
T = TypeVar("T")

log = structlog.get_logger()

_READERS = 2
_GROUP_UNITS = 64
_MACHINE = "machine"
_STALE = "stale"
_CLEAN = "clean"
_BUSY_TRIES, _LOG_WAIT_MS = 3, 100  # for readers; people wait behind it


def machine_time(session: Session) -> datetime:
    """Machine time at this unit of work; what leases, back-off and the inbox are dated by."""
    return cast("Machine", session.info[_MACHINE]).utc()


def note_stale(session: Session) -> None:
    """Say that this unit leaves a mirror stale, so that the relay is woken after its commit."""
    session.info[_STALE] = True


def note_clean(session: Session) -> None:
    """Say that the write-ahead log is to be emptied once this unit is committed."""
    session.info[_CLEAN] = True


class _Rank(IntEnum):
    """Who goes first."""

    PERSON = 0  # somebody waits for it
    IN_TURN = 1
    END = 2


@dataclass(order=True)
class _Job:
    rank: int
    order: int
    work: Callable[[Session], Any] = field(compare=False)
    alone: bool = field(default=False, compare=False)  # in a commit of its own
    future: "Future[Any]" = field(default_factory=Future, compare=False)
    stale: bool = field(default=False, compare=False)
    clean: bool = field(default=False, compare=False)


class Database:
    """One writer thread and two query-only readers over one database."""

    def __init__(self, url: str, machine: Machine) -> None:
        self.url = url
        self._machine = machine
        self._writing = writing_engine(url)
        self._reading = reading_engine(url)
        self._jobs: queue.PriorityQueue[_Job] = queue.PriorityQueue()
        self._order = itertools.count()
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="db-read")
        self._writer = threading.Thread(target=self._write_forever, name="db-write", daemon=True)
        self._wake: Callable[[], None] = lambda: None
        self._closed = False
        self._writer.start()

    def on_stale(self, wake: Callable[[], None]) -> None:
        """Call `wake`, from the writer thread, after each commit that left a mirror stale."""
        self._wake = wake

    async def write(
        self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `work(session, …)` in one transaction; answers once it is committed."""
        unit = partial(_call, work, args, kwargs)
        return await asyncio.wrap_future(self._submit(_Rank.PERSON, unit))

    async def write_in_turn(
        self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """As `write`, but lets whatever a person waits for go first."""
        unit = partial(_call, work, args, kwargs)
        return await asyncio.wrap_future(self._submit(_Rank.IN_TURN, unit))

    async def write_alone(
        self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """As `write`, in a commit of its own: nothing else is written beside it."""
        unit = partial(_call, work, args, kwargs)
        return await asyncio.wrap_future(self._submit(_Rank.PERSON, unit, alone=True))

    async def empty_log(self) -> None:
        """Move what the write-ahead log holds into the database, and empty it.

        What was deleted or changed since stands in neither any more.
        """
        await self.write_alone(note_clean)

    async def write_later(
        self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """As `write_in_turn`, for what is long: it shares its commit with nothing."""
        unit = partial(_call, work, args, kwargs)
        return await asyncio.wrap_future(self._submit(_Rank.IN_TURN, unit, alone=True))

    async def read(
        self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `work(session, …)` on committed state, in a thread that can't write."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._readers, partial(self._read_now, partial(_call, work, args, kwargs))
        )

    def write_now(
        self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """As `write`, for callers without an event loop."""
        return self._submit(_Rank.PERSON, partial(_call, work, args, kwargs)).result()

    def read_now(
        self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """As `read`, for callers without an event loop."""
        return self._read_now(partial(_call, work, args, kwargs))

    def close(self) -> None:
        """Finish the units already handed over, then let go of every connection."""
        if self._closed:
            return
        self._closed = True
        self._jobs.put(_Job(_Rank.END, next(self._order), lambda _session: None))
        self._writer.join()
        self._readers.shutdown()
        self._writing.dispose()
        self._reading.dispose()

    def _submit(
        self, rank: int, work: Callable[[Session], T], *, alone: bool = False
    ) -> "Future[T]":
        if self._closed:
            raise RuntimeError("the database is closed")
        job = _Job(rank, next(self._order), work, alone)
        self._jobs.put(job)
        return job.future

    def _read_now(self, work: Callable[[Session], T]) -> T:
        with Session(self._reading, info={_MACHINE: self._machine}) as session:
            return work(session)

    def _write_forever(self) -> None:
        while (first := self._jobs.get()).rank != _Rank.END:
            self._write(first)

    def _write(self, first: _Job) -> None:
        """Commit a unit, and what may share its commit."""
        group = [job for job in self._group(first) if job.future.set_running_or_notify_cancel()]
        if group:
            self._commit(group)

    def _group(self, first: _Job) -> list[_Job]:
        """Units of one rank that wait already share a commit, but for those that go alone."""
        group = [first]
        while not first.alone and len(group) < _GROUP_UNITS:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job.rank != first.rank or job.alone:
                self._jobs.put(job)
                break
            group.append(job)
        return group

    def _commit(self, group: list[_Job]) -> None:
        done: list[tuple[_Job, Any]] = []
        try:
            with self._writing.begin() as connection:
                done.extend((job, self._unit(connection, job)) for job in group)
        except Exception as error:
            self._failed(group, error, before_commit=len(done) < len(group))
            return
        if any(job.clean for job in group):
            self._empty_log()
        if any(job.stale for job in group):
            self._wake()
        for job, result in done:
            job.future.set_result(result)

    def _failed(self, group: list[_Job], error: Exception, *, before_commit: bool) -> None:
        """Nothing is written. Where a unit failed, those beside it do well without it."""
        if before_commit and len(group) > 1:
            for job in group:
                self._commit([job])
        else:  # of a commit that failed nobody knows whether it took place
            for job in group:
                job.future.set_exception(error)

    def _unit(self, connection: Connection, job: _Job) -> Any:
        with Session(
            connection,
            join_transaction_mode="rollback_only",
            expire_on_commit=False,
            info={_MACHINE: self._machine},
        ) as session:
            result = job.work(session)
            session.commit()
            job.stale = _STALE in session.info
            job.clean = _CLEAN in session.info
            return result

    def _empty_log(self) -> None:
        """Never fails a unit, for it is committed: what a reader holds up is done the next time."""
        if self._writing.dialect.name != "sqlite":
            return
        try:
            with closing(self._writing.raw_connection()) as raw:
                self._truncate(raw)
        except Exception:
            log.exception("the write-ahead log could not be emptied")

    def _truncate(self, raw: PoolProxiedConnection) -> None:
        raw.execute(f"PRAGMA busy_timeout={_LOG_WAIT_MS}").close()
        try:
            for _ in range(_BUSY_TRIES):
                if not raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                    return
            log.warning("the write-ahead log could not be emptied; a reader holds it")
        finally:
            raw.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}").close()


def _call(
    work: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any], session: Session
) -> T:
    return work(session, *args, **kwargs)
