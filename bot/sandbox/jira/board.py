"""What Jira holds, as the page and scripts see it."""

from bot.sandbox.jira import adf, markup
from bot.sandbox.jira.control import account_of
from bot.sandbox.jira.schemes import CATEGORIES, STATUSES, TYPES
from bot.sandbox.jira.world import Account, Comment, Issue, JiraWorld, Project
from bot.sandbox.site import Site
from bot.sandbox.world import Json


def glance(site: Site) -> Json:
    """The little that the workspace's state says of Jira."""
    world = site.jira.world
    return {
        "url": site.jira.url,
        "deployment": world.deployment,
        "token": world.token,
        "issues": len(world.issues),
    }


def board(site: Site) -> Json:
    """Everything there."""
    world = site.jira.world
    return {
        **glance(site),
        "lag": site.jira.index.lag,
        "webhooks": site.jira.webhooks.shown(),
        "categories": [{"key": each.key, "name": each.name} for each in CATEGORIES],
        "projects": [_project(world, each) for each in world.projects.values()],
        "accounts": [_account(site, each) for each in world.accounts.values()],
        "issues": [_issue(world, each) for each in world.issues.values()],
        "deleted": list(world.deleted),
    }


def _project(world: JiraWorld, project: Project) -> Json:
    return {
        "id": project.id,
        "key": project.key,
        "name": project.name,
        "deleted": project.deleted,
        "without": sorted(project.lacking),
        "types": [{"id": each, "name": TYPES[each].name} for each in project.types],
        "assignable": [e.id for e in world.accounts.values() if world.assignable(e, project)],
    }


def _account(site: Site, account: Account) -> Json:
    users = site.world.users.values()
    user = next((each.id for each in users if account_of(site.jira.world, each) is account), None)
    return {
        "id": account.id,
        "name": account.name,
        "display_name": account.display_name,
        "email": account.email,
        "hidden": account.hidden,
        "active": account.active,
        "user": user,
    }


def _issue(world: JiraWorld, issue: Issue) -> Json:
    ways = [
        {"id": each.id, "name": each.name, "to": STATUSES[each.to].name}
        for each in world.transitions(issue)
        if each.to != issue.status
    ]
    return {
        "id": issue.id,
        "key": issue.key,
        "project": world.projects[issue.project].key,
        "type": TYPES[issue.type].name,
        "summary": issue.summary,
        "description": issue.text,
        "status": STATUSES[issue.status].name,
        "category": issue.category.key,
        "assignee": issue.assignee,
        "reporter": issue.values.get("reporter"),
        "duedate": issue.values.get("duedate"),
        "labels": issue.labels,
        "fields": {n: v for n, v in issue.values.items() if n.startswith("customfield_")},
        "created": issue.created.isoformat(),
        "updated": issue.updated.isoformat(),
        "transitions": ways,
        "links": [{"id": e.id, "global_id": e.global_id, "title": e.object["title"],
                   "url": e.object["url"]} for e in world.links.get(issue.id, [])],
        "comments": [_comment(each) for each in world.comments.get(issue.id, [])],
        "history": [
            {"at": each.at.isoformat(), "by": each.author, "items": each.items}
            for each in world.history.get(issue.id, [])
        ],
        "mentions": _mentions(issue),
        "macros": [] if _document(issue) else markup.macros(issue.text),
    }  # fmt: skip


def _comment(comment: Comment) -> Json:
    return {
        "id": comment.id,
        "by": comment.author,
        "at": comment.created.isoformat(),
        "text": comment.body["wiki"],
    }


def _document(issue: Issue) -> Json | None:
    return (issue.values.get("description") or {}).get("adf")


def _mentions(issue: Issue) -> list[str]:
    """Whom the description notifies."""
    document = _document(issue)
    return adf.mentioned(document) if document else markup.mentioned(issue.text)
