"""A stop between any two steps, wherever it falls, leaves one issue that is what its item is."""

import asyncio
from collections.abc import Mapping
from datetime import date
from itertools import count
from typing import Any

import pytest

from bot.core.states import ItemState
from tests.actions.desk import ARJUN, CHANGE, CREATE, INES, MOVE, Desk, person_id
from tests.engine.conftest import Stepped, Steps

AN_HOUR = 3600
LATER = date(2026, 5, 1)
CHANGED: dict[str, Any] = {"state": ItemState.DONE, "due": LATER, "owner": ARJUN}


async def live(desk: Desk, steps: Steps, what: str, changed: Mapping[str, Any] = CHANGED) -> int:
    """One life of the bot: an item is raised and then changed, or the bot dies on the way."""
    desk.start(Stepped(desk.database, steps), Stepped(desk.jira, steps))
    item_id = await desk.raised(what)
    await settled_or_dead(desk, steps)
    if not steps.died.is_set():
        await desk.changes(item_id, **changed)
        await settled_or_dead(desk, steps)
    await desk.kill()
    return item_id


async def settled_or_dead(desk: Desk, steps: Steps) -> None:
    settling = asyncio.ensure_future(desk.settle(AN_HOUR))
    dying = asyncio.ensure_future(steps.died.wait())
    await asyncio.wait({settling, dying}, return_when=asyncio.FIRST_COMPLETED)
    for task in (settling, dying):
        task.cancel()
    await asyncio.gather(settling, dying, return_exceptions=True)


@pytest.mark.parametrize(
    ("path", "mode", "least"),
    [
        ("", "", 15),
        pytest.param(CREATE, "drop_after", 17, marks=pytest.mark.slow),
        *(
            pytest.param(*case, marks=pytest.mark.exhaustive)
            for case in (
                (CREATE, "drop_before", 20),
                (CHANGE, "drop_after", 17),
                (MOVE, "drop_after", 17),
            )
        ),
    ],
)
@pytest.mark.timeout(180)
async def test_a_stop_anywhere_leaves_one_issue(
    desk: Desk, path: str, mode: str, least: int
) -> None:
    """Found by trying each step in turn: after every read, commit and call."""
    await desk.kill()
    for stop_at in count(1):
        desk.world.site.faults.clear()
        if path:
            desk.trouble(path, mode)
        steps = Steps(stop_at)
        what = f"Stopped at {stop_at}"
        item_id = await live(desk, steps, what)
        await desk.restart()
        await desk.changes(item_id, **CHANGED)
        await desk.settle(AN_HOUR)
        [issue] = [one for one in desk.issues() if one.summary == what]
        item = await desk.item(item_id)
        assert item.issue_id == issue.id, steps.names[-3:]
        assert (item.state, item.due, item.note) == (ItemState.DONE, LATER, None), steps.names[-3:]
        seen = (issue.category.key, issue.values["duedate"], issue.assignee)
        assert seen == ("done", str(LATER), desk.account("arjun")), steps.names[-3:]
        assert await desk.agrees(item_id), steps.names[-3:]
        await desk.kill()
        if not steps.died.is_set():
            assert stop_at > least, steps.names
            return


@pytest.mark.slow
@pytest.mark.timeout(180)
async def test_a_stop_while_a_refused_owner_is_left_out_keeps_them(desk: Desk) -> None:
    """The issue becomes nobody's, and the item stays theirs, wherever the stop falls."""
    await desk.kill()
    changed = {"state": ItemState.DONE, "owner": INES}
    ines = await desk.database.read(lambda session: person_id(session, INES))
    for stop_at in count(1):
        steps = Steps(stop_at)
        item_id = await live(desk, steps, f"Stopped at {stop_at}", changed)
        await desk.restart()
        await desk.changes(item_id, **changed)
        await desk.settle(AN_HOUR)
        item = await desk.item(item_id)
        issue = desk.issues()[-1]
        assert (item.owner_id, item.state) == (ines, ItemState.DONE), steps.names[-3:]
        assert (issue.assignee, issue.category.key) == (None, "done"), steps.names[-3:]
        note = "Inês can't be assigned in Jira, so the ticket is assigned to nobody."
        assert item.note == note, steps.names[-3:]
        await desk.kill()
        if not steps.died.is_set():
            assert stop_at > 18, steps.names
            return
