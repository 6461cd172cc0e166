"""Troubles with Jira reach somebody who can act, as lines on their card, and are mended there."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import mending, projects
from bot.actions.mended import Asked, Mended, NoTrouble, NotTheirProject
from bot.actions.model import NotTheirs
from bot.actions.projects import Chosen
from bot.actions.troubles import KIND, Troubles
from bot.actions.views import fill_in
from bot.core.content import Beside
from bot.core.states import ItemState, Outcome
from bot.db.tables import JiraProject, Mirror, Timer, Workspace
from bot.engine import timers
from bot.jira.errors import Forbidden
from bot.jira.gateway import Gateway
from bot.jira.model import Created, NewIssue
from bot.sandbox.jira import control as acts
from bot.sandbox.jira.aurora import DATA, ML
from bot.sandbox.jira.schemes import BUG, COMPONENT_AREA, STORY_POINTS, SUBTASK, TASK
from tests.actions.desk import (
    ARJUN,
    CHANGE,
    CHANNEL,
    CREATE,
    LENA,
    MEI,
    NAMES,
    RAFAEL,
    Desk,
    connect,
    furnish,
    person_id,
)
from tests.clocks import START
from tests.endtoend.office import shown

HALF_AN_HOUR = 1800


async def told(desk: Desk, slack_id: str) -> str:
    """What somebody's card says about Jira today; "" for nothing."""

    def read(session: Session) -> Beside | None:
        at = desk.calendar.now()
        person = person_id(session, slack_id) or 0
        return desk.troubles.on_card(session, at, person, at.date())

    found = await desk.database.read(read)
    return "" if found is None else shown({"blocks": found.lines, "text": found.summary})


async def mend(desk: Desk, use_case: Callable[..., Any], who: str, item_id: int, *more: Any) -> Any:
    """Somebody presses a button beside a trouble."""
    mirror_id = (await desk.mirror(item_id)).id
    at = desk.calendar.now()
    return await desk.database.write(use_case, at, 1, who, mirror_id, *more)


def bugs(session: Session) -> None:
    """The data team's bugs, of which Jira wants to know the area."""
    connect(session, START, DATA)
    session.get_one(JiraProject, 1).issue_type = BUG


# --- a field is missing


async def test_a_required_field_is_asked_for_and_filled_in(desk: Desk) -> None:
    """In Jira's own words, on the card of whose item it is; then the ticket is made."""
    await desk.database.write(bugs)
    item_id = await desk.raised()
    await desk.settle()
    assert desk.issues() == []
    assert (await desk.mirror(item_id)).outcome is Outcome.PARKED
    assert (await desk.item(item_id)).note == "It has no ticket yet: Jira asks for more."
    said = await told(desk, MEI)
    assert "“Fix the join” has no ticket yet: Jira asks for more." in said
    assert "Component area" in said
    assert "Fill it in" in said
    assert await told(desk, ARJUN) == ""
    asked = await mend(desk, mending.asked, MEI, item_id)
    assert isinstance(asked, Asked)
    assert (asked.project, asked.issue_type, [*asked.missing]) == (DATA, BUG, [COMPONENT_AREA])
    fields = {COMPONENT_AREA: {"id": "10101"}}
    assert await mend(desk, mending.fill_in, MEI, item_id, fields) == Mended()
    await desk.settle()
    assert desk.issue().values[COMPONENT_AREA] == "10101"
    assert await told(desk, MEI) == ""
    assert (await desk.item(item_id)).note is None


async def test_what_a_team_sets_once_is_on_every_ticket(desk: Desk) -> None:
    """So nobody is asked again and again."""

    def with_area(session: Session) -> None:
        bugs(session)
        session.get_one(JiraProject, 1).fields = {COMPONENT_AREA: {"id": "10100"}}

    await desk.database.write(with_area)
    item_id = await desk.raised()
    await desk.settle()
    assert desk.issue().values[COMPONENT_AREA] == "10100"
    assert await desk.agrees(item_id)


async def test_only_those_who_may_change_the_item_can_mend_it(desk: Desk) -> None:
    """And a trouble that is over is none."""
    await desk.database.write(bugs)
    item_id = await desk.raised()
    await desk.settle()
    assert isinstance(await mend(desk, mending.go_on_without, RAFAEL, item_id), NotTheirs)
    assert isinstance(await mend(desk, mending.asked, RAFAEL, item_id), NotTheirs)
    assert await mend(desk, mending.go_on_without, MEI, item_id) == Mended()
    assert await mend(desk, mending.go_on_without, MEI, item_id) == NoTrouble()
    assert await told(desk, MEI) == ""
    await desk.changes(item_id, due=None)
    await desk.settle()
    assert desk.issues() == []


async def test_a_changed_item_is_tried_again(desk: Desk) -> None:
    """The change may have mended what Jira refused."""
    await desk.database.write(bugs)
    item_id = await desk.raised()
    await desk.settle()
    await desk.changes(item_id, fields={f"{DATA}/{BUG}": {COMPONENT_AREA: {"id": "10101"}}})
    await desk.settle()
    assert await desk.agrees(item_id)


async def test_what_was_filled_in_for_one_project_is_not_told_another(desk: Desk) -> None:
    """Which may not know the field at all. Back in the first, nobody is asked for it again."""
    require = [COMPONENT_AREA, STORY_POINTS]
    desk.there(acts.project, project="DATA", type="Bug", require=require)
    await desk.database.write(bugs)
    item_id = await desk.raised()
    await desk.settle()
    area = {COMPONENT_AREA: {"id": "10101"}}
    assert await mend(desk, mending.fill_in, MEI, item_id, area) == Mended()
    await desk.settle()
    assert "Story" in await told(desk, MEI)

    def elsewhere(session: Session, chosen: Chosen) -> None:
        at = desk.calendar.now()
        projects.keep(session, at, 1, LENA, CHANNEL, "churn-model", chosen, member=False)

    sub = Chosen(ML, "ML", "Churn model", SUBTASK, "Sub-task", {})
    await desk.database.write(elsewhere, sub)
    await desk.settle()
    assert "parent" in await told(desk, MEI)
    assert "Component area" not in await told(desk, MEI)
    back = Chosen(DATA, "DATA", "Data platform", BUG, "Bug", {})
    await desk.database.write(elsewhere, back)
    await desk.settle()
    said = await told(desk, MEI)
    assert "Story" in said
    assert "Component area" not in said
    await desk.database.write(elsewhere, replace(sub, issue_type=TASK))
    await desk.settle()
    assert await desk.agrees(item_id)
    assert COMPONENT_AREA not in desk.issue().values


# --- a whole team's lane


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"fields": {COMPONENT_AREA: {"id": "99"}}}, "Option id '99' is not valid"),
        ({"fields": {STORY_POINTS: 3}}, "cannot be set"),
        ({"issue_type": "10099"}, "Specify a valid issue type"),
    ],
)
async def test_what_the_team_chose_and_jira_refuses_is_told_once_to_who_chose_it(
    desk: Desk, chosen: dict[str, Any], said: str
) -> None:
    """Not to whom each of its items belongs; chosen anew, all of them go."""

    def choose(session: Session) -> None:
        bugs(session)
        for name, value in chosen.items():
            setattr(session.get_one(JiraProject, 1), name, value)

    await desk.database.write(choose)
    ids = [await desk.raised(f"Item {number}", owner=who) for number, who in enumerate(NAMES)]
    await desk.settle()
    assert {(await desk.mirror(one)).outcome for one in ids} == {Outcome.BLOCKED}
    words = await told(desk, LENA)
    assert said in words
    assert "5 tickets wait." in words
    assert [await told(desk, one) for one in NAMES if one != LENA] == [""] * 4
    assert await desk.cards() == 1
    task = Chosen(DATA, "DATA", "Data platform", TASK, "Task", {})

    def anew(session: Session) -> None:
        at = desk.calendar.now()
        projects.keep(session, at, 1, LENA, CHANNEL, "churn-model", task, member=False)

    await desk.database.write(anew)
    await desk.settle()
    assert len(desk.issues()) == 5
    assert await told(desk, LENA) == ""


async def test_no_permission_is_told_once_to_who_chose_the_project(desk: Desk) -> None:
    """Tried again with each look; once one gets through, the others follow."""
    desk.there(acts.project, project="ML", without=["CREATE_ISSUES"])
    ids = [await desk.raised(f"Item {number}") for number in range(3)]
    await desk.settle()
    assert [(await desk.mirror(one)).outcome for one in ids] == [Outcome.BLOCKED] * 3
    said = await told(desk, LENA)
    assert "Jira takes nothing from Meridian in “Churn model (ML)”." in said
    assert "You do not have permission to create issues" in said
    assert "3 tickets wait." in said
    assert await told(desk, MEI) == ""
    assert await desk.cards() == 1
    calls = len(desk.calls("POST", "/issue"))
    await desk.polls()
    assert len(desk.calls("POST", "/issue")) == calls + 1
    desk.there(acts.project, project="ML", without=[])
    await desk.polls()
    assert len(desk.issues()) == 3
    assert all([await desk.agrees(one) for one in ids])
    assert await told(desk, LENA) == ""


async def test_a_lane_that_stays_shut_is_tried_ever_more_seldom(desk: Desk) -> None:
    """Up to an hour apart; soon again once somebody tries, or something gets through."""
    desk.there(acts.project, project="ML", without=["CREATE_ISSUES"])
    await desk.raised()
    await desk.settle()

    def refused() -> int:
        return sum(one.startswith("4") for one in desk.calls("POST", "/issue"))

    async def tried(looks: int) -> list[int]:
        """The looks in which it was."""
        found = []
        for look in range(1, looks + 1):
            before = refused()
            await desk.polls()
            found += [look] * (refused() - before)
        return found

    assert await tried(48) == [1, 2, 4, 8, 16, 28, 40]
    at = desk.calendar.now()
    assert await desk.database.write(mending.try_lane, at, 1, LENA, 1) == Mended()
    await desk.settle()
    assert await tried(4) == [1, 2, 4]
    desk.there(acts.project, project="ML", without=[])
    await desk.raised("Another")
    await desk.settle()
    desk.there(acts.project, project="ML", without=["CREATE_ISSUES"])
    await desk.raised("A third")
    await desk.settle()
    assert len(desk.issues()) == 2
    assert await tried(2) == [1, 2]


async def test_they_may_try_again_at_once(desk: Desk) -> None:
    """Whoever chose the project and admins; nobody else is offered it."""
    desk.there(acts.project, project="ML", without=["CREATE_ISSUES"])
    item_id = await desk.raised()
    await desk.settle()
    desk.there(acts.project, project="ML", without=[])
    at = desk.calendar.now()
    refused = await desk.database.write(mending.try_lane, at, 1, MEI, 1)
    assert refused == NotTheirProject()
    assert "whoever chose the team's project and workspace admins" in fill_in.refusal(refused)
    assert await desk.database.write(mending.try_lane, at, 1, LENA, 1) == Mended()
    await desk.settle()
    assert await desk.agrees(item_id)
    assert await desk.database.write(mending.try_lane, at, 1, LENA, 1) == NoTrouble()


async def test_a_project_that_is_gone_is_no_deleted_issue(desk: Desk) -> None:
    """Its issues can't be seen, but they are not given up: they go on when it is back."""
    made = await desk.raised("Made before")
    await desk.settle()
    desk.there(acts.project, project="ML", deleted=True)
    new = await desk.raised("Raised after")
    await desk.changes(made, due=None)
    await desk.settle()
    for item_id in (made, new):
        assert (await desk.mirror(item_id)).outcome is Outcome.BLOCKED
    assert "2 tickets wait." in await told(desk, LENA)
    desk.there(acts.project, project="ML", deleted=False)
    await desk.polls()
    assert await desk.agrees(made)
    assert await desk.agrees(new)
    assert len(desk.issues()) == 2


async def test_no_right_to_edit_is_told_as_well(desk: Desk) -> None:
    """What was changed here goes once it is given."""
    item_id = await desk.raised()
    await desk.settle()
    desk.there(acts.project, project="ML", without=["EDIT_ISSUES"])
    await desk.changes(item_id, due=None)
    await desk.settle()
    assert (await desk.mirror(item_id)).outcome is Outcome.BLOCKED
    assert "1 ticket waits." in await told(desk, LENA)
    desk.there(acts.project, project="ML", without=[])
    await desk.polls()
    assert desk.issue().values.get("duedate") is None


async def test_a_ticket_that_moved_to_where_nobody_may_edit_is_its_owner_s(desk: Desk) -> None:
    """The team's other tickets go on, and whoever chose the project has nothing to mend."""
    item_id, other = await desk.raised(), await desk.raised("Another")
    await desk.settle()
    desk.there(acts.move, key=(await desk.item(item_id)).issue_key, project="DATA")
    desk.there(acts.project, project="DATA", without=["EDIT_ISSUES"])
    await desk.changes(item_id, due=None)
    await desk.settle()
    assert (await desk.mirror(item_id)).outcome is Outcome.PARKED
    assert "“Fix the join”" in await told(desk, MEI)
    assert await told(desk, LENA) == ""
    await desk.changes(other, due=None)
    await desk.settle()
    assert await desk.agrees(other)


async def test_one_that_is_always_refused_keeps_no_lane_shut(desk: Desk) -> None:
    """With each look it is another one's turn."""
    desk.there(acts.project, project="ML", without=["EDIT_ISSUES"])
    ids = [await desk.raised(f"Item {number}") for number in range(3)]
    await desk.settle()
    for one in ids:
        await desk.changes(one, due=None)
    await desk.settle()
    assert [(await desk.mirror(one)).outcome for one in ids] == [Outcome.BLOCKED] * 3
    desk.there(acts.project, project="ML", without=[])
    first = (await desk.item(ids[0])).issue_id
    desk.trouble(f"PUT /jira/rest/api/*/issue/{first}", "status", status=403, count=None)
    await desk.polls()
    await desk.polls()
    assert await desk.agrees(ids[1])
    assert await desk.agrees(ids[2])


class Refusing:
    """A Jira that makes no issue of one summary, ever."""

    def __init__(self, jira: Gateway, summary: str) -> None:
        self._jira = jira
        self._summary = summary

    def __getattr__(self, name: str) -> Any:
        return getattr(self._jira, name)

    async def create(self, new: NewIssue) -> Created:
        if new.summary == self._summary:
            raise Forbidden(403, ("Not this one.",))
        return await self._jira.create(new)


async def test_a_lane_drains_though_its_oldest_ticket_is_never_made(desk: Desk) -> None:
    """It is tried as often as any lane that is shut; what is raised later goes at once."""
    desk.there(acts.project, project="ML", without=["CREATE_ISSUES"])
    ids = [await desk.raised(f"Item {number}") for number in range(5)]
    await desk.settle()
    assert [(await desk.mirror(one)).outcome for one in ids] == [Outcome.BLOCKED] * 5
    await desk.kill()
    desk.start(jira=Refusing(desk.jira, "Item 0"))
    desk.there(acts.project, project="ML", without=[])
    await desk.polls()
    await desk.polls()
    assert {one.summary for one in desk.issues()} == {f"Item {number}" for number in range(1, 5)}
    assert all([await desk.agrees(one) for one in ids[1:]])
    assert "1 ticket waits." in await told(desk, LENA)
    await desk.raised("Later")
    await desk.settle()
    assert len(desk.issues()) == 5
    assert await desk.cards() == 1


async def test_one_that_was_only_read_opens_no_lane(desk: Desk) -> None:
    """So nobody is told again of what they know, nor all of it tried in vain."""
    ids = [await desk.raised(f"Item {number}") for number in range(3)]
    await desk.settle()
    desk.there(acts.project, project="ML", without=["EDIT_ISSUES"])
    for one in ids[:2]:
        await desk.changes(one, due=None)
    await desk.settle()
    said: list[str] = []
    desk.troubles._lane_shut = lambda *given: said.append(str(given[-1].subject))  # type: ignore[method-assign]
    calls = len(desk.calls("PUT", "/issue"))
    desk.moves((await desk.item(ids[2])).issue_key or "", "done")
    await desk.polls()
    assert (await desk.item(ids[2])).state is ItemState.DONE
    assert len(desk.calls("PUT", "/issue")) == calls + 1
    assert len(said) == 1


async def test_all_go_on_once_a_project_is_to_be_seen_again(desk: Desk) -> None:
    """Though nothing is to be told of any."""
    ids = [await desk.raised(f"Item {number}") for number in range(3)]
    await desk.settle()
    desk.there(acts.project, project="ML", deleted=True)
    await desk.polls()
    assert [(await desk.mirror(one)).outcome for one in ids] == [Outcome.BLOCKED] * 3
    assert "3 tickets wait." in await told(desk, LENA)
    desk.there(acts.project, project="ML", deleted=False)
    await desk.polls()
    assert all([await desk.agrees(one) for one in ids])
    assert await told(desk, LENA) == ""


async def test_what_jira_refuses_again_is_no_news(desk: Desk) -> None:
    """Its owner has it on the card of the day it began, and is not written to for each try."""
    item_id = await desk.raised()
    await desk.settle()
    desk.trouble(CHANGE, "status", status=400, count=None)
    await desk.changes(item_id, due=None)
    await desk.settle()
    cards = await desk.cards()
    desk.calendar.move_to(desk.calendar.now() + timedelta(days=1))
    desk.edits("ML-1", summary="Fix both joins")
    await desk.polls()
    assert (await desk.item(item_id)).what == "Fix both joins"
    assert (await desk.mirror(item_id)).outcome is Outcome.PARKED
    assert await desk.cards() == cards


@pytest.mark.parametrize("whose", ["the team's", "its owner's"])
async def test_what_was_told_is_no_news_after_a_restart(desk: Desk, whose: str) -> None:
    """Nor on the next day; it is once it got through, and is refused again."""

    def shut(*, really: bool) -> None:
        if whose == "the team's":
            desk.there(acts.project, project="ML", without=["EDIT_ISSUES"] if really else [])
        elif really:
            desk.trouble(CHANGE, "status", status=400, count=None)
        else:
            desk.world.site.faults.clear()

    async def refused_anew() -> int:
        desk.calendar.move_to(desk.calendar.now() + timedelta(days=1))
        await desk.changes(item_id, due=desk.calendar.now().date())
        await desk.polls()
        assert (await desk.mirror(item_id)).outcome in {Outcome.BLOCKED, Outcome.PARKED}
        return await desk.cards()

    item_id = await desk.raised()
    await desk.settle()
    before = await desk.cards()
    shut(really=True)
    assert await refused_anew() == before + 1
    await desk.kill()
    desk.troubles = Troubles(1, None)
    await desk.restart()
    assert await refused_anew() == before + 1
    shut(really=False)
    await desk.changes(item_id, due=None)
    await desk.polls()
    await desk.polls()  # a lane that was tried in vain twice is left alone for ten minutes
    assert await desk.agrees(item_id)
    shut(really=True)
    assert await refused_anew() == before + 2


async def test_without_whoever_chose_the_project_admins_are_told(desk: Desk) -> None:
    """Mei chose it and has left."""

    def chosen_by_mei(session: Session) -> None:
        session.get_one(JiraProject, 1).set_by = None

    await desk.database.write(chosen_by_mei)
    desk.there(acts.project, project="ML", without=["CREATE_ISSUES"])
    await desk.raised()
    await desk.settle()
    assert "Jira takes nothing" in await told(desk, LENA)


# --- an issue is lost, or there are two


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


# --- the token


async def test_admins_are_told_of_a_dead_token(desk: Desk) -> None:
    """And nobody else."""
    desk.there(acts.token, state="dead")
    await desk.raised()
    await desk.settle()
    assert "Jira refuses Meridian's token." in await told(desk, LENA)
    assert await told(desk, MEI) == ""


@pytest.mark.parametrize(("days", "when"), [(30, "in 30 days"), (7, "in 7 days"), (1, "tomorrow")])
def test_admins_are_told_before_a_token_expires(session: Session, days: int, when: str) -> None:
    """30, 7 and 1 days before, by a timer of that day, and on no day between."""
    noon = datetime.fromisoformat("2026-03-30T12:00:00Z")
    furnish(session, noon)
    on = date(2026, 3, 30) + timedelta(days=days)
    troubles = Troubles(1, on)
    troubles.begin(session, noon - timedelta(days=1))
    due = session.scalars(select(Timer).where(Timer.kind == KIND).order_by(Timer.due_at)).all()
    assert due[0].due_at <= noon
    today = [one for one in due if one.due_at == noon]
    assert len(today) == 1
    lena = person_id(session, LENA) or 0
    found = troubles.on_card(session, noon, lena, noon.date())
    assert found is not None
    assert f"expires {when}, on" in found.summary
    before = noon - timedelta(days=3)
    assert Troubles(1, on).on_card(session, before, lena, before.date()) is None
    assert troubles.on_card(session, noon, person_id(session, MEI) or 0, noon.date()) is None


def notices(session: Session) -> list[tuple[str, str]]:
    """The cards that were to be sent, of whom and for which date."""
    cards = select(Mirror).where(Mirror.view == "card").order_by(Mirror.id)
    return [(one.target, one.subject.split("/")[1]) for one in session.scalars(cards)]


def fire(troubles: Troubles, session: Session, at: datetime) -> None:
    """Let the timers that are due by then fire, in one go, as after a night without the bot."""
    due = timers.take_due(session, at, 10)
    troubles.tell_of_expiry(session, at, due)
    timers.consume(session, at, due)


def said_of_expiry(troubles: Troubles, session: Session, at: datetime, who: str = LENA) -> str:
    found = troubles.on_card(session, at, person_id(session, who) or 0, at.date())
    return "" if found is None else found.summary


def test_an_admin_s_card_is_sent_for_the_token_s_end(session: Session) -> None:
    """Once for each of the days, and nobody else's."""
    noon = datetime.fromisoformat("2026-03-30T12:00:00Z")
    furnish(session, noon)
    troubles = Troubles(1, date(2026, 4, 6))
    troubles.begin(session, noon - timedelta(days=1))
    fire(troubles, session, noon)
    assert notices(session) == [(LENA, "2026-03-30")]
    assert "expires in 7 days" in said_of_expiry(troubles, session, noon)
    for ahead in range(1, 6):
        fire(troubles, session, noon + timedelta(days=ahead))
    assert notices(session) == [(LENA, "2026-03-30")]
    fire(troubles, session, noon + timedelta(days=6))
    assert notices(session) == [(LENA, "2026-03-30"), (LENA, "2026-04-05")]


def test_a_notice_that_comes_late_is_shown_all_the_same(session: Session) -> None:
    """The bot was down on the seventh day before; what is left is told as it is by then."""
    noon = datetime.fromisoformat("2026-03-30T12:00:00Z")
    furnish(session, noon)
    Troubles(1, date(2026, 4, 6)).begin(session, noon - timedelta(days=1))
    late = noon + timedelta(days=3)
    troubles = Troubles(1, date(2026, 4, 6))
    troubles.begin(session, late)
    assert said_of_expiry(troubles, session, late) == ""
    fire(troubles, session, late)
    assert notices(session) == [(LENA, "2026-04-02")]
    assert "expires in 4 days, on" in said_of_expiry(troubles, session, late)
    assert "expires in 3 days" in said_of_expiry(troubles, session, late + timedelta(days=1))
    assert said_of_expiry(troubles, session, late + timedelta(days=2)) == ""
    assert said_of_expiry(troubles, session, late, MEI) == ""


def test_after_the_token_s_end_nobody_is_told_that_it_expires(session: Session) -> None:
    """Whether it is dead is seen when it is used."""
    noon = datetime.fromisoformat("2026-03-30T12:00:00Z")
    furnish(session, noon)
    troubles = Troubles(1, date(2026, 4, 6))
    troubles.begin(session, noon - timedelta(days=1))
    after = noon + timedelta(days=10)
    fire(troubles, session, after)
    assert said_of_expiry(troubles, session, after) == ""


def test_a_token_that_was_replaced_is_told_of_by_no_timer_of_the_old_one(session: Session) -> None:
    """The date was moved on; a timer that is left over says nothing."""
    noon = datetime.fromisoformat("2026-03-30T12:00:00Z")
    furnish(session, noon)
    Troubles(1, date(2026, 4, 6)).begin(session, noon - timedelta(days=1))
    new = Troubles(1, date(2027, 4, 6))
    new.begin(session, noon)
    left = timers.take_due(session, noon, 10)
    assert [timer.step for timer in left] == ["expiry"]
    new.tell_of_expiry(session, noon, left)
    lena = person_id(session, LENA) or 0
    assert new.on_card(session, noon, lena, noon.date()) is None
    assert session.get_one(Workspace, 1).jira_paused is None
