"""Which words are keys of issues, and where they lead: of the projects that teams have chosen."""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot.asking.issue_links import NO_LINKS, IssueLinks
from bot.db.tables import JiraProject, Team, Workspace

# Kept, since to build it takes longer than to run it, and every message asks.
_SITE = select(Workspace.jira_url).where(Workspace.id == bindparam("workspace_id"))
_CHOSEN = (
    select(JiraProject.key)
    .join(Team, JiraProject.team_id == Team.id)
    .where(Team.workspace_id == bindparam("workspace_id"))
)


def issue_links(session: Session, workspace_id: int) -> IssueLinks:
    """Of a workspace; a UTF-8 or GPT-4 looks like a key too, so no other project's are taken."""
    site = jira_site(session, workspace_id)
    if not site:
        return NO_LINKS
    of = {"workspace_id": workspace_id}
    return IssueLinks(site, frozenset(session.scalars(_CHOSEN, of)))


def jira_site(session: Session, workspace_id: int) -> str:
    """Where a workspace's Jira is, without a stroke at its end; "" without one."""
    site = session.scalar(_SITE, {"workspace_id": workspace_id})
    return (site or "").rstrip("/")
