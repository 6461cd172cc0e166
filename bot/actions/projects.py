"""Use cases of where a team's tickets go: a Jira project, an issue type, and what that asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.actions import tickets
from bot.asking.newcomers import rows_of
from bot.core.states import LIVE_ITEMS, Outcome
from bot.core.text import clamp, one_line
from bot.db.tables import ActionItem, Audit, JiraProject, Mirror, Team
from bot.engine import mirrors
from bot.engine.mirrors import Urgency
from bot.jira.model import Project
from bot.teams import teams
from bot.teams.model import May, NotTheirs

_NAME = 200


@dataclass(frozen=True)
class Chosen:
    """Where tickets go, as somebody chose it."""

    project: str  # numeric id
    key: str
    name: str
    issue_type: str
    issue_type_name: str
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class ProjectShown:
    """Where a channel's tickets go now, and whether somebody may change that."""

    channel: str
    chosen: Chosen | None
    may: May


@dataclass(frozen=True)
class Kept:
    """It is as they wish; so many open items have no ticket."""

    chosen: Chosen
    channel: str
    without: int


@dataclass(frozen=True)
class Ordered:
    """So many tickets will be made."""

    count: int


def standing(
    session: Session, at: datetime, workspace_id: int, slack_id: str, channel: str
) -> ProjectShown:
    """Where a channel's tickets go."""
    may = teams.standing(session, at, workspace_id, slack_id, channel).may
    team = _team(session, workspace_id, channel)
    row = session.get(JiraProject, team.id) if team is not None else None
    return ProjectShown(channel, _chosen(row) if row is not None else None, may)


def project_of(session: Session, _at: datetime, workspace_id: int, channel: str) -> Project | None:
    """The Jira project of the team around a channel."""
    row = session.scalar(
        select(JiraProject)
        .join(Team, JiraProject.team_id == Team.id)
        .where(Team.workspace_id == workspace_id, Team.channel == channel)
    )
    return None if row is None else Project(row.project, row.key, row.name)


def keep(
    session: Session,
    at: datetime,
    workspace_id: int,
    slack_id: str,
    channel: str,
    channel_name: str,
    chosen: Chosen,
    *,
    member: bool,
) -> Kept | NotTheirs:
    """Let a channel's tickets go there from now on; those that exist stay where they are."""
    if not _may(session, at, workspace_id, slack_id, channel, member=member):
        return NotTheirs()
    actor = rows_of(session, workspace_id, {slack_id})[slack_id]
    team = teams.team_of(session, workspace_id, channel, channel_name)
    row = session.get(JiraProject, team.id)
    if row is None:
        row = JiraProject(team_id=team.id)
        session.add(row)
    row.project, row.key = chosen.project, chosen.key
    row.name = clamp(one_line(chosen.name), _NAME)
    row.issue_type, row.issue_type_name = chosen.issue_type, chosen.issue_type_name
    row.fields = dict(chosen.fields) or None
    row.set_by, row.set_at = actor.id, at
    row.tries, row.try_at = 0, None
    session.add(
        Audit(
            at=at,
            actor_id=actor.id,
            action="team.jira",
            subject=f"team:{team.id}",
            detail={"project": chosen.key, "issue_type": chosen.issue_type_name},
        )
    )
    session.flush()
    _try_those_refused(session, team.id)
    _begin_those_wanted(session, at, team.id)
    return Kept(chosen, channel, len(_without(session, team.id)))


def order(
    session: Session,
    at: datetime,
    workspace_id: int,
    slack_id: str,
    channel: str,
    *,
    member: bool,
) -> Ordered | NotTheirs:
    """Make tickets of a team's open items that have none."""
    team = _team(session, workspace_id, channel)
    if team is None or not _may(session, at, workspace_id, slack_id, channel, member=member):
        return NotTheirs()
    items = _without(session, team.id)
    for item in items:
        item.wants_ticket = True
    tickets.mark(session, at, items, Urgency.PROGRESS)
    return Ordered(len(items))


def _team(session: Session, workspace_id: int, channel: str) -> Team | None:
    return session.scalar(
        select(Team).where(Team.workspace_id == workspace_id, Team.channel == channel)
    )


def _chosen(row: JiraProject) -> Chosen:
    return Chosen(
        row.project, row.key, row.name, row.issue_type, row.issue_type_name, row.fields or {}
    )


def _may(
    session: Session,
    at: datetime,
    workspace_id: int,
    slack_id: str,
    channel: str,
    *,
    member: bool,
) -> bool:
    may = teams.standing(session, at, workspace_id, slack_id, channel).may
    return may is May.CHANGE or (may is May.IF_MEMBER and member)


def _without(session: Session, team_id: int) -> Sequence[ActionItem]:
    """A team's open items without an issue, and without one on its way."""
    items = session.scalars(
        select(ActionItem)
        .where(
            ActionItem.team_id == team_id,
            ActionItem.state.in_(LIVE_ITEMS),
            ActionItem.issue_id.is_(None),
            ActionItem.wants_ticket.is_(False),
        )
        .order_by(ActionItem.id)
    )
    return items.all()


def _try_those_refused(session: Session, team_id: int) -> None:
    """What could not be made where tickets went before may be made here; if not, that is news."""
    theirs = tickets.ISSUES & (Mirror.target == tickets.lane(team_id))
    session.execute(
        update(Mirror).where(theirs).values(told=None).execution_options(synchronize_session=False)
    )
    mirrors.lift(session, theirs & Mirror.outcome.in_([Outcome.BLOCKED, Outcome.PARKED]))


def _begin_those_wanted(session: Session, at: datetime, team_id: int) -> None:
    """Whose ticket was asked for while there was nowhere to make it."""
    items = session.scalars(
        select(ActionItem).where(
            ActionItem.team_id == team_id,
            ActionItem.state.in_(LIVE_ITEMS),
            ActionItem.issue_id.is_(None),
            ActionItem.wants_ticket,
        )
    ).all()
    tickets.mark(session, at, items, Urgency.PROGRESS)
