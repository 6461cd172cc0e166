"""An issue is created exactly once, whatever is lost on the way."""

from functools import partial

import pytest

from bot.actions import detail, tickets
from bot.core.states import ItemState, Outcome
from bot.sandbox.jira import control as acts
from tests.actions.desk import CREATE, FIND, Desk

HALF_AN_HOUR = 1800


@pytest.mark.parametrize("mode", ["drop_after", "drop_before"])
async def test_a_lost_reply_or_request_leaves_one_issue(
    desk: Desk, deployment: object, mode: str
) -> None:
    """Looked for by its label; where it is not there after the last look, it is created."""
    desk.trouble(CREATE, mode)
    item_id = await desk.raised()
    await desk.settle(HALF_AN_HOUR)
    assert (await desk.item(item_id)).issue_id == desk.issue().id
    assert len(desk.calls("POST", "/issue")) >= 1
    assert await desk.agrees(item_id)


@pytest.mark.parametrize("lag", [0, 5, 60, 300])
async def test_the_index_may_lag(desk: Desk, lag: int) -> None:
    """By up to five minutes: it is found by a later look, and not made again."""
    desk.there(acts.lag, seconds=lag)
    desk.trouble(CREATE, "drop_after")
    item_id = await desk.raised()
    await desk.settle(HALF_AN_HOUR)
    assert (await desk.item(item_id)).issue_id == desk.issue().id
    assert await desk.agrees(item_id)


def looked(desk: Desk, times: int) -> bool:
    return len(desk.calls("POST", "search")) == times


async def test_it_is_looked_for_at_15_seconds_1_5_and_15_minutes(desk: Desk) -> None:
    """After it was sent, and made again only after the last of them."""
    desk.trouble(CREATE, "drop_before")
    item_id = await desk.raised()
    await desk.struck()
    looks: list[float] = []
    for number in range(1, 5):
        mirror = await desk.mirror(item_id)
        assert mirror.sent_at is not None
        assert mirror.not_before is not None
        looks.append(round((mirror.not_before - mirror.sent_at).total_seconds()))
        assert desk.issues() == []
        await desk.pass_time((mirror.not_before - desk.machine.utc()).total_seconds())
        await desk.until(partial(looked, desk, number), 5)
        await desk.idle()
    assert looks == [15, 60, 300, 900]
    await desk.settle()
    assert desk.issue().key == "ML-1"
    assert await desk.agrees(item_id)


async def test_a_look_that_fails_is_no_look(desk: Desk) -> None:
    """Nothing is made again before Jira has said that it is not there."""
    desk.trouble(CREATE, "drop_after")
    desk.trouble(FIND, "status", status=500, count=12)
    await desk.raised()
    await desk.settle(2 * HALF_AN_HOUR)
    assert desk.issue().key == "ML-1"
    assert len(desk.calls("POST", "search")) > 4


async def test_more_than_one_is_told_and_not_hidden(desk: Desk) -> None:
    """Somebody cloned it meanwhile, label and all: which one counts is for a person to say."""
    desk.trouble(CREATE, "drop_after")
    item_id = await desk.raised()
    await desk.struck()
    uid = (await desk.mirror(item_id)).uid
    desk.there(
        acts.create,
        project="ML",
        fields={"summary": "Fix the join", "labels": [tickets.label(uid)]},
    )
    await desk.settle(HALF_AN_HOUR)
    mirror = await desk.mirror(item_id)
    assert mirror.outcome is Outcome.UNKNOWN
    assert [one.key for one in detail.read(mirror.detail).several] == ["ML-1", "ML-2"]
    assert len(desk.issues()) == 2


async def test_what_changed_while_it_was_looked_for_is_merged(desk: Desk) -> None:
    """On both sides: the issue is held against what it was made with, not what is now."""
    desk.there(acts.lag, seconds=60)
    desk.trouble(CREATE, "drop_after")
    item_id = await desk.raised()
    await desk.struck()
    assert desk.issue().category.key == "new"
    await desk.changes(item_id, state=ItemState.IN_PROGRESS)
    desk.edits(desk.issue().key, duedate="2026-05-01")
    await desk.settle(HALF_AN_HOUR)
    item = await desk.item(item_id)
    assert (item.state, str(item.due)) == (ItemState.IN_PROGRESS, "2026-05-01")
    assert desk.issue().category.key == "indeterminate"
    assert item.note is None


async def test_what_was_dropped_meanwhile_is_not_made(desk: Desk) -> None:
    """The request was lost, and nobody wants the ticket any more."""
    desk.trouble(CREATE, "drop_before")
    item_id = await desk.raised()
    await desk.struck()
    await desk.changes(item_id, state=ItemState.DROPPED, reason="no need")
    await desk.settle(HALF_AN_HOUR)
    assert desk.issues() == []
    assert await desk.agrees(item_id)


async def test_what_was_dropped_and_is_there_is_closed(desk: Desk) -> None:
    """The reply was lost: the issue is found, and follows its item."""
    desk.trouble(CREATE, "drop_after")
    item_id = await desk.raised()
    await desk.struck()
    await desk.changes(item_id, state=ItemState.DROPPED, reason="no need")
    await desk.settle(HALF_AN_HOUR)
    assert desk.issue().category.key == "done"
    assert (await desk.item(item_id)).state is ItemState.DROPPED
