"""Several worlds outside: none holds up another, and what none takes is left alone."""

import asyncio

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.core.states import MirrorKind, Outcome
from bot.db.session import Database
from bot.db.tables import Mirror, Workspace
from bot.engine import mirrors, rates
from bot.engine.outside import Outside
from tests.clocks import HandMachine
from tests.db import rows
from tests.engine.worlds import BREATH_SECONDS, Recorder, mark, relaying, remote_ids, until


async def test_a_slow_world_holds_up_no_other(database: Database, machine: HandMachine) -> None:
    """It has so many under way and no more; meanwhile the other's get through."""
    slow, quick = Recorder(rates.ISSUE, 2, shut=True), Recorder()
    await database.write(rows.workspace)
    await database.write(mark, MirrorKind.ISSUE, "abcd")
    outsides: dict[MirrorKind, Outside] = {MirrorKind.ISSUE: slow, MirrorKind.MESSAGE: quick}
    async with relaying(database, machine, outsides):
        await until(lambda: len(slow.begun) == 2)
        await database.write(mark, MirrorKind.MESSAGE, "xyz")
        await until(lambda: len(quick.stood) == 3)
        assert len(slow.begun) == 2
        slow.gate.set()
        await until(lambda: len(slow.stood) == 4)
        slow.gate.clear()
        await database.write(mark, MirrorKind.ISSUE, "efgh")
        await until(lambda: len(slow.begun) == 6)
        await asyncio.sleep(BREATH_SECONDS)
        assert len(slow.begun) == 6
        slow.gate.set()
        await until(lambda: len(slow.stood) == 8)
    assert sorted(slow.written) == list("abcdefgh")
    assert (await database.read(remote_ids))["d"] == "id-d"


async def test_what_no_world_takes_is_left_alone(database: Database, machine: HandMachine) -> None:
    """An issue waits until there is a Jira, and goes out then."""
    quick, jira = Recorder(), Recorder(rates.ISSUE, 4)
    await database.write(rows.workspace)
    await database.write(mark, MirrorKind.ISSUE, "a")
    await database.write(mark, MirrorKind.MESSAGE, "x")
    async with relaying(database, machine, {MirrorKind.MESSAGE: quick}) as relay:
        await until(lambda: quick.stood == ["x"] and not relay.busy)
        assert await asyncio.wait_for(relay.rest(), 5) == 0
    assert (await database.read(remote_ids))["a"] is None
    both: dict[MirrorKind, Outside] = {MirrorKind.MESSAGE: quick, MirrorKind.ISSUE: jira}
    async with relaying(database, machine, both):
        await until(lambda: jira.stood == ["a"])


async def test_a_pause_of_one_world_is_no_other_s(database: Database, machine: HandMachine) -> None:
    """While Jira refuses the token, messages go out; it counts as nothing that waits to be sent."""
    quick, jira = Recorder(), Recorder(rates.ISSUE, 4)

    def pause(session: Session) -> None:
        session.get_one(Workspace, 1).jira_paused = "401"

    await database.write(rows.workspace)
    await database.write(pause)
    await database.write(mark, MirrorKind.ISSUE, "a")
    await database.write(mark, MirrorKind.MESSAGE, "x")
    both: dict[MirrorKind, Outside] = {MirrorKind.MESSAGE: quick, MirrorKind.ISSUE: jira}
    async with relaying(database, machine, both):
        await until(lambda: quick.stood == ["x"])
        await until(lambda: database.read_now(mirrors.waiting) == (0, 0))
    assert jira.begun == []


def test_an_outcome_of_an_issue_is_like_any_other(session: Session) -> None:
    """A blocked one is not due until it is lifted."""
    rows.workspace(session)
    mark(session, MirrorKind.ISSUE, "a")
    one = session.scalars(select(Mirror)).one()
    assert [found.creates for found in mirrors.candidates(session, 9)] == [True]
    one.outcome = Outcome.BLOCKED
    session.flush()
    assert mirrors.candidates(session, 9) == []
    mirrors.lift(session, Mirror.id == one.id)
    assert [found.kind for found in mirrors.candidates(session, 9)] == [MirrorKind.ISSUE]
