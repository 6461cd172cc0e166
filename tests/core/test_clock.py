"""Calendar time: it starts where it is told, runs at the machine's pace, and never goes back."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.clock import MovableCalendar, SystemCalendar, SystemMachine

NOW = datetime(2026, 3, 28, 12, tzinfo=UTC)
START = datetime(2030, 1, 1, tzinfo=UTC)


class HandMachine:
    """A machine whose time passes when the test says so."""

    def __init__(self) -> None:
        self.at = NOW

    def utc(self) -> datetime:
        return self.at

    def elapsed(self) -> float:
        return (self.at - NOW).total_seconds()

    async def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def test_starts_at_the_machine_s_time() -> None:
    """Without a start, both clocks agree."""
    assert MovableCalendar(HandMachine()).now() == NOW


def test_starts_where_it_is_told() -> None:
    """The sandbox begins at a Monday of its choice."""
    assert MovableCalendar(HandMachine(), START).now() == START


def test_runs_at_the_machine_s_pace() -> None:
    """A second of the machine is a second of the calendar."""
    machine = HandMachine()
    calendar = MovableCalendar(machine, START)
    machine.at += timedelta(seconds=90)
    assert calendar.now() == START + timedelta(seconds=90)


def test_runs_on_after_a_move() -> None:
    """A jump stops nothing."""
    machine = HandMachine()
    calendar = MovableCalendar(machine)
    calendar.move_to(START)
    machine.at += timedelta(seconds=5)
    assert calendar.now() == START + timedelta(seconds=5)


def test_a_move_leaves_machine_time_alone() -> None:
    """Leases and time-outs don't expire because the calendar jumped."""
    machine = HandMachine()
    MovableCalendar(machine).move_to(START)
    assert machine.utc() == NOW
    assert machine.elapsed() == 0


def test_moves_to_where_it_is() -> None:
    """A jump of no length is allowed, so that a script may repeat itself."""
    calendar = MovableCalendar(HandMachine(), START)
    calendar.move_to(START)
    assert calendar.now() == START


def test_stands_still_but_for_moves() -> None:
    """As a script wants it that compares instants."""
    machine = HandMachine()
    calendar = MovableCalendar(machine, START, running=False)
    machine.at += timedelta(seconds=90)
    assert calendar.now() == START
    calendar.move_to(START + timedelta(hours=1))
    machine.at += timedelta(seconds=90)
    assert calendar.now() == START + timedelta(hours=1)


@pytest.mark.parametrize("running", [True, False])
def test_refuses_to_go_back(running: bool) -> None:
    """What people were shown has happened; a refused move changes nothing."""
    calendar = MovableCalendar(HandMachine(), START, running=running)
    with pytest.raises(ValueError, match="can't go back"):
        calendar.move_to(START - timedelta(microseconds=1))
    assert calendar.now() == START


def test_takes_an_instant_of_any_zone() -> None:
    """13:00 an hour ahead of UTC is noon."""
    calendar = MovableCalendar(HandMachine())
    calendar.move_to(datetime.fromisoformat("2026-03-29T13:00:00+01:00"))
    assert calendar.now() == datetime(2026, 3, 29, 12, tzinfo=UTC)


def test_the_system_s_calendar_is_the_machine_s() -> None:
    """In `meridian run` nobody moves calendar time."""
    machine = HandMachine()
    assert SystemCalendar(machine).now() == machine.utc()


async def test_the_system_s_machine() -> None:
    """It tells UTC, and sleeping takes at least as long as asked for."""
    machine = SystemMachine()
    assert machine.utc().tzinfo is UTC
    before = machine.elapsed()
    await machine.sleep(0.01)
    assert machine.elapsed() - before >= 0.01
