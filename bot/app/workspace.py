"""The row of the workspace that the bot is in."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.tables import Workspace
from bot.db.upsert import insert_missing
from bot.slack.gateway import Identity


def know_workspace(session: Session, identity: Identity, jira_url: str | None = None) -> int:
    """The row of the workspace that we are in; a working token ends a pause."""
    row = {
        "slack_id": identity.team_id,
        "name": identity.team_name,
        "bot_user": identity.bot_user,
    }
    insert_missing(session, Workspace, [row])
    workspace = session.scalars(
        select(Workspace).where(Workspace.slack_id == identity.team_id)
    ).one()
    workspace.paused = None
    workspace.name, workspace.bot_user = identity.team_name, identity.bot_user
    workspace.jira_url = jira_url
    return workspace.id


def is_paused(session: Session, workspace_id: int) -> bool:
    """Whether sending rests because Slack refuses the token."""
    return session.get_one(Workspace, workspace_id).paused is not None
