"""An issue that was deleted, or made twice by somebody, is told of and mended."""

from bot.actions import mending
from bot.actions.mended import Mended, NoTrouble
from bot.core.states import ItemState, Outcome
from bot.sandbox.jira import control as acts
from tests.actions.desk import CHANGE, CREATE, MEI, Desk
from tests.actions.troubles.pressed import HALF_AN_HOUR, mend, told


async def test_the_owner_of_a_deleted_issue_is_asked(desk: Desk, deployment: object) -> None:
    """The item says so; it can be made again, and is then another issue."""
    item_id = await desk.raised()
    await desk.settle()
    first = desk.issue().id
    desk.there(acts.delete, key="ML-1")
    await desk.polls()
    assert (await desk.mirror(item_id)).outcome is Outcome.GONE
    assert (await desk.item(item_id)).note == "Its ticket ML-1 is gone from Jira."
    said = await told(desk, MEI)
    assert "ML-1, the ticket of “Fix the join”, is gone from Jira" in said
    assert "Create it again" in said
    assert "Go on without" in said
    assert await mend(desk, mending.create_again, MEI, item_id) == Mended()
    await desk.settle()
    item = await desk.item(item_id)
    assert (item.issue_key, item.note) == ("ML-2", None)
    assert desk.issue().id == item.issue_id != first
    assert await told(desk, MEI) == ""


async def test_an_issue_that_moves_out_of_sight_and_back_is_the_same_again(desk: Desk) -> None:
    """Its owner is asked meanwhile, since nobody can tell it from a deleted one."""
    item_id = await desk.raised()
    await desk.settle()
    first = desk.issue().id
    desk.there(acts.project, project="DATA", without=["BROWSE_PROJECTS"])
    desk.there(acts.move, key="ML-1", project="DATA")
    await desk.polls()
    assert (await desk.mirror(item_id)).outcome is Outcome.GONE
    assert "deleted, or moved out of Meridian's sight" in await told(desk, MEI)
    await desk.polls()
    assert (await desk.item(item_id)).note == "Its ticket ML-1 is gone from Jira."
    await desk.changes(item_id, state=ItemState.IN_PROGRESS)
    desk.there(acts.project, project="DATA", without=[])
    await desk.polls()
    item = await desk.item(item_id)
    assert (item.issue_id, item.issue_key, item.note) == (first, "DATA-1", None)
    assert desk.issue().category.key == "indeterminate"
    assert await told(desk, MEI) == ""
    assert await desk.agrees(item_id)


async def test_a_button_left_over_makes_no_second_ticket(desk: Desk) -> None:
    """It was made again already; that Jira refuses a change of it is another trouble."""
    item_id = await desk.raised()
    await desk.settle()
    desk.there(acts.delete, key="ML-1")
    await desk.polls()
    assert await mend(desk, mending.create_again, MEI, item_id) == Mended()
    await desk.settle()
    desk.trouble(CHANGE, "status", status=400)
    await desk.changes(item_id, due=None)
    await desk.settle()
    assert (await desk.mirror(item_id)).outcome is Outcome.PARKED
    assert await mend(desk, mending.create_again, MEI, item_id) == NoTrouble()
    await desk.settle()
    assert [one.key for one in desk.issues()] == ["ML-2"]
    assert await mend(desk, mending.try_again, MEI, item_id) == Mended()
    await desk.settle()
    assert await desk.agrees(item_id)


async def test_where_the_whole_team_waits_no_item_lets_its_ticket_go(desk: Desk) -> None:
    """And none is tried alone: a button of an older card does nothing."""
    item_id = await desk.raised()
    await desk.settle()
    desk.there(acts.project, project="ML", without=["EDIT_ISSUES"])
    await desk.changes(item_id, due=None)
    await desk.settle()
    assert (await desk.mirror(item_id)).outcome is Outcome.BLOCKED
    for use_case in (mending.create_again, mending.go_on_without, mending.try_again):
        assert await mend(desk, use_case, MEI, item_id) == NoTrouble()
    assert (await desk.item(item_id)).issue_key == "ML-1"


async def test_one_can_go_on_without_a_deleted_issue(desk: Desk) -> None:
    """Nothing more is said of it, and the item goes on."""
    item_id = await desk.raised()
    await desk.settle()
    desk.there(acts.delete, key="ML-1")
    await desk.polls()
    assert await mend(desk, mending.go_on_without, MEI, item_id) == Mended()
    item = await desk.item(item_id)
    assert (item.issue_id, item.issue_key, item.note) == (None, None, None)
    await desk.changes(item_id, state=ItemState.DONE)
    await desk.polls()
    assert desk.issues() == []
    assert await told(desk, MEI) == ""


async def test_one_can_want_a_ticket_after_all(desk: Desk) -> None:
    """Having gone on without: it is made like a first one."""
    item_id = await desk.raised()
    await desk.settle()
    desk.there(acts.delete, key="ML-1")
    await desk.polls()
    await mend(desk, mending.go_on_without, MEI, item_id)
    await desk.changes(item_id, wants_ticket=True)
    await desk.settle()
    assert desk.issue().key == "ML-2"
    assert await desk.agrees(item_id)


async def test_a_deleted_issue_of_what_is_done_is_nobody_s_trouble(desk: Desk) -> None:
    """It is noted beside the item, and nobody is asked."""
    item_id = await desk.raised()
    await desk.settle()
    await desk.changes(item_id, state=ItemState.DONE, closed_at=desk.calendar.now())
    await desk.settle()
    desk.there(acts.delete, key="ML-1")
    cards = await desk.cards()
    await desk.polls()
    assert (await desk.item(item_id)).note == "Its ticket ML-1 is gone from Jira."
    assert await told(desk, MEI) == ""
    assert await desk.cards() == cards


async def test_of_two_issues_somebody_says_which_one_counts(desk: Desk) -> None:
    """It is followed from then on; the other is theirs to delete."""
    desk.trouble(CREATE, "drop_after")
    item_id = await desk.raised()
    await desk.struck()
    label = f"meridian-{(await desk.mirror(item_id)).uid}"
    fields = {"summary": "Fix the join", "labels": [label]}
    desk.there(acts.create, project="ML", fields=fields)
    await desk.settle(HALF_AN_HOUR)
    said = await told(desk, MEI)
    assert "Jira has 2 tickets of “Fix the join”: ML-1 and ML-2." in said
    assert "Keep ML-2" in said
    second = desk.issues()[1].id
    assert await mend(desk, mending.keep_one, MEI, item_id, "4711") == NoTrouble()
    assert await mend(desk, mending.keep_one, MEI, item_id, second) == Mended()
    await desk.settle()
    assert (await desk.item(item_id)).issue_key == "ML-2"
    assert await desk.agrees(item_id)
    assert await told(desk, MEI) == ""
