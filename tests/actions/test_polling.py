"""Looking at all issues every five minutes: few requests, and only what differs is read again."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import polling, tickets
from bot.actions.polling import Polling
from bot.core.states import ItemState, MirrorKind, Outcome
from bot.db.tables import Mirror
from bot.engine import mirrors, timers
from bot.sandbox.jira import control as acts
from tests.actions.desk import ANY, CHANGE, Desk, add_item, furnish
from tests.clocks import START

MANY = 1000


async def many(desk: Desk, count: int) -> None:
    """So many items, each with the issue that it agrees with."""
    made = [
        desk.there(acts.create, project="ML", fields={"summary": f"Item {number}"})
        for number in range(count)
    ]

    def work(session: Session) -> None:
        for number, issue in enumerate(made):
            item = add_item(session, START, f"Item {number}", None)
            item.issue_id, item.issue_key = issue["id"], issue["key"]
            item.agreed = {
                "here": {"state": "open", "owner": None, "due": None},
                "there": {"category": "new", "assignee": None, "due": None},
            }
            session.add(
                Mirror(
                    uid=f"uid{number}",
                    workspace_id=1,
                    kind=MirrorKind.ISSUE,
                    view=tickets.VIEW,
                    subject=str(item.id),
                    target=tickets.lane(1),
                    remote_id=issue["id"],
                    wanted=1,
                    shown=1,
                    stale_since=START,
                )
            )

    await desk.database.write(work)


async def test_a_thousand_items_are_looked_at_in_twenty_requests(
    desk: Desk, deployment: object
) -> None:
    """And of those alone that changed the issue is read again."""
    await many(desk, MANY)
    desk.moves("ML-3", "done")
    desk.edits("ML-700", duedate="2026-05-01", summary="Item 699, as Jira has it")
    await desk.polls()
    requests = desk.calls("", "/jira/rest")
    reads = desk.calls("GET", "/issue/")
    assert len(requests) - len(reads) <= 20
    assert len(reads) == 2
    third, later = await desk.item(3), await desk.item(700)
    assert third.state is ItemState.DONE
    assert (str(later.due), later.what) == ("2026-05-01", "Item 699, as Jira has it")
    await desk.polls()
    assert len(desk.calls("GET", "/issue/")) == 2


async def test_what_was_closed_lately_is_looked_at_too(desk: Desk) -> None:
    """For a week: it may be taken up again in Jira."""
    lately = await desk.raised("Lately")
    long_ago = await desk.raised("Long ago")
    await desk.settle()
    for item_id, days in ((lately, 6), (long_ago, 8)):
        closed: Any = desk.calendar.now() - timedelta(days=days)
        await desk.changes(item_id, state=ItemState.DONE, closed_at=closed)
    await desk.settle()
    for issue in desk.issues():
        desk.moves(issue.key, "new")
    await desk.polls()
    assert (await desk.item(lately)).state is ItemState.OPEN
    assert (await desk.item(long_ago)).state is ItemState.DONE


async def test_a_look_that_fails_is_tried_again(desk: Desk) -> None:
    """Nothing is taken for deleted because nobody could look."""
    item_id = await desk.raised()
    await desk.settle()
    desk.moves("ML-1", "done")
    desk.trouble(ANY, "status", status=500, count=2)
    await desk.polls()
    assert (await desk.item(item_id)).state is ItemState.DONE


async def test_without_issues_nobody_is_asked(desk: Desk) -> None:
    """An idle installation makes no request."""
    await desk.polls()
    assert desk.calls("", "/jira") == []


def test_a_look_is_due_every_five_minutes(session: Session) -> None:
    """From the start on; a second process that begins at the same moment changes nothing."""
    furnish(session, START)
    looks = Polling(1)
    looks.begin(session, START)
    looks.begin(session, START)
    [timer] = timers.take_due(session, START, 10)
    timers.consume(session, START, [timer])
    looks.look(session, START, [timer])
    assert timers.next_due(session) == START + timedelta(minutes=5)
    [mirror] = session.scalars(select(Mirror)).all()
    assert (mirror.view, mirror.wanted) == (polling.VIEW, 1)


def test_a_moved_clock_does_not_stop_for_looks(session: Session) -> None:
    """They are done in passing: a day of them would be 288 stops."""
    furnish(session, START)
    Polling(1).begin(session, START)
    assert timers.next_due(session, [polling.KIND]) is None
    timers.drop(session, polling.KIND)
    assert timers.next_due(session) is None


async def test_what_ended_is_not_marked_again_and_again(desk: Desk) -> None:
    """A deleted issue is found missing by every look; only its owner can do something about it."""
    item_id = await desk.raised()
    await desk.settle()
    desk.there(acts.delete, key="ML-1")
    await desk.polls()
    wanted = (await desk.mirror(item_id)).wanted
    await desk.polls()
    assert (await desk.mirror(item_id)).wanted == wanted
    ready, later = await desk.database.read(mirrors.waiting, [MirrorKind.ISSUE])
    assert (ready, later) == (0, 0)


async def test_what_jira_refused_is_followed_all_the_same(desk: Desk) -> None:
    """One change that it doesn't take does not hide what people do there."""
    item_id = await desk.raised()
    await desk.settle()
    desk.trouble(CHANGE, "status", status=400, count=None)
    await desk.changes(item_id, due=None)
    await desk.settle()
    assert (await desk.mirror(item_id)).outcome is Outcome.PARKED
    desk.moves("ML-1", "done")
    cards = await desk.cards()
    await desk.polls()
    assert (await desk.item(item_id)).state is ItemState.DONE
    assert await desk.cards() == cards
    wanted = (await desk.mirror(item_id)).wanted
    await desk.polls()
    assert (await desk.mirror(item_id)).wanted == wanted


async def test_a_status_goes_to_jira_though_it_refuses_the_rest(desk: Desk) -> None:
    """The one is no reason to keep the other from it."""
    item_id = await desk.raised()
    await desk.settle()
    desk.trouble(CHANGE, "status", status=400, count=None)
    await desk.changes(item_id, due=None, state=ItemState.DONE)
    await desk.settle()
    assert (await desk.mirror(item_id)).outcome is Outcome.PARKED
    assert desk.issue().category.key == "done"
    assert (await desk.item(item_id)).state is ItemState.DONE


async def test_an_issue_that_is_there_again_is_followed_again(desk: Desk) -> None:
    """Whoever put it out of sight has brought it back, as it was or changed."""
    item_id = await desk.raised()
    await desk.settle()
    kept = desk.issue()
    world = desk.world.site.jira.world
    world.drop(kept)
    await desk.polls()
    assert (await desk.mirror(item_id)).outcome is Outcome.GONE
    world.put(kept)
    await desk.polls()
    assert await desk.agrees(item_id)
    assert (await desk.item(item_id)).note is None
    desk.moves("ML-1", "done")
    await desk.polls()
    assert (await desk.item(item_id)).state is ItemState.DONE
