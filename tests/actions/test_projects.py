"""Where a team's tickets go: who may say so, and what becomes of what is open."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import projects, tickets
from bot.actions.projects import Chosen, Kept, Ordered
from bot.actions.views import projects as views
from bot.core.states import ItemState, Outcome
from bot.db.tables import ActionItem, Audit, JiraProject, Mirror, Person, Team
from bot.engine.sending import claim
from bot.jira.model import Project
from bot.teams.model import May, NotTheirs
from tests.actions.desk import CHANNEL, LENA, MEI, add_item, furnish, person_id
from tests.clocks import START
from tests.db import rows

CHURN = Chosen("10010", "ML", "Churn model", "10001", "Task", {})
DATA = Chosen("10020", "DATA", "Data platform", "10002", "Bug", {"customfield_1": "x"})


@pytest.fixture
def office(session: Session) -> Session:
    """A team without a project; Lena looks after its stand-up, and is no admin."""
    furnish(session, START)
    session.delete(session.get_one(JiraProject, 1))
    lena = session.get_one(Person, person_id(session, LENA))
    lena.is_admin = False
    ritual = rows.ritual(session, lena, START, "C01OTHER")
    ritual.channel, ritual.team_id = CHANNEL, 1
    session.flush()
    return session


def keep(session: Session, who: str = LENA, chosen: Chosen = CHURN, **more: Any) -> Any:
    given: Mapping[str, Any] = {"channel": CHANNEL, "channel_name": "churn-model"} | more
    member = bool(given.get("member"))
    names = (given["channel"], given["channel_name"])
    return projects.keep(session, START, 1, who, *names, chosen, member=member)


def mirrors_of(session: Session) -> list[str]:
    found = session.scalars(select(Mirror.subject).where(tickets.ISSUES).order_by(Mirror.id))
    return list(found)


def test_the_owner_of_a_ritual_there_may_choose(office: Session) -> None:
    """It is kept with who chose it, and written down who did."""
    assert keep(office) == Kept(CHURN, CHANNEL, 0)
    row = office.get_one(JiraProject, 1)
    assert (row.key, row.issue_type_name, row.fields) == ("ML", "Task", None)
    assert row.set_by == person_id(office, LENA)
    [note] = office.scalars(select(Audit).where(Audit.action == "team.jira")).all()
    assert note.detail == {"project": "ML", "issue_type": "Task"}
    shown = projects.standing(office, START, 1, MEI, CHANNEL)
    assert (shown.chosen, shown.may) == (CHURN, May.LOOK)


def test_others_may_only_look(office: Session) -> None:
    """Even where they claim to be in the channel: it has an owner."""
    assert isinstance(keep(office, MEI), NotTheirs)
    assert isinstance(keep(office, MEI, member=True), NotTheirs)
    assert isinstance(projects.order(office, START, 1, MEI, CHANNEL, member=True), NotTheirs)
    assert office.get(JiraProject, 1) is None


def test_where_there_is_no_ritual_whoever_is_in_the_channel_may(office: Session) -> None:
    """Its team is made."""
    new: dict[str, Any] = {"channel": "C01NEW", "channel_name": "new"}
    assert isinstance(keep(office, MEI, **new), NotTheirs)
    assert isinstance(keep(office, MEI, member=True, **new), Kept)
    team = office.scalars(select(Team).where(Team.channel == "C01NEW")).one()
    assert office.get(JiraProject, team.id) is not None


def test_what_is_open_is_offered_a_ticket_and_gets_one(office: Session) -> None:
    """What is done or has one is not; a second click orders nothing more."""
    for number in range(3):
        add_item(office, START, f"Open {number}", MEI, wants_ticket=False)
    add_item(office, START, "Done", MEI, wants_ticket=False, state=ItemState.DONE)
    add_item(office, START, "Has one", MEI, wants_ticket=True, issue_id="1", issue_key="ML-1")
    kept = keep(office)
    assert isinstance(kept, Kept)
    assert kept.without == 3
    assert mirrors_of(office) == []
    assert projects.order(office, START, 1, LENA, CHANNEL, member=False) == Ordered(3)
    assert mirrors_of(office) == ["1", "2", "3"]
    assert projects.order(office, START, 1, LENA, CHANNEL, member=False) == Ordered(0)


def test_whose_ticket_was_asked_for_already_gets_it_at_once(office: Session) -> None:
    """There was nowhere to make it until now."""
    item = add_item(office, START, "Wanted", MEI)
    tickets.mark(office, START, [item])
    assert mirrors_of(office) == []
    kept = keep(office)
    assert isinstance(kept, Kept)
    assert kept.without == 0
    assert mirrors_of(office) == [str(item.id)]


def test_what_was_refused_is_tried_in_the_new_project(office: Session) -> None:
    """And what stands in the old one stays there."""
    keep(office)
    refused = add_item(office, START, "Refused", MEI)
    made = add_item(office, START, "Made", MEI, issue_id="1", issue_key="ML-1")
    tickets.mark(office, START, [refused, made])
    for mirror in office.scalars(select(Mirror)):
        if mirror.subject == str(refused.id):
            mirror.outcome, mirror.detail = Outcome.BLOCKED, "{}"
    office.flush()
    keep(office, chosen=DATA)
    [mirror] = office.scalars(select(Mirror).where(tickets.of_items([refused.id]))).all()
    assert mirror.outcome is None
    assert claim(office, mirror.id, START) is not None
    assert office.get_one(ActionItem, made.id).issue_key == "ML-1"
    assert office.get_one(JiraProject, 1).fields == {"customfield_1": "x"}


def test_what_jira_names_its_types_is_inert() -> None:
    """For whoever may look only as well."""
    bug = "<!channel> & *bug*"
    assert "<!channel>" not in str(
        views.look_modal(CHANNEL, Project("1", "ML", "Churn"), bug, "No")
    )
    assert "<!channel>" not in str(views.kept_modal(CHANNEL, Project("1", "ML", bug), bug, 0, ""))
