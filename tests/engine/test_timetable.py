"""Due timers become steps: each once, in order, in batches that hold nobody up."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from bot.cli.checks import set_aside as failing
from bot.core.clock import MovableCalendar
from bot.db.session import Database
from bot.db.tables import Person, Timer, Workspace
from bot.engine import timers
from bot.engine.timers import Due, Fired
from bot.engine.timetable import Timetable
from tests.clocks import START, HandMachine
from tests.db import rows

MINUTE = timedelta(minutes=1)


def due(step: str, at: datetime = START, person: int | None = None, kind: str = "kind") -> Due:
    return Due(kind, step, at, person_id=person, local_date=START.date())


class Steps:
    """Steps that note what they were given; each note is a row of their own transaction too."""

    def __init__(self, *names: str) -> None:
        self.batches: list[tuple[str, list[str]]] = []
        self.failing: set[str] = set()
        self.seconds = 0.0
        self.machine: HandMachine | None = None
        self.table = {("kind", name): self._step(name) for name in names}

    def _step(self, name: str) -> Callable[[Session, datetime, Sequence[Fired]], None]:
        def step(session: Session, _at: datetime, batch: Sequence[Fired]) -> None:
            keys = [timer.key for timer in batch]
            session.execute(
                insert(Workspace),
                [{"slack_id": key, "name": "", "bot_user": ""} for key in keys],
            )
            if bad := self.failing & set(keys):
                raise LookupError(bad.pop())
            self.batches.append((name, keys))
            if self.machine is not None:
                self.machine.advance(self.seconds * len(keys))

        return step

    @property
    def done(self) -> list[str]:
        return [key for _name, keys in self.batches for key in keys]


@pytest.fixture
def steps() -> Steps:
    return Steps("ask", "remind", "close")


@pytest.fixture
def timetable(
    database: Database, steps: Steps, calendar: MovableCalendar, machine: HandMachine
) -> Timetable:
    return Timetable(database, steps.table, calendar=calendar, machine=machine)


@pytest.fixture
def people(database: Database) -> int:
    """Three hundred people to set timers for, with ids from 1."""

    def add(session: Session) -> int:
        workspace_id = rows.workspace(session).id
        names = [f"U{number}" for number in range(300)]
        session.execute(
            insert(Person),
            [{"workspace_id": workspace_id, "slack_id": name, "name": name} for name in names],
        )
        return len(names)

    return database.write_now(add)


def took_effect(session: Session) -> set[str]:
    found = set(session.scalars(select(Workspace.slack_id)))
    return found - {rows.TEAM}


def parked(session: Session) -> dict[str, str | None]:
    found = session.execute(select(Timer.key, Timer.error).where(Timer.parked_at.is_not(None)))
    return {row.key: row.error for row in found}


def test_keys_name_what_is_due() -> None:
    """Kind, ritual, local date, step and person; without what a timer has none of."""
    day = START.date()
    assert timers.key(Due("standup", "remind", START, 42, 7, 3, day)) == (
        "standup:42/2026-03-30/remind/person:3"
    )
    assert timers.key(Due("standup", "plan", START, 42, local_date=day)) == (
        "standup:42/2026-03-30/plan"
    )
    assert timers.key(Due("housekeeping", "retention", START)) == "housekeeping:/retention"
    assert timers.key(Due("standup", "remind", START, 42, 7, 3, day, 2)) == (
        "standup:42/2026-03-30/2/remind/person:3"
    )


def test_a_timer_is_set_once(session: Session) -> None:
    """Setting it again neither adds one nor moves it; moving does."""
    timers.set_timers(session, [due("ask"), due("ask"), due("close")])
    timers.set_timers(session, [due("ask", START + MINUTE)])
    assert session.scalars(select(Timer.due_at).order_by(Timer.key)).all() == [START, START]
    timers.move(session, due("ask", START + MINUTE))
    assert timers.next_due(session) == START
    timers.consume(session, START, timers.take_due(session, START, 10))
    assert timers.next_due(session) == START + MINUTE


def test_a_timer_that_fired_stays_so(session: Session) -> None:
    """Neither setting nor moving it brings it back."""
    timers.set_timers(session, [due("ask")])
    timers.consume(session, START, timers.take_due(session, START, 10))
    timers.set_timers(session, [due("ask")])
    timers.move(session, due("ask", START + MINUTE))
    assert timers.next_due(session) is None


def test_old_timers_are_dropped_once_done(session: Session) -> None:
    """Or set aside, which a check would tell of for good; what waits is kept however old."""
    timers.set_timers(session, [due("ask"), due("close"), due("late")])
    timers.consume(session, START, timers.take_due(session, START, 10))
    late = session.scalars(select(Timer).where(Timer.step == "late")).one()
    timers.park(session, late.id, START, "LookupError")
    timers.forget_old(session, START + timers.RETENTION)
    assert len(session.scalars(select(Timer)).all()) == 3
    timers.forget_old(session, START + timers.RETENTION + MINUTE)
    assert session.scalars(select(Timer.step)).all() == ["close"]


async def test_what_is_due_together_is_one_batch(
    database: Database, timetable: Timetable, steps: Steps, people: int
) -> None:
    """A step takes the list of its timers, not one at a time."""
    await database.write(timers.set_timers, [due("ask", person=n + 1) for n in range(4)])
    assert await timetable.tick() == 4
    assert [(name, len(keys)) for name, keys in steps.batches] == [("ask", 4)]


async def test_earlier_comes_first(
    database: Database, timetable: Timetable, steps: Steps, calendar: MovableCalendar, people: int
) -> None:
    """After a pause too: what was due first is done first, and kinds of step don't mix."""
    await database.write(
        timers.set_timers,
        [
            due("close", START + 2 * MINUTE),
            due("remind", START + MINUTE, 1),
            due("remind", START + MINUTE, 2),
            due("ask", START, 1),
            due("ask", START + 3 * MINUTE, 2),
        ],
    )
    calendar.move_to(START + 5 * MINUTE)
    assert await timetable.tick() == 5
    assert [(name, len(keys)) for name, keys in steps.batches] == [
        ("ask", 1), ("remind", 2), ("close", 1), ("ask", 1),
    ]  # fmt: skip


async def test_nothing_is_done_before_its_time(
    database: Database, timetable: Timetable, steps: Steps, calendar: MovableCalendar
) -> None:
    """To the microsecond."""
    at = START + MINUTE
    await database.write(timers.set_timers, [due("close", at)])
    calendar.move_to(at - timedelta(microseconds=1))
    assert await timetable.tick() == 0
    assert await timetable.next_due() == at
    calendar.move_to(at)
    assert await timetable.tick() == 1
    assert await timetable.tick() == 0
    assert await timetable.next_due() is None


async def test_a_timer_is_consumed_with_its_step(
    database: Database, timetable: Timetable, steps: Steps
) -> None:
    """A crash before the commit undoes both; the next start does the step."""
    await database.write(timers.set_timers, [due("close")])

    def crash(session: Session) -> None:
        timetable.run(session, START, 10)
        raise SystemError("killed")

    with pytest.raises(SystemError):
        await database.write(crash)
    assert await database.read(took_effect) == set()
    assert await timetable.tick() == 1
    assert await database.read(took_effect) == {timers.key(due("close"))}


async def test_a_poisoned_timer_is_parked_and_the_others_go_on(
    database: Database, timetable: Timetable, steps: Steps, people: int
) -> None:
    """Nothing of its step stays; all before and after it in the batch is done once."""
    all_of_them = [due("ask", person=n + 1) for n in range(30)]
    bad = timers.key(all_of_them[17])
    steps.failing = {bad}
    await database.write(timers.set_timers, [*all_of_them, due("close", START)])
    assert await timetable.tick() == 31
    good = {timers.key(one) for one in all_of_them} - {bad} | {timers.key(due("close"))}
    assert await database.read(took_effect) == good
    assert sorted(steps.done) == sorted(good)
    assert await database.read(parked) == {bad: "LookupError"}
    assert await timetable.next_due() is None


async def test_what_recurs_comes_back_by_itself(
    database: Database, steps: Steps, calendar: MovableCalendar, machine: HandMachine
) -> None:
    """What sets the next itself would be over for good: it is tried each hour, others at once."""
    timetable = Timetable(
        database, steps.table, calendar=calendar, machine=machine, recurring=("kind",)
    )
    look, after = due("ask"), due("close")
    steps.failing = {timers.key(look)}
    await database.write(timers.set_timers, [look, after])
    for hour in range(3):
        with capture_logs() as log:
            assert await timetable.tick() == (1 if hour else 2)
            assert await timetable.tick() == 0
        assert log[-1]["event"] == "a timer failed and is tried again in an hour"
        assert log[-1]["key"] == timers.key(look)
        assert await timetable.next_due() == START + (hour + 1) * 60 * MINUTE
        assert await database.read(failing) == 1
        calendar.move_to(START + (hour + 1) * 60 * MINUTE)
    steps.failing = set()
    assert await timetable.tick() == 1
    assert steps.done == [timers.key(after), timers.key(look)]
    assert await timetable.next_due() is None
    assert await database.read(parked) == {}
    assert await database.read(failing) == 0


async def test_a_timer_that_is_set_anew_has_not_failed(
    database: Database, timetable: Timetable, steps: Steps
) -> None:
    """Whatever became of it before."""
    await database.write(timers.set_timers, [due("dance")])
    await timetable.tick()
    assert await database.read(failing) == 1
    await database.write(timers.reset, [due("dance", START + MINUTE)])
    assert await database.read(failing) == 0


async def test_a_step_that_nobody_knows_is_parked(
    database: Database, timetable: Timetable, steps: Steps
) -> None:
    """A timer of a ritual kind that was taken out holds up no other."""
    await database.write(timers.set_timers, [due("dance"), due("close")])
    assert await timetable.tick() == 2
    assert [key.rpartition("/")[2] for key in await database.read(parked)] == ["dance"]
    assert len(steps.done) == 1


async def test_the_database_s_trouble_parks_nothing(
    database: Database, timetable: Timetable, steps: Steps
) -> None:
    """A full disk is no timer's fault: it stays due, and the next tick does it."""

    def full(_connection: object) -> None:
        raise OperationalError("COMMIT", {}, Exception("disk full"))

    await database.write(timers.set_timers, [due("close")])
    event.listen(database._writing, "commit", full)
    assert await timetable.tick() == 0
    event.remove(database._writing, "commit", full)
    assert await database.read(parked) == {}
    assert await timetable.tick() == 1
    assert await database.read(took_effect) == {timers.key(due("close"))}


async def test_a_batch_that_is_too_large_is_halved(
    database: Database, timetable: Timetable, steps: Steps, people: int
) -> None:
    """What the database refuses of many at once it may take of fewer; nothing is parked."""
    plain = steps.table["kind", "ask"]

    def narrow(session: Session, at: datetime, batch: Sequence[Fired]) -> None:
        if len(batch) > 1:
            raise OperationalError("UPDATE", {}, Exception("too many SQL variables"))
        plain(session, at, batch)

    steps.table["kind", "ask"] = narrow
    await database.write(timers.set_timers, [due("ask", person=n + 1) for n in range(3)])
    assert [await timetable.tick() for _ in range(3)] == [0, 0, 3]
    assert len(steps.done) == 3
    assert await database.read(parked) == {}


async def test_the_database_s_trouble_with_one_timer_ends_no_tick(
    database: Database, timetable: Timetable, steps: Steps, people: int
) -> None:
    """While they are tried one by one too; it stays due."""

    def failing(_session: Session, _at: datetime, batch: Sequence[Fired]) -> None:
        if len(batch) > 1:
            raise LookupError
        raise OperationalError("UPDATE", {}, Exception("disk full"))

    steps.table["kind", "ask"] = failing
    await database.write(timers.set_timers, [due("ask", person=n + 1) for n in range(2)])
    assert await timetable.tick() == 0
    assert await database.read(parked) == {}
    assert await timetable.next_due() == START


async def test_an_idle_tick_only_reads(
    database: Database, timetable: Timetable, calendar: MovableCalendar
) -> None:
    """Four times a second, it takes no turn of the writer's."""
    await database.write(timers.set_timers, [due("close", START + MINUTE)])
    statements: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(database._writing, "before_cursor_execute", note)
    assert await timetable.tick() == 0
    assert statements == []
    calendar.move_to(START + MINUTE)
    assert await timetable.tick() == 1
    assert statements != []


@pytest.mark.parametrize(("seconds", "largest"), [(0.0001, 500), (0.005, 10), (0.2, 1)])
async def test_a_batch_holds_the_writer_briefly(
    database: Database,
    timetable: Timetable,
    steps: Steps,
    machine: HandMachine,
    people: int,
    seconds: float,
    largest: int,
) -> None:
    """Its size follows how long the last ones took, towards 50 ms; one timer at least."""
    steps.machine, steps.seconds = machine, seconds
    everyone = [due("ask", person=n + 1) for n in range(people)]
    await database.write(timers.set_timers, everyone)
    assert await timetable.tick() == people
    sizes = [len(keys) for _name, keys in steps.batches]
    assert sizes[0] == 4  # what a step costs that was not done yet, nobody knows
    assert max(sizes[1:]) <= max(largest, 8)
    assert sizes[-2] <= largest
    assert len(set(steps.done)) == people


async def test_a_slow_batch_that_was_not_full_counts_too(
    database: Database, timetable: Timetable, steps: Steps, machine: HandMachine, people: int
) -> None:
    """Else the next crowd would hold the writer as long again."""
    steps.machine, steps.seconds = machine, 0.025
    await database.write(timers.set_timers, [due("ask", person=n + 1) for n in range(3)])
    await timetable.tick()
    await database.write(timers.set_timers, [due("ask", person=n + 1) for n in range(3, 90)])
    await timetable.tick()
    sizes = [len(keys) for _name, keys in steps.batches]
    assert sizes[0] == 3
    assert max(sizes[1:]) <= 2


async def test_each_step_has_batches_of_its_own_size(
    database: Database, timetable: Timetable, steps: Steps, machine: HandMachine, people: int
) -> None:
    """Many light ones say nothing of how long a heavy one holds the writer."""
    steps.machine, steps.seconds = machine, 0.0001
    await database.write(timers.set_timers, [due("ask", person=n + 1) for n in range(people)])
    await timetable.tick()
    steps.seconds = 0.2
    await database.write(timers.set_timers, [due("remind", person=n + 1) for n in range(90)])
    await timetable.tick()
    sizes = [len(keys) for name, keys in steps.batches if name == "remind"]
    assert (sizes[0], max(sizes[1:])) == (4, 1)


async def test_a_stopping_timetable_begins_no_batch(
    database: Database, timetable: Timetable, steps: Steps
) -> None:
    """What is due then is done after the next start."""
    await database.write(timers.set_timers, [due("close")])
    timetable.stop()
    assert await timetable.tick() == 0
    assert steps.done == []
    assert await timetable.next_due() == START
