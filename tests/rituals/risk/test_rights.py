"""Who may see and change a risk and settle a register, for each way to stand to its team."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Select, event, select
from sqlalchemy.orm import ORMExecuteState, Session

from bot.core.states import RitualState, Role
from bot.db.tables import Membership, Person, Ritual
from bot.rituals.risk import owners, rights
from bot.rituals.risk.categories import Category
from bot.rituals.risk.rights import Found
from bot.rituals.risk.states import Status
from bot.rituals.risk.tables import Leader, Risk
from bot.rituals.risk.values import Gone, IsClosed, NotTheirs
from tests.clocks import START
from tests.staff import HERE, OUT, THERE, Staff, hired

EVERYBODY = (
    "theirs", "raised it", "an admin", "its owner", "asked", "a risk owner", "a lead", "nobody",
    "asked elsewhere", "a lead elsewhere", "owner elsewhere", "asked once", "an admitted guest",
    "a leader",
)  # fmt: skip


@pytest.fixture
def staff(session: Session) -> Staff:
    made = hired(session)
    leader = Person(workspace_id=made.workspace_id, slack_id="a leader", name="a leader")
    session.add(leader)
    session.flush()
    session.add(Leader(person_id=leader.id))
    session.flush()
    return replace(made, people={**made.people, "a leader": leader})


def risk(staff: Staff, **more: object) -> Risk:
    values = {
        "team_id": staff.team.id,
        "title": "Labels arrive too late",
        "category": Category.DATA,
        "owner_id": staff.people["theirs"].id,
        "likelihood": 4,
        "impact": 3,
        "next_review": date(2026, 4, 9),
        "raised_by": staff.people["raised it"].id,
        "raised_at": START,
        "origin": "key",
    }
    made = Risk(**{**values, **more})
    staff.session.add(made)
    staff.session.flush()
    return made


def test_who_may_change_it(staff: Staff) -> None:
    """Its owner, the team's own risk owners, admins."""
    one = risk(staff)
    may = {who for who in EVERYBODY if rights.may_change(staff.session, one, staff.people[who])}
    assert may == {"theirs", "an admin", "a risk owner"}


@pytest.mark.parametrize("here", ["", THERE, HERE])
def test_who_may_see_it(staff: Staff, here: str) -> None:
    """Its team's people; leaders what their portfolio shows; all who look from its channel."""
    team = {"theirs", "raised it", "an admin", "asked", "a risk owner", "a lead"}
    for one, leaders in (
        (risk(staff), set[str]()),
        (risk(staff, likelihood=3, impact=5, origin="2"), {"a leader"}),
        (risk(staff, next_review=date(2026, 1, 9), origin="3"), {"a leader"}),
        (risk(staff, impact=5, status=Status.CLOSED, origin="4"), set[str]()),
    ):
        may = {
            who
            for who in EVERYBODY
            if rights.may_see(staff.session, START, one, staff.team, staff.people[who], here)
        }
        assert may == (set(EVERYBODY) if here == HERE else team | leaders)


def test_who_settles_how_a_register_works(staff: Staff) -> None:
    """Risk owners, admins, owners of its rituals; of a deleted one no longer."""
    may = {
        who
        for who in EVERYBODY
        if rights.may_settle(staff.session, staff.team.id, staff.people[who])
    }
    assert may == {"an admin", "a risk owner", "its owner"}


def test_a_team_without_any_of_these_is_everybody_s(staff: Staff) -> None:
    """And so is one that is not there yet; nobody unknown is anybody."""
    staff.session.delete(staff.session.get_one(Leader, staff.people["a leader"].id))
    team = staff.other_team.id
    assert not rights.may_settle(staff.session, team, staff.people["nobody"])
    for ritual in staff.session.scalars(select(Ritual).where(Ritual.team_id == team)):
        ritual.state = RitualState.DELETED
    for one in staff.session.scalars(select(Membership).where(Membership.team_id == team)):
        staff.session.delete(one)
    staff.session.flush()
    assert rights.may_settle(staff.session, team, staff.people["nobody"])
    assert rights.may_settle(staff.session, None, staff.people["nobody"])
    assert not rights.may_settle(staff.session, team, None)
    assert not rights.may_settle(staff.session, None, None)


@pytest.mark.parametrize("who", OUT)
def test_who_is_out_may_nothing(staff: Staff, who: str) -> None:
    """An admin, in its channel, whose risk it is: not even then."""
    person = staff.make_admin(who)
    one = risk(staff, owner_id=person.id)
    assert not rights.may_change(staff.session, one, person)
    assert not rights.may_see(staff.session, START, one, staff.team, person, HERE)
    assert not rights.may_settle(staff.session, staff.team.id, person)
    assert not rights.may_settle(staff.session, None, person)


def test_risk_owners_are_told_by_team_and_in_order(staff: Staff) -> None:
    """The one we have known longest first; who has left is none any more."""
    teams = [staff.team.id, staff.other_team.id]
    owner, elsewhere = staff.people["a risk owner"], staff.people["a lead elsewhere"]
    earlier = staff.people["its owner"]
    staff.session.add(Membership(team_id=staff.team.id, person_id=earlier.id, role=Role.RISK_OWNER))
    staff.session.flush()
    assert owners.risk_owners(staff.session, teams) == {
        teams[0]: [earlier, owner],
        teams[1]: [elsewhere],
    }
    one = risk(staff)
    assert all(rights.may_change(staff.session, one, each) for each in (owner, earlier))
    owner.deleted = True
    staff.session.flush()
    assert owners.risk_owners(staff.session, teams[:1]) == {teams[0]: [earlier]}


def test_it_is_found_for_whoever_changes_it(staff: Staff) -> None:
    """By their Slack id in this workspace; who may not see it is told of nothing."""
    one = risk(staff)
    find = rights.find
    found = find(staff.session, START, staff.workspace_id, "an admin", one.id)
    assert found == Found(one, staff.team, staff.people["an admin"], may_change=True)
    assert find(staff.session, START, staff.workspace_id, "asked", one.id) == NotTheirs("theirs")
    assert find(staff.session, START, staff.workspace_id, "nobody", one.id) == Gone()
    assert find(staff.session, START, staff.workspace_id, "nobody", one.id, HERE) == NotTheirs(
        "theirs"
    )
    assert find(staff.session, START, staff.elsewhere, "nobody", one.id) == Gone()
    assert find(staff.session, START, staff.workspace_id, "an admin", one.id + 1) == Gone()
    one.owner_id = None
    assert find(staff.session, START, staff.workspace_id, "asked", one.id) == NotTheirs("")
    one.status = Status.CLOSED
    closed = find(staff.session, START, staff.workspace_id, "an admin", one.id)
    assert closed == IsClosed("Labels arrive too late")


def test_it_is_found_for_whoever_looks(staff: Staff) -> None:
    """Closed or not; nobody unknown is made for a look, but for a change they are."""
    one = risk(staff, status=Status.CLOSED)
    seen = rights.look(staff.session, START, staff.workspace_id, "asked", one.id)
    assert seen == Found(one, staff.team, staff.people["asked"], may_change=False)
    assert (
        rights.look(staff.session, START, staff.workspace_id, "unheard of", one.id, HERE) == Gone()
    )
    assert rights.person_of(staff.session, staff.workspace_id, "unheard of") is None
    made = rights.person_of(staff.session, staff.workspace_id, "unheard of", make=True)
    assert made is not None
    assert rights.person_of(staff.session, staff.workspace_id, "unheard of") == made
    assert rights.person_of(staff.session, staff.elsewhere, "asked") is None


def test_what_is_about_to_be_changed_is_locked_and_read_again(staff: Staff) -> None:
    """On PostgreSQL another process may have changed it; a look locks nothing."""
    one = risk(staff)
    asked: list[ORMExecuteState] = []
    event.listen(staff.session, "do_orm_execute", asked.append)
    rights.look(staff.session, START, staff.workspace_id, "an admin", one.id)
    assert not any(_locks(each) for each in asked)
    rights.find(staff.session, START, staff.workspace_id, "an admin", one.id)
    (locking,) = (each for each in asked if _locks(each))
    assert locking.execution_options["populate_existing"]


def _locks(asked: ORMExecuteState) -> bool:
    return isinstance(asked.statement, Select) and asked.statement._for_update_arg is not None
