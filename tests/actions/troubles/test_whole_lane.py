"""What stops all of a project's tickets is told once, to somebody who can act."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot.actions import mending, projects
from bot.actions.mended import Mended, NoTrouble, NotTheirProject
from bot.actions.projects import Chosen
from bot.actions.troubles import Troubles
from bot.actions.views import fill_in
from bot.core.states import ItemState, Outcome
from bot.db.tables import JiraProject
from bot.jira.errors import Forbidden
from bot.jira.gateway import Gateway
from bot.jira.model import Created, NewIssue
from bot.sandbox.jira import control as acts
from bot.sandbox.jira.aurora import DATA
from bot.sandbox.jira.schemes import COMPONENT_AREA, STORY_POINTS, TASK
from tests.actions.desk import CHANGE, CHANNEL, LENA, MEI, NAMES, Desk
from tests.actions.troubles.pressed import bugs, told


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
