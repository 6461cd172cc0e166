"""An item and its issue, changed on either side: each follows the other."""

from datetime import date
from typing import Any

import pytest

from bot.actions.agreed import agreed
from bot.actions.merge import Field
from bot.core.states import ItemState
from bot.sandbox.jira import control as acts
from bot.sandbox.jira.aurora import DATA, account_id
from tests.actions.desk import (
    ARJUN,
    CHANGE,
    INES,
    LENA,
    MEI,
    MOVE,
    RAFAEL,
    READ,
    Desk,
    connect,
    person_id,
)

LATER = date(2026, 5, 1)


async def made(desk: Desk, **more: Any) -> int:
    """An item with its issue, ML-1, on which both agree."""
    item_id = await desk.raised(**more)
    await desk.settle()
    return item_id


async def test_what_changes_in_slack_goes_to_jira(desk: Desk, deployment: object) -> None:
    """State, owner and due date; and a date may be taken away again."""
    item_id = await made(desk)
    await desk.changes(item_id, state=ItemState.IN_PROGRESS, owner=ARJUN, due=LATER)
    await desk.settle()
    issue = desk.issue()
    assert (issue.category.key, issue.assignee) == ("indeterminate", account_id("arjun"))
    assert issue.values["duedate"] == LATER.isoformat()
    await desk.changes(item_id, state=ItemState.DONE, due=None)
    await desk.settle()
    assert desk.issue().category.key == "done"
    assert desk.issue().values.get("duedate") is None
    assert (await desk.item(item_id)).note is None
    assert await desk.agrees(item_id)


async def test_what_changes_in_jira_comes_to_slack(desk: Desk, deployment: object) -> None:
    """State, assignee and due date, and the summary, which is Jira's from its creation on."""
    item_id = await made(desk)
    desk.moves("ML-1", "done")
    desk.edits("ML-1", assignee="arjun", duedate=LATER.isoformat(), summary="Fix both joins")
    await desk.polls()
    item = await desk.item(item_id)
    owner = await desk.database.read(lambda session: person_id(session, ARJUN))
    assert (item.state, item.owner_id, item.due) == (ItemState.DONE, owner, LATER)
    assert (item.what, item.note) == ("Fix both joins", None)
    assert item.closed_at is not None
    assert (item.assigned_by, item.told_on) == (None, None)
    desk.moves("ML-1", "new")
    await desk.polls()
    item = await desk.item(item_id)
    assert (item.state, item.closed_at) == (ItemState.OPEN, None)


async def test_only_what_differs_is_sent(desk: Desk) -> None:
    """A changed date is one request; no more for what Jira holds already."""
    item_id = await made(desk)
    await desk.changes(item_id, due=LATER)
    await desk.settle()
    assert len(desk.calls("PUT", "/issue/")) == 1
    assert desk.calls("POST", "/transitions") == []
    await desk.changes(item_id, details="Nothing that goes to Jira")
    await desk.settle()
    assert len(desk.calls("PUT", "/issue/")) == 1


async def test_changed_on_both_sides_jira_wins_and_the_item_says_so(desk: Desk) -> None:
    """In that field; what only one side changed follows as ever."""
    item_id = await made(desk)
    desk.edits("ML-1", duedate="2026-06-01")
    await desk.changes(item_id, due=LATER, state=ItemState.IN_PROGRESS)
    await desk.settle()
    item = await desk.item(item_id)
    assert item.due == date(2026, 6, 1)
    assert item.note == "Its due date was changed in Jira too, and Jira's stands."
    assert desk.issue().category.key == "indeterminate"
    assert desk.issue().values["duedate"] == "2026-06-01"
    await desk.changes(item_id, due=LATER)
    await desk.settle()
    assert (await desk.item(item_id)).note is None
    assert desk.issue().values["duedate"] == LATER.isoformat()


async def test_the_same_change_on_both_sides_is_no_conflict(desk: Desk) -> None:
    """They agree already."""
    item_id = await made(desk)
    desk.moves("ML-1", "done")
    await desk.changes(item_id, state=ItemState.DONE)
    await desk.settle()
    assert (await desk.item(item_id)).note is None
    assert desk.calls("POST", "/transitions") == []


async def test_where_no_way_leads_jiras_status_stays_and_the_item_says_so(desk: Desk) -> None:
    """The data team's workflow has none from To Do to Done."""
    await desk.database.write(lambda session: connect(session, desk.calendar.now(), DATA))
    item_id = await made(desk)
    await desk.changes(item_id, state=ItemState.DONE, closed_at=desk.calendar.now())
    await desk.settle()
    item = await desk.item(item_id)
    assert (item.state, item.closed_at) == (ItemState.OPEN, None)
    assert item.note == "Jira has no way from “To Do” to done, so it is as Jira has it."
    assert desk.issue().category.key == "new"
    assert await desk.agrees(item_id)
    await desk.changes(item_id, state=ItemState.IN_PROGRESS)
    await desk.settle()
    assert desk.issue().category.key == "indeterminate"
    assert (await desk.item(item_id)).note is None


async def test_a_way_that_jira_refuses_after_all_is_none(desk: Desk) -> None:
    """It says why, and the note passes that on."""
    item_id = await made(desk)
    desk.there(acts.project, project="ML", without=["TRANSITION_ISSUES"])
    await desk.changes(item_id, state=ItemState.DONE)
    await desk.settle()
    item = await desk.item(item_id)
    assert item.state is ItemState.OPEN
    assert item.note is not None
    assert item.note.startswith("Jira has no way from “To Do” to done")


async def test_what_is_dropped_is_done_there_and_stays_dropped_here(desk: Desk) -> None:
    """Until somebody takes it up again in Jira."""
    item_id = await made(desk)
    closed = {"reason": "no need", "closed_at": desk.calendar.now()}
    await desk.changes(item_id, state=ItemState.DROPPED, **closed)
    await desk.settle()
    assert desk.issue().category.key == "done"
    desk.edits("ML-1", duedate=LATER.isoformat())
    await desk.polls()
    item = await desk.item(item_id)
    assert (item.state, item.reason, item.due) == (ItemState.DROPPED, "no need", LATER)
    desk.moves("ML-1", "indeterminate")
    await desk.changes(item_id, details="x")
    await desk.settle()
    item = await desk.item(item_id)
    assert (item.state, item.reason) == (ItemState.IN_PROGRESS, None)


# --- people


async def test_somebody_who_is_not_in_jira_leaves_it_unassigned_with_a_note(desk: Desk) -> None:
    """At its creation, and when it is given to them."""
    item_id = await made(desk, owner=RAFAEL)
    assert desk.issue().assignee is None
    note = "Rafael was not found in Jira, so the ticket is assigned to nobody."
    assert (await desk.item(item_id)).note == note
    await desk.changes(item_id, owner=MEI)
    await desk.settle()
    assert desk.issue().assignee == account_id("mei")
    assert (await desk.item(item_id)).note is None
    await desk.changes(item_id, owner=RAFAEL)
    await desk.settle()
    item = await desk.item(item_id)
    assert (desk.issue().assignee, item.note) == (None, note)
    assert await desk.database.read(lambda session: person_id(session, RAFAEL)) == item.owner_id


async def test_somebody_who_cant_be_assigned_leaves_it_unassigned_with_a_note(
    desk: Desk, deployment: object
) -> None:
    """Not failed: the issue is made without them, and stays theirs in Slack."""
    item_id = await made(desk, owner=INES)
    note = "Inês can't be assigned in Jira, so the ticket is assigned to nobody."
    assert (desk.issue().assignee, (await desk.item(item_id)).note) == (None, note)
    await desk.changes(item_id, owner=MEI, state=ItemState.IN_PROGRESS)
    await desk.settle()
    await desk.changes(item_id, owner=INES, due=LATER)
    await desk.settle()
    item = await desk.item(item_id)
    assert (desk.issue().assignee, item.note) == (None, note)
    assert desk.issue().values["duedate"] == LATER.isoformat()
    assert await desk.database.read(lambda session: person_id(session, INES)) == item.owner_id
    assert await desk.agrees(item_id)


@pytest.mark.parametrize("owner", [RAFAEL, INES, None])
async def test_a_project_that_assigns_its_lead_gets_to_know_that_it_is_nobody_s(
    desk: Desk, deployment: object, owner: str | None
) -> None:
    """Whoever owns it here is not found there, or can't be assigned, or it is nobody's."""
    desk.there(acts.project, project="ML", default_assignee="arjun")
    item_id = await made(desk, owner=owner)
    assert desk.issue().assignee is None
    await desk.polls()
    expected = await desk.database.read(lambda session: person_id(session, owner))
    assert (await desk.item(item_id)).owner_id == expected
    assert await desk.agrees(item_id)


@pytest.mark.parametrize("owner", [MEI, RAFAEL, INES, None])
async def test_where_jira_takes_no_nobody_whom_it_chose_is_noted_and_the_owner_stays(
    desk: Desk, deployment: object, owner: str | None
) -> None:
    """Until somebody changes it on either side."""
    without = ["ASSIGN_ISSUES"]
    desk.there(acts.project, project="ML", default_assignee="arjun", without=without)
    item_id = await made(desk, owner=owner)
    await desk.polls()
    assert desk.issue().assignee == account_id("arjun")
    item = await desk.item(item_id)
    expected = await desk.database.read(lambda session: person_id(session, owner))
    assert item.owner_id == expected
    name = desk.world.site.jira.world.accounts[account_id("arjun")].display_name
    note = f"Jira assigned the ticket to {name} by itself; the item is still whose it was."
    assert item.note == note
    assert await desk.agrees(item_id)
    desk.edits("ML-1", assignee="lena")
    await desk.polls()
    item = await desk.item(item_id)
    lena = await desk.database.read(lambda session: person_id(session, LENA))
    assert (item.owner_id, item.note) == (lena, None)


@pytest.mark.parametrize("by_hand", [True, False])
async def test_who_was_assigned_by_hand_before_anybody_read_the_issue_is_no_choice_of_jira_s(
    desk: Desk, deployment: object, by_hand: bool
) -> None:
    """The issue's changes tell them apart, also where its project assigns new ones to somebody."""
    without = [] if by_hand else ["ASSIGN_ISSUES"]
    desk.there(acts.project, project="ML", default_assignee="arjun", without=without)
    desk.trouble(READ, "status", status=503)
    item_id = await desk.raised(owner=RAFAEL)
    await desk.struck()
    if by_hand:
        desk.edits("ML-1", assignee="lena")
    desk.edits("ML-1", summary="Fix both joins")
    await desk.settle()
    item = await desk.item(item_id)
    names = {LENA: await desk.database.read(lambda session: person_id(session, LENA))}
    names[RAFAEL] = await desk.database.read(lambda session: person_id(session, RAFAEL))
    assert item.owner_id == names[LENA if by_hand else RAFAEL]
    assert desk.issue().assignee == account_id("lena" if by_hand else "arjun")
    assert item.note is None if by_hand else "by itself" in (item.note or "")
    assert await desk.agrees(item_id)


async def test_somebody_assigned_in_jira_who_is_not_in_slack_is_named(desk: Desk) -> None:
    """The item has nobody then; a new owner in Slack is assigned there."""
    item_id = await made(desk)
    desk.there(acts.account, account="greta", display_name="Greta Holm")
    desk.edits("ML-1", assignee="greta")
    await desk.polls()
    item = await desk.item(item_id)
    assert item.owner_id is None
    assert item.note == (
        "In Jira it is assigned to Greta Holm, whom Meridian doesn't know in Slack."
    )
    await desk.changes(item_id, owner=ARJUN)
    await desk.settle()
    assert desk.issue().assignee == account_id("arjun")
    assert (await desk.item(item_id)).note is None


async def test_unassigned_in_jira_is_nobodys_in_slack(desk: Desk) -> None:
    """Changed on one side, it follows."""
    item_id = await made(desk)
    desk.edits("ML-1", assignee=None)
    await desk.polls()
    item = await desk.item(item_id)
    assert (item.owner_id, item.note) == (None, None)


# --- on its way


@pytest.mark.parametrize("mode", ["drop_after", "drop_before"])
@pytest.mark.parametrize("path", [CHANGE, MOVE])
async def test_a_change_whose_outcome_is_unknown_is_merged_again(
    desk: Desk, path: str, mode: str
) -> None:
    """Whether or not it took effect: in the end it stands, and no conflict is seen in it."""
    item_id = await made(desk)
    desk.trouble(path, mode)
    await desk.changes(item_id, due=LATER, state=ItemState.DONE)
    await desk.settle()
    item = await desk.item(item_id)
    assert (desk.issue().category.key, desk.issue().values["duedate"]) == ("done", str(LATER))
    assert (item.state, item.note) == (ItemState.DONE, None)
    assert await desk.agrees(item_id)


@pytest.mark.parametrize("mode", ["drop_after", "drop_before"])
@pytest.mark.parametrize("path", [CHANGE, MOVE])
async def test_a_refused_owner_keeps_the_item_whatever_reply_is_lost(
    desk: Desk, path: str, mode: str
) -> None:
    """That to the change, or that to the way on, once the issue is nobody's already."""
    item_id = await made(desk)
    desk.trouble(path, mode)
    await desk.changes(item_id, owner=INES, state=ItemState.DONE)
    await desk.settle()
    item = await desk.item(item_id)
    assert await desk.database.read(lambda session: person_id(session, INES)) == item.owner_id
    assert item.note == "Inês can't be assigned in Jira, so the ticket is assigned to nobody."
    assert (desk.issue().assignee, desk.issue().category.key) == (None, "done")


async def test_an_issue_that_moves_to_another_project_is_followed(
    desk: Desk, deployment: object
) -> None:
    """By its number; its new key is shown, and changes go on both ways."""
    item_id = await made(desk)
    desk.there(acts.move, key="ML-1", project="DATA")
    await desk.polls()
    assert (await desk.item(item_id)).issue_key == "DATA-1"
    await desk.changes(item_id, due=LATER)
    await desk.settle()
    assert desk.issue().values["duedate"] == LATER.isoformat()


async def test_an_issue_links_back_to_slack_once(desk: Desk, deployment: object) -> None:
    """To the message that it came from; written again, it is replaced."""
    item_id = await made(desk, message_ts="1774828800.000100")
    world = desk.world.site.jira.world
    [link] = world.links[desk.issue().id]
    assert link.object["url"] == "https://aurora-ml.slack.com/archives/C01CHURN/p1774828800000100"
    await desk.changes(item_id, message_ts="1774828900.000100")
    await desk.settle()
    [link] = world.links[desk.issue().id]
    assert link.object["url"].endswith("/p1774828900000100")


async def test_a_link_that_was_refused_is_written_once_that_is_allowed(desk: Desk) -> None:
    """The issue is there all the same, and nobody takes the link for written."""
    desk.there(acts.project, project="ML", without=["LINK_ISSUES"])
    item_id = await made(desk)
    world = desk.world.site.jira.world
    assert await desk.agrees(item_id)
    assert agreed(await desk.item(item_id)).link == ""
    assert desk.issue().id not in world.links
    desk.there(acts.project, project="ML", without=[])
    await desk.changes(item_id, due=LATER)
    await desk.settle()
    [link] = world.links[desk.issue().id]
    assert agreed(await desk.item(item_id)).link == link.object["url"]
    calls = len(desk.calls("POST", "/remotelink"))
    await desk.changes(item_id, due=None)
    await desk.settle()
    assert len(desk.calls("POST", "/remotelink")) == calls


async def test_notes_are_one_line(desk: Desk) -> None:
    """However many fields had one."""
    item_id = await made(desk, owner=RAFAEL)
    desk.edits("ML-1", duedate="2026-06-01")
    await desk.changes(item_id, due=LATER)
    await desk.settle()
    item = await desk.item(item_id)
    assert item.note is not None
    assert item.note.count("\n") == 0
    assert set(agreed(item).notes) == {Field.ASSIGNEE, Field.DUE}
