"""The same world as asking's tests have; and a desk, between items and a Jira site."""

from collections.abc import AsyncIterator

import pytest

from bot.core.clock import MovableCalendar
from bot.db.session import Database
from bot.sandbox import Sandbox
from bot.sandbox.jira import Deployment
from tests.actions.desk import Desk, furnish
from tests.asking.conftest import begin, engine, statements, warm_engine
from tests.clocks import HandMachine

__all__ = ["begin", "engine", "statements", "warm_engine"]


@pytest.fixture(params=[Deployment.CLOUD, Deployment.SERVER])
def deployment(request: pytest.FixtureRequest) -> Deployment:
    """Cloud and Data Center: a test that asks for this runs with both."""
    kind: Deployment = request.param
    return kind


@pytest.fixture
async def desk(
    request: pytest.FixtureRequest,
    database: Database,
    machine: HandMachine,
    calendar: MovableCalendar,
) -> AsyncIterator[Desk]:
    """A desk in an office that has Jira, Cloud unless the test asks for both; it is open."""
    kind = Deployment.CLOUD
    if "deployment" in request.fixturenames:
        kind = request.getfixturevalue("deployment")
    world = Sandbox(machine=machine, calendar=calendar, limits=False, deployment=kind)
    await world.start()
    await database.write(lambda session: furnish(session, calendar.now()))
    made = Desk(database, machine, calendar, world)
    made.start()
    yield made
    await made.kill()
    await made.jira.close()
    await world.stop()
