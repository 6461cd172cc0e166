"""What of a Jira site outlives a sandbox."""

from dataclasses import dataclass, field

from bot.sandbox.jira.site import JiraSite
from bot.sandbox.jira.world import (
    Account,
    Change,
    Comment,
    Deployment,
    Issue,
    Project,
    RemoteLink,
)


@dataclass
class KeptJira:
    """The site's rows; how it behaves (lag, webhooks, a dead token) begins anew."""

    deployment: Deployment
    last_id: int
    accounts: list[Account]
    projects: list[Project]
    issues: list[Issue]
    former: dict[str, str] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)
    links: dict[str, list[RemoteLink]] = field(default_factory=dict)
    comments: dict[str, list[Comment]] = field(default_factory=dict)
    history: dict[str, list[Change]] = field(default_factory=dict)


def take(site: JiraSite) -> KeptJira:
    world = site.world
    return KeptJira(
        deployment=world.deployment,
        last_id=world.last_id,
        accounts=list(world.accounts.values()),
        projects=list(world.projects.values()),
        issues=list(world.issues.values()),
        former=dict(world.former),
        deleted=list(world.deleted),
        links=dict(world.links),
        comments=dict(world.comments),
        history=dict(world.history),
    )


def put_back(site: JiraSite, kept: KeptJira) -> None:
    """Let a fresh site be the one that was kept; its index knows everything."""
    world = site.world
    world.deployment, world.last_id = kept.deployment, kept.last_id
    world.accounts = {each.id: each for each in kept.accounts}
    world.projects = {each.id: each for each in kept.projects}
    for issue in kept.issues:
        world.put(issue)
        site.index.note(issue.id, issue)
    world.former, world.deleted = kept.former, kept.deleted
    world.links, world.comments, world.history = kept.links, kept.comments, kept.history
