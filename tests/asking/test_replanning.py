"""Planning that came to a stop begins again, at the start and each night."""

import pytest
from sqlalchemy import select, update

from bot.asking import planning
from bot.asking.replanning import replan_missing
from bot.db.tables import Prompt, Ritual, Run, Timer
from bot.engine.housekeeping import Housekeeping
from tests.asking.conftest import Begin
from tests.asking.world import World, utc

BERLIN = "Europe/Berlin"


@pytest.fixture
def world(begin: Begin) -> World:
    """Monday 10:00 in Berlin: two stand-ups, asked half an hour ago."""
    world = begin("2026-03-28T12:00")
    world.person("U1", BERLIN)
    world.set_up(["U1"])
    world.set_up(["U1"], channel="C2")
    world.until(utc("2026-03-30T08:00"))
    return world


def park(world: World, channel: str = "C1") -> None:
    """The step failed, when Wednesday was planned."""
    world.session.execute(
        update(Timer)
        .where(
            Timer.ritual_id == world.ritual(channel).id,
            Timer.step == planning.PLAN,
            Timer.consumed_at.is_(None),
        )
        .values(parked_at=Timer.due_at)
    )


def asked_in(world: World, channel: str) -> list[str]:
    """The days of which the channel's runs asked somebody."""
    days = (
        select(Run.local_date)
        .join(Prompt, Prompt.run_id == Run.id)
        .where(Run.channel == channel, Prompt.asked_on.is_not(None))
    )
    return [f"{one:%a}" for one in world.session.scalars(days.order_by(Run.local_date))]


def planned(world: World) -> list[str]:
    """The channels whose next run is going to be planned."""
    live = (
        select(Ritual.channel)
        .join(Timer, Timer.ritual_id == Ritual.id)
        .where(Timer.step == planning.PLAN, Timer.consumed_at.is_(None), Timer.parked_at.is_(None))
    )
    return sorted(world.session.scalars(live))


def test_a_parked_plan_begins_again(world: World) -> None:
    """From now on: the moments that passed meanwhile are asked by nobody."""
    park(world)
    world.until(utc("2026-04-01T12:00"))
    replan_missing(world.session, world.at)
    world.until(utc("2026-04-03T12:00"))
    assert asked_in(world, "C1") == ["Mon", "Tue", "Thu", "Fri"]
    assert asked_in(world, "C2") == ["Mon", "Tue", "Wed", "Thu", "Fri"]


def test_what_is_planned_is_left_alone(world: World) -> None:
    """However often it is looked at."""

    def timers() -> list[tuple[object, ...]]:
        columns = (Timer.key, Timer.due_at, Timer.consumed_at, Timer.parked_at)
        return [tuple(row) for row in world.session.execute(select(*columns).order_by(Timer.id))]

    before = timers()
    replan_missing(world.session, world.at)
    assert timers() == before
    park(world)
    world.sleep_until(utc("2026-03-30T12:00"))
    replan_missing(world.session, world.at)
    after = timers()
    replan_missing(world.session, world.at)
    assert timers() == after


def test_one_that_fails_again_holds_up_no_other(world: World) -> None:
    """Nor the start."""
    park(world, "C1")
    park(world, "C2")
    world.ritual("C1").cadence = {"at": "never"}
    world.until(utc("2026-03-31T12:00"))
    replan_missing(world.session, world.at)
    assert planned(world) == ["C2"]


def test_the_night_s_round_plans_too(world: World) -> None:
    """Nobody needs to start the bot anew."""
    park(world)
    world.until(utc("2026-03-31T12:00"))
    Housekeeping(replan_missing).retain(world.session, world.at, [])
    assert planned(world) == ["C1", "C2"]
