"""Issues come, change and go here; history, index and webhooks hear of it."""

from dataclasses import replace
from typing import Any

from bot.sandbox.jira import wording
from bot.sandbox.jira.index import Index
from bot.sandbox.jira.schemes import DONE, MEDIUM, STATUSES, TO_DO, Transition
from bot.sandbox.jira.webhooks import Event, Webhooks
from bot.sandbox.jira.world import Account, Change, Comment, Issue, JiraWorld, Project, RemoteLink
from bot.sandbox.waiting import Changes
from bot.sandbox.world import Json


class Tracker:
    """The one writer of issues; what it is given has been found good."""

    def __init__(
        self, world: JiraWorld, index: Index, webhooks: Webhooks, changes: Changes
    ) -> None:
        self._world = world
        self._index = index
        self._webhooks = webhooks
        self._changes = changes

    def create(self, project: Project, type_id: str, values: dict[str, Any], by: Account) -> Issue:
        now = self._world.now()
        project.last += 1
        given = {
            name: value
            for name, value in ({"assignee": project.default_assignee} | values).items()
            if value is not None
        }
        issue = Issue(
            id=self._world.next_id(),
            key=f"{project.key}-{project.last}",
            project=project.id,
            type=type_id,
            status=TO_DO,
            creator=by.id,
            created=now,
            updated=now,
            moved_at=now,
            values={"priority": MEDIUM, "reporter": by.id, **given},
        )
        self._keep(issue)
        self._webhooks.emit(Event("jira:issue_created", "issue_created", issue, by))
        return issue

    def edit(self, issue: Issue, values: dict[str, Any], by: Account) -> Issue:
        """New values by field; one that is as before is no change."""
        changed = {n: v for n, v in values.items() if v != issue.values.get(n)}
        if not changed:
            return issue
        items = [
            wording.item(self._world, name, issue.values.get(name), value)
            for name, value in changed.items()
        ]
        name = "issue_assigned" if set(changed) == {"assignee"} else "issue_updated"
        return self._change(issue, items, by, name, values={**issue.values, **changed})

    def transition(self, issue: Issue, way: Transition, by: Account) -> Issue:
        """On its way to another status; reaching one that is done resolves it."""
        if way.to == issue.status:
            return issue
        now = self._world.now()
        resolved = now if STATUSES[way.to].category is DONE else None
        items = [wording.status_item(issue.status, way.to)]
        if bool(resolved) != bool(issue.resolved):
            items.append(wording.resolution_item(resolved=resolved is not None))
        return self._change(
            issue, items, by, "issue_generic", status=way.to, resolved=resolved, moved_at=now
        )

    def move(
        self, issue: Issue, project: Project, type_id: str, values: dict[str, Any], by: Account
    ) -> Issue:
        """To another project: a new key, and the old one leads to it."""
        project.last += 1
        key = f"{project.key}-{project.last}"
        before = self._world.projects[issue.project]
        items = [
            wording.bare("project", before.id, before.name, project.id, project.name),
            wording.bare("Key", None, issue.key, None, key),
        ]
        return self._change(
            issue, items, by, "issue_moved", key=key, project=project.id, type=type_id,
            values=values,
        )  # fmt: skip

    def delete(self, issue: Issue, by: Account) -> None:
        self._world.drop(issue)
        self._index.note(issue.id, None)
        self._changes.bump()
        self._webhooks.emit(Event("jira:issue_deleted", "issue_deleted", issue, by))

    def link(self, issue: Issue, link: RemoteLink) -> bool:
        """Add a link, or renew the one of the same global id; True for a new one."""
        links = self._world.links.setdefault(issue.id, [])
        same = next((e for e in links if link.global_id and e.global_id == link.global_id), None)
        if same is not None:
            links[links.index(same)] = replace(link, id=same.id)
        else:
            links.append(link)
        self._changes.bump()
        return same is None

    def unlink(self, issue: Issue, link: RemoteLink) -> None:
        self._world.links[issue.id].remove(link)
        self._changes.bump()

    def comment(self, issue: Issue, body: Json, by: Account) -> Comment:
        comment = Comment(self._world.next_id(), by.id, body, self._world.now())
        self._world.comments.setdefault(issue.id, []).append(comment)
        touched = replace(issue, updated=comment.created)
        self._keep(touched)
        self._webhooks.emit(Event("jira:issue_updated", "issue_commented", touched, by))
        return comment

    def _change(self, issue: Issue, items: list[Json], by: Account, name: str, **new: Any) -> Issue:
        now = self._world.now()
        changed = replace(issue, updated=now, **new)
        change = Change(self._world.next_id(), by.id, now, items)
        self._world.history.setdefault(issue.id, []).append(change)
        self._keep(changed)
        self._webhooks.emit(Event("jira:issue_updated", name, changed, by, change))
        return changed

    def _keep(self, issue: Issue) -> None:
        self._world.put(issue)
        self._index.note(issue.id, issue)
        self._changes.bump()
