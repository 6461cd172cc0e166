"""Who may change an action item, for each way to stand to it."""

from typing import Any

import pytest
from sqlalchemy import Select, event
from sqlalchemy.orm import ORMExecuteState, Session

from bot.actions import rights
from bot.actions.model import Gone, NotTheirs
from bot.actions.rights import Found
from bot.db.tables import ActionItem
from tests.clocks import START
from tests.staff import HERE, OUT, THERE, Staff, hired

MAY = ("theirs", "raised it", "an admin", "its owner", "asked", "a risk owner", "a lead")
MAY_NOT = ("nobody", "asked elsewhere", "a lead elsewhere", "owner elsewhere", "asked once")


@pytest.fixture
def staff(session: Session) -> Staff:
    return hired(session)


def item(staff: Staff, **more: object) -> ActionItem:
    """An item of the team's stand-up, raised nowhere that anybody sees."""
    values = {
        "workspace_id": staff.workspace_id,
        "team_id": staff.team.id,
        "owner_id": staff.people["theirs"].id,
        "raised_by": staff.people["raised it"].id,
        "what": "Retrain the baseline",
        "raised_at": START,
        "origin": "key",
    }
    made = ActionItem(**{**values, **more})
    staff.session.add(made)
    staff.session.flush()
    return made


def test_who_may(staff: Staff) -> None:
    """Whoever has to do with it, and its team, as of now."""
    one = item(staff)
    may = {who for who in MAY + MAY_NOT if rights.may_change(staff.session, one, staff.people[who])}
    assert may == set(MAY)


def test_the_people_of_its_ritual_may_where_it_has_no_team(staff: Staff) -> None:
    """And no team's, just because that has none either."""
    one = item(staff, team_id=None, ritual_id=staff.ritual.id)
    may = {who for who in MAY + MAY_NOT if rights.may_change(staff.session, one, staff.people[who])}
    assert may == {"theirs", "raised it", "an admin", "its owner", "asked"}


@pytest.mark.parametrize("who", OUT)
def test_who_is_out_may_nothing(staff: Staff, who: str) -> None:
    """An admin, in its channel, whose item it is: not even then."""
    person = staff.make_admin(who)
    one = item(staff, owner_id=person.id, channel=HERE)
    assert not rights.may_change(staff.session, one, person, HERE)


@pytest.mark.parametrize(
    ("raised_in", "here", "may"),
    [
        (None, HERE, True),  # its team's channel
        (None, THERE, False),
        (THERE, THERE, True),  # where it was raised
        (None, "", False),
        ("", "", False),
    ],
)
def test_in_a_channel_that_it_belongs_to_anybody_may(
    staff: Staff, raised_in: str | None, here: str, may: bool
) -> None:
    """They see it there; no channel is none."""
    one = item(staff, channel=raised_in)
    assert rights.may_change(staff.session, one, staff.people["nobody"], here) is may
    assert rights.may_change(staff.session, one, staff.people["an admitted guest"], here) is may


def test_another_team_s_channel_is_not_its_own(staff: Staff) -> None:
    """Though that team was there first."""
    one = item(staff, team_id=staff.other_team.id)
    assert not rights.may_change(staff.session, one, staff.people["nobody"], HERE)
    assert rights.may_change(staff.session, one, staff.people["nobody"], THERE)


@pytest.mark.parametrize("found_by", [rights.find, rights.look])
def test_it_is_found_for_whoever_may(staff: Staff, found_by: Any) -> None:
    """By their Slack id in this workspace; of others there is nothing, or whose it is."""
    one = item(staff)
    found = found_by(staff.session, staff.workspace_id, "an admin", one.id)
    assert found == Found(one, staff.people["an admin"])
    assert found_by(staff.session, staff.workspace_id, "nobody", one.id) == NotTheirs("theirs")
    assert found_by(staff.session, staff.workspace_id, "unheard of", one.id) == NotTheirs("theirs")
    assert found_by(staff.session, staff.elsewhere, "nobody", one.id) == Gone()
    assert found_by(staff.session, staff.workspace_id, "an admin", one.id + 1) == Gone()
    here = found_by(staff.session, staff.workspace_id, "nobody", one.id, HERE)
    assert here == Found(one, staff.people["nobody"])
    one.owner_id = None
    staff.session.flush()
    assert found_by(staff.session, staff.workspace_id, "nobody", one.id) == NotTheirs("")


def test_what_is_about_to_be_changed_is_locked_and_read_again(staff: Staff) -> None:
    """On PostgreSQL another process may have changed it since it was first looked at."""
    one = item(staff)
    asked: list[ORMExecuteState] = []
    event.listen(staff.session, "do_orm_execute", asked.append)
    rights.find(staff.session, staff.workspace_id, "an admin", one.id)
    first = asked[0]
    assert isinstance(first.statement, Select)
    assert first.statement._for_update_arg is not None
    assert first.execution_options["populate_existing"]
