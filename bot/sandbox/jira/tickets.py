"""Issues and what hangs from them, as Jira's JSON shows them."""

from collections.abc import Callable, Iterable
from typing import Any

from bot.sandbox.jira import adf
from bot.sandbox.jira.schemes import FIELDS, PRIORITIES, STATUSES, TYPES, Field, Kind
from bot.sandbox.jira.shapes import Shapes
from bot.sandbox.jira.webhooks import Event
from bot.sandbox.jira.world import Change, Comment, Issue, RemoteLink
from bot.sandbox.world import Json

NOT_NAVIGABLE = ("comment",)


class Tickets(Shapes):
    """How issues look, along with all that they name."""

    def brief(self, issue: Issue) -> Json:
        return {"id": issue.id, "key": issue.key, "self": f"{self.api}/issue/{issue.id}"}

    def issue(self, issue: Issue, wanted: Iterable[str] = ("*all",)) -> Json:
        return {
            "expand": "renderedFields,names,schema,operations,editmeta,changelog,transitions",
            **self.brief(issue),
            "fields": self.values(issue, wanted),
        }

    def values(self, issue: Issue, wanted: Iterable[str]) -> Json:
        """Of an issue's fields those asked for: names, `*all`, `*navigable`, or `-name` to omit."""
        asked = [name.strip() for entry in wanted for name in entry.split(",") if name.strip()]
        plain = {name for name in asked if name[0] not in "*-"}
        if not plain and not {"*all", "*navigable"} & set(asked):
            asked.append("*all")
        drawers = self._drawers()
        if "*all" in asked:
            plain |= drawers.keys()
        elif "*navigable" in asked:
            plain |= drawers.keys() - set(NOT_NAVIGABLE)
        left_out = {name[1:] for name in asked if name[0] == "-"}
        return {name: draw(issue) for name, draw in drawers.items() if name in plain - left_out}

    def _drawers(self) -> dict[str, Callable[[Issue], Any]]:
        stored = {
            name: lambda issue, field=field: self._value(field, issue.values.get(field.id))
            for name, field in FIELDS.items()
            if field.kind not in (Kind.PROJECT, Kind.TYPE)
        }
        return stored | {
            "project": lambda issue: self.project(self.world.projects[issue.project]),
            "issuetype": lambda issue: self.type(TYPES[issue.type]),
            "status": lambda issue: self.status(STATUSES[issue.status]),
            "statusCategory": lambda issue: self.category(issue.category),
            "creator": lambda issue: self.user(self.world.accounts[issue.creator]),
            "created": lambda issue: self.instant(issue.created),
            "updated": lambda issue: self.instant(issue.updated),
            "statuscategorychangedate": lambda issue: self.instant(issue.moved_at),
            "resolution": lambda issue: self.resolution() if issue.resolved else None,
            "resolutiondate": lambda i: self.instant(i.resolved) if i.resolved else None,
            "comment": lambda issue: self.comments(issue, 0, 50),
        }

    def _value(self, field: Field, value: Any) -> Any:
        if field.kind is Kind.LABELS:
            return list(value or ())
        if value is None:
            return None
        match field.kind:
            case Kind.USER:
                return self.user(self.world.accounts[value])
            case Kind.PRIORITY:
                return self.priority(PRIORITIES[value])
            case Kind.OPTION:
                return self.option(next(each for each in field.options if each.id == value))
            case Kind.DOCUMENT:
                return self.text(value)
            case Kind.PARENT:
                parent = self.world.issues.get(value)
                return self.brief(parent) if parent else None
            case _:
                return value

    def text(self, stored: Json) -> Any:
        """A text in wiki markup, or for version 3 as a document."""
        if self.version != "3":
            return stored["wiki"]
        return stored["adf"] or adf.from_text(stored["wiki"])

    def comments(self, issue: Issue, start: int, most: int) -> Json:
        every = self.world.comments.get(issue.id, [])
        return {
            "startAt": start,
            "maxResults": most,
            "total": len(every),
            "comments": [self.comment(issue, each) for each in every[start : start + most]],
        }

    def comment(self, issue: Issue, comment: Comment) -> Json:
        author = self.user(self.world.accounts[comment.author])
        return {
            "self": f"{self.api}/issue/{issue.id}/comment/{comment.id}",
            "id": comment.id,
            "author": author,
            "body": self.text(comment.body),
            "updateAuthor": author,
            "created": self.instant(comment.created),
            "updated": self.instant(comment.created),
        }

    def link(self, issue: Issue, link: RemoteLink) -> Json:
        shown: Json = {**self.link_brief(issue, link), "object": link.object}
        for name, value in (
            ("globalId", link.global_id),
            ("relationship", link.relationship),
            ("application", link.application or {}),
        ):
            if value is not None:
                shown[name] = value
        return shown

    def link_brief(self, issue: Issue, link: RemoteLink) -> Json:
        url = f"{self.api}/issue/{issue.key}/remotelink/{link.id}"
        return {"id": int(link.id), "self": url}

    def history(self, issue: Issue) -> Json:
        """Who changed what since it was created, what came last first."""
        changes = self.world.history.get(issue.id, [])[::-1]
        shown = [
            {
                **self.changelog(one),
                "author": self.user(self.world.accounts[one.author]),
                "created": self.instant(one.at),
            }
            for one in changes
        ]
        count = len(shown)
        return {"startAt": 0, "maxResults": count, "total": count, "histories": shown}

    # --- webhooks

    def event(self, event: Event) -> Json:
        """A webhook's body."""
        shown: Json = {
            "timestamp": int(self.world.now().timestamp() * 1000),
            "webhookEvent": event.kind,
            "issue_event_type_name": event.name,
            "user": self.user(event.by),
            "issue": self.issue(event.issue),
        }
        if event.change is not None:
            shown["changelog"] = self.changelog(event.change)
        return shown

    def changelog(self, change: Change) -> Json:
        return {"id": change.id, "items": change.items}
