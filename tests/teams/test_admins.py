"""Whose the settings of a workspace and of a team are, for each way to stand to it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.core.states import RitualState
from bot.db.tables import Ritual, Team
from bot.teams import teams, workspace
from bot.teams.model import May, NotAdmin
from tests.clocks import START
from tests.staff import HERE, Staff, hired


def see(staff: Staff) -> set[str]:
    """Who is shown them."""
    at = (staff.session, START, staff.workspace_id)
    return {who for who in staff.people if not isinstance(workspace.standing(*at, who), NotAdmin)}


def test_admins_see_them(session: Session) -> None:
    """Of this workspace: whoever has the same id elsewhere is somebody else."""
    assert see(hired(session)) == {"an admin"}


def test_who_is_out_does_not(session: Session) -> None:
    """A leaver or an outsider, as an admin; nor a guest, whom an owner let in."""
    staff = hired(session)
    for who in ("a leaver", "an outsider", "an admitted guest"):
        staff.make_admin(who)
    session.flush()
    assert see(staff) == {"an admin"}


def may(staff: Staff, who: str) -> May:
    """What somebody may do with what the team of a channel keeps."""
    return teams.standing(staff.session, START, staff.workspace_id, who, HERE).may


def test_owners_and_admins_change_what_a_team_keeps(session: Session) -> None:
    """Everybody else looks, whoever they are."""
    staff = hired(session)
    change = {who for who in staff.people if may(staff, who) is May.CHANGE}
    assert change == {"its owner", "an admin"}
    assert may(staff, "nobody") is may(staff, "unheard of") is May.LOOK


def test_a_channel_without_a_ritual_is_its_members(session: Session) -> None:
    """One that was deleted is none, nor is one of another workspace's channel of that id."""
    staff = hired(session)
    for ritual in session.scalars(select(Ritual)).all():
        ritual.state = RitualState.DELETED
    other = Team(workspace_id=staff.elsewhere, channel=HERE, name="other")
    session.add(other)
    session.flush()
    staff.ritual.team_id, staff.ritual.state = other.id, RitualState.ACTIVE
    session.flush()
    assert may(staff, "nobody") is may(staff, "unheard of") is May.IF_MEMBER
    assert may(staff, "an admin") is May.CHANGE
