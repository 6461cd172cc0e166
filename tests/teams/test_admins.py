"""Whose a workspace's settings are, for each way to stand to it."""

from sqlalchemy.orm import Session

from bot.teams import workspace
from bot.teams.model import NotAdmin
from tests.clocks import START
from tests.staff import Staff, hired


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
