"""Units of work: committed before they answer, together, and none at another's cost."""

import asyncio
import itertools
import sqlite3
import threading
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, event, func, select
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session

from bot.db.engines import writing_engine
from bot.db.session import Database, machine_time, note_clean, note_stale
from bot.db.tables import Workspace
from tests.clocks import START, HandMachine
from tests.db.rows import workspace


def add(session: Session, slack_id: str) -> int:
    return workspace(session, slack_id).id


def names(session: Session) -> list[str]:
    return list(session.scalars(select(Workspace.slack_id).order_by(Workspace.id)))


def fail(session: Session, slack_id: str) -> None:
    add(session, slack_id)
    raise LookupError(slack_id)


class Gate:
    """A unit that holds the writer until it is opened, so that others queue behind it."""

    def __init__(self) -> None:
        self._entered, self._open = threading.Event(), threading.Event()

    def hold(self, _session: Session) -> None:
        self._entered.set()
        assert self._open.wait(10)

    async def entered(self) -> None:
        assert await asyncio.to_thread(self._entered.wait, 10)

    def open(self) -> None:
        self._open.set()


async def behind_a_gate(database: Database, *units: Callable[[], Awaitable[Any]]) -> list[Any]:
    """Queue the units while the writer is busy; answers what came of each."""
    gate = Gate()
    first = asyncio.ensure_future(database.write(gate.hold))
    await gate.entered()
    waiting = [asyncio.ensure_future(unit()) for unit in units]
    await asyncio.sleep(0)
    gate.open()
    await first
    return await asyncio.gather(*waiting, return_exceptions=True)


async def test_an_answer_means_committed(database: Database, database_url: str) -> None:
    """Whoever asks another connection, as after a crash, finds the row."""
    await database.write(add, "T1")
    other = writing_engine(database_url)
    with Session(other) as session:
        assert names(session) == ["T1"]
    other.dispose()


async def test_units_that_wait_share_a_commit(database: Database) -> None:
    """One flush to disk serves many acks."""
    commits: list[object] = []
    event.listen(database._writing, "commit", commits.append)
    await behind_a_gate(database, *(lambda n=n: database.write(add, f"T{n}") for n in range(20)))
    assert len(commits) == 2
    assert len(await database.read(names)) == 20


async def test_a_failing_unit_leaves_its_neighbours_alone(database: Database) -> None:
    """What it raises is its own, and nothing of it stays: the others are run once more."""
    answers = await behind_a_gate(
        database,
        lambda: database.write(add, "before"),
        lambda: database.write(fail, "bad"),
        lambda: database.write(add, "before"),
        lambda: database.write(add, "after"),
    )
    assert [type(one) for one in answers] == [int, LookupError, IntegrityError, int]
    assert await database.read(names) == ["before", "after"]


async def test_a_failing_commit_fails_all(database: Database) -> None:
    """Nobody is told that something is stored which is not."""

    commits = itertools.count()

    def no_space(_connection: object) -> None:
        if next(commits) == 1:  # the gate's own comes first
            raise OperationalError("COMMIT", {}, Exception("disk full"))

    event.listen(database._writing, "commit", no_space)
    gate = Gate()
    first = asyncio.ensure_future(database.write(gate.hold))
    await gate.entered()
    waiting = [asyncio.ensure_future(database.write(add, name)) for name in ("a", "b")]
    await asyncio.sleep(0)
    gate.open()
    await first
    answers = await asyncio.gather(*waiting, return_exceptions=True)
    event.remove(database._writing, "commit", no_space)
    assert [type(one) for one in answers] == [OperationalError, OperationalError]
    assert await database.read(names) == []
    await database.write(add, "later")
    assert await database.read(names) == ["later"]


async def test_a_connection_that_fails_costs_the_unit_that_met_it_alone(database: Database) -> None:
    """Its caller hears of it, and the writer goes on to what comes next."""
    with failing(database, 1), pytest.raises(OperationalError, match="no more files"):
        await asyncio.wait_for(database.write(add, "T1"), 10)
    await asyncio.wait_for(database.write(add, "T2"), 10)
    assert await database.read(names) == ["T2"]


async def test_people_go_before_timers(database: Database) -> None:
    """What a person waits for overtakes batches that were queued earlier."""
    order: list[str] = []
    await behind_a_gate(
        database,
        lambda: database.write_later(lambda _session: order.append("timers")),
        lambda: database.write_later(lambda _session: order.append("more timers")),
        lambda: database.write(lambda _session: order.append("person")),
        lambda: database.write(lambda _session: order.append("another")),
    )
    assert order == ["person", "another", "timers", "more timers"]


async def test_timers_take_their_turn_among_messages(database: Database) -> None:
    """However much the relay has to write: nobody would be asked while it is busy."""
    order: list[str] = []
    commits: list[object] = []
    event.listen(database._writing, "commit", commits.append)
    await behind_a_gate(
        database,
        lambda: database.write_in_turn(lambda _session: order.append("message")),
        lambda: database.write_in_turn(lambda _session: order.append("another")),
        lambda: database.write_later(lambda _session: order.append("timers")),
        lambda: database.write_in_turn(lambda _session: order.append("a third")),
        lambda: database.write(lambda _session: order.append("person")),
    )
    assert order == ["person", "message", "another", "timers", "a third"]
    assert len(commits) == 5  # the gate's own, and the two messages together


async def test_readers_can_t_write(database: Database) -> None:
    """A view that writes is a defect, found at once."""
    with pytest.raises(DBAPIError, match=r"(?i)read-?only"):
        await database.read(add, "T1")
    with pytest.raises(DBAPIError, match=r"(?i)read-?only"):
        database.read_now(add, "T1")
    assert await database.read(names) == []


async def test_readers_see_what_is_committed(database: Database) -> None:
    """A unit half done is nobody else's business, and holds no reader up."""
    gate = Gate()

    def slow(session: Session) -> None:
        add(session, "half")
        gate.hold(session)

    writing = asyncio.ensure_future(database.write(slow))
    await gate.entered()
    assert await database.read(names) == []
    gate.open()
    await writing
    assert await database.read(names) == ["half"]


async def test_the_relay_is_woken_after_the_commit(database: Database) -> None:
    """Once for a commit that left a mirror stale, never for one that did not or that failed."""
    seen: list[list[str]] = []
    database.on_stale(lambda: seen.append(database.read_now(names)))

    def stale(session: Session, slack_id: str) -> None:
        add(session, slack_id)
        note_stale(session)

    def stale_but_fails(session: Session) -> None:
        note_stale(session)
        raise LookupError

    await database.write(add, "quiet")
    with pytest.raises(LookupError):
        await database.write(stale_but_fails)
    assert seen == []
    await database.write(stale, "loud")
    assert seen == [["quiet", "loud"]]


async def test_a_unit_that_nobody_waits_for_any_more_is_not_run(database: Database) -> None:
    """A cancelled caller's unit that has not begun leaves nothing."""
    gate = Gate()
    first = asyncio.ensure_future(database.write(gate.hold))
    await gate.entered()
    abandoned = asyncio.ensure_future(database.write(add, "abandoned"))
    await asyncio.sleep(0)
    abandoned.cancel()
    await asyncio.sleep(0)
    gate.open()
    await first
    await database.write(add, "kept")
    assert await database.read(names) == ["kept"]


def test_closing_finishes_what_was_handed_over(database_url: str, machine: HandMachine) -> None:
    """What was accepted is committed; afterwards nothing is accepted."""
    database = Database(database_url, machine)
    gate = Gate()
    futures: list[Future[Any]] = [
        database._submit(0, gate.hold),
        database._submit(1, lambda unit: add(unit, "T1")),
    ]
    gate.open()
    database.close()
    assert all(future.done() for future in futures)
    with pytest.raises(RuntimeError, match="closed"):
        database.write_now(add, "T2")
    database.close()
    with Session(engine := writing_engine(database_url)) as session:
        assert session.scalar(select(func.count()).select_from(Workspace)) == 1
    engine.dispose()


async def test_units_know_machine_time(database: Database, machine: HandMachine) -> None:
    """Leases and back-off are dated by it, whatever the calendar says."""
    machine.advance(5)
    assert await database.read(machine_time) == machine.utc() > START


# --- alone, and with an empty log


async def test_a_unit_that_goes_alone_shares_its_commit_with_nothing(database: Database) -> None:
    """Neither with what waits before it nor with what waits behind."""
    commits: list[object] = []
    event.listen(database._writing, "commit", commits.append)
    await behind_a_gate(
        database,
        lambda: database.write(add, "T1"),
        lambda: database.write_alone(add, "T2"),
        lambda: database.write(add, "T3"),
        lambda: database.write(add, "T4"),
    )
    assert await database.read(names) == ["T1", "T2", "T3", "T4"]
    assert len(commits) == 4  # the gate's, T1's, T2's, and that of T3 and T4


async def test_the_log_is_emptied_on_demand_and_after_a_unit_that_asks_for_it(
    database: Database, database_url: str, on_sqlite: None
) -> None:
    """What was deleted stands in no file any more: neither in the log nor in the database."""
    await database.write(add, "T-a-name-to-be-forgotten")
    assert b"to-be-forgotten" in content(database_url, "-wal")
    await database.empty_log()
    assert content(database_url, "-wal") == b""
    assert b"to-be-forgotten" in content(database_url)
    await database.write(forget)
    assert content(database_url, "-wal") == b""
    assert b"to-be-forgotten" not in content(database_url)


async def test_a_reader_holds_up_the_emptying_but_no_unit(
    database: Database, database_url: str, on_sqlite: None
) -> None:
    """It is committed, and the log is emptied the next time."""
    await database.write(add, "T1")
    reader = sqlite3.connect(database_url.removeprefix("sqlite:///"))
    try:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM workspaces").fetchone() == (1,)
        await database.write(add, "T2")
        await database.empty_log()
        assert await database.read(names) == ["T1", "T2"]
        assert content(database_url, "-wal")
    finally:
        reader.close()
    await database.empty_log()
    assert content(database_url, "-wal") == b""


async def test_no_connection_for_the_emptying_fails_no_unit(
    database: Database, on_sqlite: None
) -> None:
    """It is committed and answered, the writer lives, and the log is emptied the next time."""
    with failing(database, 2):  # the first is the unit's own
        await asyncio.wait_for(database.write(forget), 10)
    await asyncio.wait_for(database.write(add, "later"), 10)
    assert await database.read(names) == ["later"]


@contextmanager
def failing(database: Database, nth: int) -> Iterator[None]:
    """The nth time that the writer asks for a connection it gets none."""
    asked = itertools.count(1)

    def refuse(*_args: object) -> None:
        if next(asked) == nth:
            raise OperationalError("connect", {}, Exception("no more files"))

    event.listen(database._writing, "checkout", refuse)
    yield
    event.remove(database._writing, "checkout", refuse)
    assert next(asked) > nth


def content(database_url: str, of: str = "") -> bytes:
    """All bytes of the file, or of the log beside it."""
    return Path(f"{database_url.removeprefix('sqlite:///')}{of}").read_bytes()


def forget(session: Session) -> None:
    session.execute(delete(Workspace))
    note_clean(session)
