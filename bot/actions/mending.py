"""Use cases of those who can mend a ticket that stopped, or do without it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import detail, issues, polling, shown, tickets, troubles
from bot.actions.mended import Asked, Mended, NoTrouble, NotTheirProject
from bot.actions.model import Gone, NotTheirs
from bot.actions.rights import Found, find, look
from bot.core.states import MirrorKind, Outcome
from bot.db.tables import ActionItem, Mirror, Person
from bot.engine import mirrors

Came = Mended | NoTrouble | NotTheirs
Mend = Callable[[Session, datetime, int, str, int], Came | NotTheirProject]
"""At an instant, in a workspace, somebody mends the ticket of a mirror."""

# What each way mends: an older card may still offer one that fits the ticket no more.
_MADE_AGAIN = (Outcome.GONE, Outcome.UNKNOWN)
_REFUSED = (Outcome.PARKED,)
_ITS_OWN = (*_MADE_AGAIN, *_REFUSED)  # not what its whole team waits for


@dataclass(frozen=True)
class _Stopped:
    mirror: Mirror
    item: ActionItem
    actor: Person


def _find(
    session: Session,
    workspace_id: int,
    slack_id: str,
    mirror_id: int,
    stopped_by: Collection[Outcome],
    of: Callable[[Session, int, str, int], Found | Gone | NotTheirs] = find,
) -> _Stopped | NoTrouble | NotTheirs:
    """A ticket that stopped by one of these, for somebody who may change its item."""
    mirror = session.get(Mirror, mirror_id)
    if mirror is None or mirror.kind is not MirrorKind.ISSUE or mirror.view != tickets.VIEW:
        return NoTrouble()
    found = of(session, workspace_id, slack_id, int(mirror.subject))
    match found:
        case Gone():
            return NoTrouble()
        case NotTheirs():
            return found
        case Found(item, actor):
            stopped = mirror.outcome in stopped_by and item.wants_ticket
            return _Stopped(mirror, item, actor) if stopped else NoTrouble()


def create_again(
    session: Session, at: datetime, workspace_id: int, slack_id: str, mirror_id: int
) -> Came:
    """Make a ticket anew that is lost, or of which nobody can tell whether it is there."""
    found = _find(session, workspace_id, slack_id, mirror_id, _MADE_AGAIN)
    if not isinstance(found, _Stopped):
        return found
    tickets.again(session, at, found.item)
    return _told(session, at, found)


def go_on_without(
    session: Session, at: datetime, workspace_id: int, slack_id: str, mirror_id: int
) -> Came:
    """The item needs no ticket."""
    found = _find(session, workspace_id, slack_id, mirror_id, _ITS_OWN)
    if not isinstance(found, _Stopped):
        return found
    tickets.let_go(session, found.item)
    return _told(session, at, found)


def try_again(
    session: Session, at: datetime, workspace_id: int, slack_id: str, mirror_id: int
) -> Came:
    """Tell Jira once more what it refused."""
    found = _find(session, workspace_id, slack_id, mirror_id, _REFUSED)
    if not isinstance(found, _Stopped):
        return found
    mirrors.lift(session, Mirror.id == mirror_id)
    return _told(session, at, found)


def keep_one(
    session: Session,
    at: datetime,
    workspace_id: int,
    slack_id: str,
    mirror_id: int,
    issue_id: str,
) -> Came:
    """Of several issues of one item, this one counts."""
    found = _find(session, workspace_id, slack_id, mirror_id, (Outcome.UNKNOWN,))
    if not isinstance(found, _Stopped):
        return found
    several = detail.read(found.mirror.detail).several
    chosen = next((one for one in several if one.id == issue_id), None)
    if chosen is None:
        return NoTrouble()
    found.mirror.remote_id = chosen.id
    found.item.note = None
    issues.stands(session, at, found.item.id, chosen.id, chosen.key)
    mirrors.lift(session, Mirror.id == mirror_id)
    return _told(session, at, found)


def _told(session: Session, at: datetime, found: _Stopped) -> Mended:
    shown.refresh(session, at, [found.item.id], also=[found.actor.id])
    return Mended()


# --- what Jira asks for


def asked(
    session: Session, _at: datetime, workspace_id: int, slack_id: str, mirror_id: int
) -> Asked | NoTrouble | NotTheirs:
    """What Jira asks for, for somebody who may change the item."""
    found = _find(session, workspace_id, slack_id, mirror_id, _REFUSED, look)
    if not isinstance(found, _Stopped):
        return found
    missing = detail.read(found.mirror.detail).missing
    project = issues.chosen_for(session, found.item)
    if not missing or project is None:
        return NoTrouble()
    return Asked(mirror_id, found.item.what, project.project, project.issue_type, missing)


def fill_in(
    session: Session,
    at: datetime,
    workspace_id: int,
    slack_id: str,
    mirror_id: int,
    fields: Mapping[str, Any],
) -> Came:
    """Keep what was filled in, as Jira takes it, and try again."""
    found = _find(session, workspace_id, slack_id, mirror_id, _REFUSED)
    if not isinstance(found, _Stopped):
        return found
    project = issues.chosen_for(session, found.item)
    if project is None:
        return NoTrouble()
    issues.fill_in(found.item, project, fields)
    session.flush()
    mirrors.lift(session, Mirror.id == mirror_id)
    return _told(session, at, found)


# --- a team's lane


def try_lane(
    session: Session, at: datetime, workspace_id: int, slack_id: str, team_id: int
) -> Mended | NoTrouble | NotTheirProject:
    """Try that one of a team's refused tickets which has waited longest; the others follow it."""
    person = session.scalar(
        select(Person).where(Person.workspace_id == workspace_id, Person.slack_id == slack_id)
    )
    if person is None or not troubles.looks_after(session, person, team_id):
        return NotTheirProject()
    if not polling.try_again(session, tickets.lane(team_id)):
        return NoTrouble()
    polling.try_afresh(session, tickets.lane(team_id))
    troubles.refresh(session, at, [person.id])
    return Mended()
