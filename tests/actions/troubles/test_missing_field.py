"""A field that Jira wants is asked for on a card, and filled in there."""

from dataclasses import replace

from sqlalchemy.orm import Session

from bot.actions import mending, projects
from bot.actions.mended import Asked, Mended, NoTrouble
from bot.actions.model import NotTheirs
from bot.actions.projects import Chosen
from bot.core.states import Outcome
from bot.db.tables import JiraProject
from bot.sandbox.jira import control as acts
from bot.sandbox.jira.aurora import DATA, ML
from bot.sandbox.jira.schemes import BUG, COMPONENT_AREA, STORY_POINTS, SUBTASK, TASK
from tests.actions.desk import ARJUN, CHANNEL, LENA, MEI, RAFAEL, Desk
from tests.actions.troubles.pressed import bugs, mend, told


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
