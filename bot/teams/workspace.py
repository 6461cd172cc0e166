"""Use cases of a workspace's settings: its admins see and change them."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking import guests
from bot.asking.excusing import reconsider
from bot.asking.statuses import listing
from bot.core import merging
from bot.core.text import clamp
from bot.db.tables import Audit, Person, Workspace
from bot.teams.model import NotAdmin, Rules, Wrong

_MOST = 100
_LONGEST = 100  # characters: Slack allows no more in a status


def standing(session: Session, _at: datetime, workspace_id: int, slack_id: str) -> Rules | NotAdmin:
    """A workspace's settings as they are, for an admin."""
    if _admin(session, workspace_id, slack_id) is None:
        return NotAdmin()
    return _rules(session.get_one(Workspace, workspace_id))


def keep(
    session: Session,
    at: datetime,
    workspace_id: int,
    slack_id: str,
    statuses: str,
    guests_allowed: bool,
    was: Rules | None = None,
) -> Rules | NotAdmin | Wrong:
    """Set them; `statuses` has one a line. What is open today is held against them at once.

    `was` is what they were shown: what others have changed since stays, where this doesn't.
    """
    admin = _admin(session, workspace_id, slack_id)
    if admin is None:
        return NotAdmin()
    workspace = session.get_one(Workspace, workspace_id)
    session.refresh(workspace, with_for_update=True)  # of two who save at once, one waits
    before, listed = _rules(workspace), listing(statuses)
    if was is not None:
        shown, now = was.leave_statuses or (), before.leave_statuses or ()
        listed = list(merging.each(shown, listed, now))
        guests_allowed = merging.one(was.guests_allowed, guests_allowed, before.guests_allowed)
    if problem := _problem(listed):
        return Wrong({"statuses": problem})
    workspace.leave_statuses = listed or None
    workspace.guests_allowed = guests_allowed
    after = _rules(workspace)
    if after != before:
        _audit(session, at, admin, after)
    if before.guests_allowed and not guests_allowed:
        guests.withdraw(session, at, workspace_id, admin.id)
    if after.leave_statuses != before.leave_statuses:
        reconsider(session, at, _who_say_something(session, workspace_id))
    return after


def _admin(session: Session, workspace_id: int, slack_id: str) -> Person | None:
    return session.scalar(
        select(Person).where(
            Person.workspace_id == workspace_id,
            Person.slack_id == slack_id,
            Person.is_admin,
            Person.deleted.is_(False),
            Person.is_external.is_(False),
        )
    )


def _rules(workspace: Workspace) -> Rules:
    own = workspace.leave_statuses
    return Rules(None if own is None else tuple(own), workspace.guests_allowed)


def _problem(listed: list[str]) -> str | None:
    if len(listed) > _MOST:
        return f"Please list at most {_MOST} statuses; these are {len(listed)}."
    long = next((one for one in listed if len(one) > _LONGEST), None)
    if long is not None:
        return f"A Slack status has at most {_LONGEST} characters: shorten “{clamp(long, 40)}”."
    return None


def _who_say_something(session: Session, workspace_id: int) -> list[int]:
    says = (Person.status_emoji != "") | (Person.status_text != "")
    return list(session.scalars(select(Person.id).where(Person.workspace_id == workspace_id, says)))


def _audit(session: Session, at: datetime, admin: Person, rules: Rules) -> None:
    own = rules.leave_statuses
    detail = {
        "leave_statuses": None if own is None else list(own),
        "guests_allowed": rules.guests_allowed,
    }
    subject = f"workspace:{admin.workspace_id}"
    session.add(
        Audit(at=at, actor_id=admin.id, action="workspace.set", subject=subject, detail=detail)
    )
