"""Jira is away or refuses everything for a while: nothing is lost, and all of it goes later."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from bot.actions import troubles
from bot.core.states import ItemState
from bot.db.tables import RatePause, Workspace
from bot.engine import rates
from bot.sandbox.jira import control as acts
from tests.actions.desk import ANY, CHANGE, CREATE, MOVE, READ, Desk

A_DAY = 24 * 3600


async def test_a_429_waits_as_long_as_it_says(desk: Desk) -> None:
    """Nothing took effect; the pause is kept in SQL, for all that goes to Jira."""
    desk.trouble(CREATE, "status", status=429, retry_after=45)
    item_id = await desk.raised()
    await desk.struck()
    began = desk.machine.utc()

    def pauses(session: Session) -> dict[str, float]:
        found = session.get(RatePause, rates.ISSUE)
        return {} if found is None else {found.scope: (found.until - began).total_seconds()}

    assert await desk.database.read(pauses) == {rates.ISSUE: pytest.approx(45, abs=1)}
    await desk.pass_time(40)
    assert len(desk.calls("POST", "/issue")) == 1
    await desk.settle()
    assert await desk.agrees(item_id)
    assert len(desk.issues()) == 1


async def test_a_429_in_the_middle_of_a_merge_loses_nothing(desk: Desk) -> None:
    """It is merged again after the pause."""
    item_id = await desk.raised()
    await desk.settle()
    desk.trouble(MOVE, "status", status=429, retry_after=20)
    await desk.changes(item_id, state=ItemState.DONE, due=None)
    await desk.settle()
    assert (desk.issue().category.key, desk.issue().values.get("duedate")) == ("done", None)
    assert await desk.agrees(item_id)


async def test_a_500_at_creation_is_looked_for_first(desk: Desk) -> None:
    """Nobody knows whether it took effect."""
    desk.trouble(CREATE, "status", status=500)
    item_id = await desk.raised()
    await desk.settle(1800)
    assert len(desk.calls("POST", "search")) == 4
    assert desk.issue().key == "ML-1"
    assert await desk.agrees(item_id)


async def test_a_day_without_jira_loses_nothing(desk: Desk) -> None:
    """What was raised, changed and done meanwhile is there soon after it is back, once each."""
    before = await desk.raised("Before")
    await desk.settle()
    desk.trouble(ANY, "status", status=503, count=None)
    raised = [await desk.raised(f"Item {number}") for number in range(8)]
    await desk.changes(before, state=ItemState.DONE, due=None)
    for _ in range(48):
        await desk.pass_time(A_DAY / 48)
    calls = len(desk.calls("", "/jira"))
    assert calls < 1500, calls  # nobody hammers on a closed door
    assert len(desk.issues()) == 1
    await desk.changes(raised[0], what="Item 0, as it is by now")
    desk.world.site.faults.clear()
    began = desk.machine.utc()
    await desk.settle(900)
    assert desk.machine.utc() - began <= timedelta(minutes=6)
    summaries = sorted(issue.summary for issue in desk.issues())
    assert summaries == ["Before", "Item 0, as it is by now", *(f"Item {n}" for n in range(1, 8))]
    assert all([await desk.agrees(one) for one in (before, *raised)])
    done = next(issue for issue in desk.issues() if issue.summary == "Before")
    assert done.category.key == "done"


async def test_one_that_always_fails_holds_up_no_other(desk: Desk) -> None:
    """A trouble of its own is no outage."""
    first = await desk.raised("First")
    await desk.settle()
    desk.trouble(READ, "status", status=500, count=None)
    await desk.changes(first, due=None)
    await desk.pass_time(5)
    await desk.pass_time(30)
    assert desk.limits.paused(rates.ISSUE) == 0
    second = await desk.raised("Second")
    await desk.until(lambda: {one.summary for one in desk.issues()} == {"First", "Second"}, 5)
    desk.world.site.faults.clear()
    await desk.settle(600)
    assert await desk.agrees(first)
    assert await desk.agrees(second)


async def test_at_an_outage_s_end_what_may_still_take_effect_is_left_alone(desk: Desk) -> None:
    """Nobody heard what came of a change: it is not told again before that has settled."""
    ids = [await desk.raised(f"Item {number}") for number in range(4)]
    await desk.settle()
    unheard = f"/issue/{(await desk.item(ids[0])).issue_id}"
    desk.trouble(CHANGE, "drop_after")
    await desk.changes(ids[0], due=None)
    await desk.struck()
    began = desk.machine.utc()
    reads = len(desk.calls("GET", unheard))
    desk.trouble(ANY, "status", status=503, count=None)
    for one in ids[1:]:
        await desk.changes(one, due=None)
    await desk.until(lambda: desk.limits.paused(rates.ISSUE) > 0, 4)
    desk.world.site.faults.clear()
    await desk.raised("The first that gets through")
    await desk.until(lambda: len(desk.issues()) == 5, 8)
    while desk.machine.utc() - began < timedelta(seconds=14):
        assert len(desk.calls("GET", unheard)) == reads
        await desk.pass_time(1)
    await desk.settle(20)
    assert all([await desk.agrees(one) for one in ids])


async def test_a_dead_token_pauses_all_until_it_is_repaired(desk: Desk) -> None:
    """Told once; then everything that waited goes."""
    desk.there(acts.token, state="dead")
    ids = [await desk.raised(f"Item {number}") for number in range(3)]
    await desk.settle()

    def paused(session: Session) -> str | None:
        return session.get_one(Workspace, 1).jira_paused

    assert await desk.database.read(paused)
    calls = len(desk.calls("", "/jira"))
    for _ in range(10):
        await desk.pass_time(60)
    assert len(desk.calls("", "/jira")) == calls
    assert await desk.cards() == 1
    desk.there(acts.token, state="alive")
    await desk.database.write(troubles.alive, desk.calendar.now(), 1)
    await desk.settle()
    assert await desk.database.read(paused) is None
    assert len(desk.issues()) == 3
    assert all([await desk.agrees(one) for one in ids])


async def test_cloud_treats_a_dead_token_as_nobody_s_and_that_is_told_too(desk: Desk) -> None:
    """Every issue would seem deleted: none is taken for lost."""
    item_id = await desk.raised()
    await desk.settle()
    desk.there(acts.token, state="anonymous")
    await desk.changes(item_id, due=None)
    await desk.settle()
    mirror = await desk.mirror(item_id)
    assert mirror.outcome is None
    desk.there(acts.token, state="alive")
    await desk.database.write(troubles.alive, desk.calendar.now(), 1)
    await desk.settle()
    assert desk.issue().values.get("duedate") is None


async def test_somebody_who_changes_it_at_the_same_moment_is_no_refusal(desk: Desk) -> None:
    """A 409: merged again."""
    item_id = await desk.raised()
    await desk.settle()
    desk.trouble(MOVE, "status", status=409)
    await desk.changes(item_id, state=ItemState.DONE)
    await desk.settle()
    assert desk.issue().category.key == "done"
    assert (await desk.item(item_id)).note is None
