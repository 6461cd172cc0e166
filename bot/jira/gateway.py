"""Every call to Jira goes through here, is sent once, and ends in a typed answer.

The `jira` library is synchronous: its calls run in a few threads of the gateway's own. Any of them
may raise one of `bot.jira.errors`, or of `bot.core.errors`: RateLimited and NotSent where nothing
took effect, OutcomeUnknown where nobody can tell.
"""

import contextlib
from collections.abc import Collection, Mapping
from functools import partial
from typing import Any
from urllib.parse import quote

from bot.jira import bodies, jql, parsing
from bot.jira.calls import PAGE, Calls
from bot.jira.errors import FieldsMissing, JiraRefused, NotFound
from bot.jira.model import (
    Account,
    Changes,
    Created,
    Field,
    Issue,
    IssueType,
    NewIssue,
    Polled,
    Project,
    RemoteLink,
    Right,
    Server,
    Transition,
)

TIMEOUT_SECONDS = 15.0  # after it nobody waits for a call any longer
_PROJECTS = 50
_PEOPLE = 20
_LOOKED_UP = 10  # two with one label are one too many already
# "pid" is how Data Center names the project, which is always given.
_NEVER_MISSING = frozenset({"pid"})


class Gateway:
    """Jira, seen from the bot: Cloud where an e-mail goes with the token, else Data Center."""

    def __init__(
        self, url: str, token: str, email: str | None = None, timeout: float = TIMEOUT_SECONDS
    ) -> None:
        """Calls nobody yet; `url` is the site's base, with no path of the API."""
        self._calls = Calls(url, token, email, timeout)

    async def close(self) -> None:
        """Let go of threads and connections; what is under way may still take effect."""
        self._calls.close()

    async def me(self) -> Account:
        """Whose the token is; raises Unauthorised for a bad one."""
        return await self._calls.ask(parsing.account, "GET", "myself")

    async def server(self) -> Server:
        """Which Jira answers at the address; needs no good token."""
        return await self._calls.ask(parsing.server, "GET", "serverInfo")

    async def rights(self, project_id: str | None = None) -> frozenset[Right]:
        """What the token's account may do in a project, or else in any."""
        params = {"permissions": ",".join(Right)}
        if project_id is not None:
            params["projectId"] = project_id
        return await self._calls.ask(parsing.rights, "GET", "mypermissions", params)

    async def projects(self, words: str = "") -> tuple[Project, ...]:
        """The first projects by name with `words` in name or key; Cloud's that take new issues."""
        if not self._calls.cloud:
            return await self._named_project(words)
        params: dict[str, str | int] = {
            "maxResults": _PROJECTS,
            "orderBy": "name",
            "action": "create",
        }
        if words:
            params["query"] = words
        return await self._calls.ask(
            lambda raw: _projects(raw["values"]), "GET", "project/search", params
        )

    async def _named_project(self, words: str) -> tuple[Project, ...]:
        """Data Center tells all at once, or one."""
        every = await self._calls.ask(_projects, "GET", "project")
        wanted = words.casefold()
        found = [one for one in every if wanted in one.name.casefold() + "\n" + one.key.casefold()]
        found.sort(key=lambda one: (one.name.casefold(), one.key))
        return tuple(found[:_PROJECTS])

    async def project(self, project_id: str) -> Project:
        """A project as it is called now; raises NotFound where it is gone."""
        return await self._calls.ask(parsing.project, "GET", f"project/{_part(project_id)}")

    async def issue_types(self, project_id: str) -> tuple[IssueType, ...]:
        """What can be created in a project; raises JiraRefused where it is gone."""
        path = f"issue/createmeta/{_part(project_id)}/issuetypes"
        return await self._calls.every(parsing.issue_types, "issueTypes", path)

    async def fields(self, project_id: str, issue_type_id: str) -> tuple[Field, ...]:
        """What an issue takes beyond what every item has; those required first."""
        path = f"issue/createmeta/{_part(project_id)}/issuetypes/{_part(issue_type_id)}"
        found = await self._calls.every(parsing.fields, "fields", path)
        return tuple(sorted(found, key=lambda one: not one.required))

    async def create(self, new: NewIssue) -> Created:
        """Create an issue; not safe to repeat.

        Raises FieldsMissing where fields are required that `new` doesn't give, and JiraRefused
        with "assignee" in its `fields` where they can't be assigned.
        """
        body = bodies.new_issue(new, cloud=self._calls.cloud)
        parse = partial(parsing.created, site=self._calls.site)
        try:
            return await self._calls.ask(parse, "POST", "issue", body=body)
        except JiraRefused as refused:
            # By which field, since Jira's words are in the language of whoever's the token is.
            missing = refused.fields.keys() - body["fields"].keys() - _NEVER_MISSING
            if refused.status != 400 or not missing:
                raise
            raise FieldsMissing(
                refused.status, refused.messages, refused.fields, frozenset(missing)
            ) from refused

    async def find(self, label: str) -> tuple[Issue, ...]:
        """The issues with a label, in whatever project; Cloud's index lags by up to minutes."""
        return await self._first(jql.labelled(label), _LOOKED_UP)

    async def issue(self, issue_id: str) -> Issue:
        """An issue as it is now, wherever it was moved; raises NotFound once it is deleted."""
        params = {"fields": ",".join(parsing.FIELDS)}
        return await self._calls.ask(self._calls.issue, "GET", f"issue/{_part(issue_id)}", params)

    async def reassigned(self, issue_id: str) -> bool:
        """Whether somebody assigned it since it was created; whom Jira chose then doesn't count.

        Cloud tells of the last hundred changes. Raises NotFound once it is deleted.
        """
        params = {"fields": "assignee", "expand": "changelog"}
        path = f"issue/{_part(issue_id)}"
        return await self._calls.ask(parsing.reassigned, "GET", path, params)

    async def issues(self, ids: Collection[str]) -> Polled:
        """Many issues as they are now: one request for every hundred.

        Data Center answers out of its index: confirm an absent one by `issue`.
        """
        found: list[Issue] = []
        absent: set[str] = set()
        wanted = sorted(set(ids))
        for start in range(0, len(wanted), PAGE):
            part = wanted[start : start + PAGE]
            polled = await (self._fetch(part) if self._calls.cloud else self._listed(part))
            found += polled.found
            absent |= polled.absent
        return Polled(tuple(found), frozenset(absent))

    async def _fetch(self, ids: list[str]) -> Polled:
        """Cloud reads many by their ids without its index, which lags."""
        body = {"issueIdsOrKeys": ids, "fields": list(parsing.FIELDS)}
        parse = partial(self._polled, frozenset(ids))
        return await self._calls.ask(parse, "POST", "issue/bulkfetch", body=body)

    def _polled(self, wanted: frozenset[str], raw: Mapping[str, Any]) -> Polled:
        found = tuple(self._calls.issue(one) for one in raw["issues"])
        # Those could not be read this time; one that is gone is simply not in the answer.
        unread = {str(one.get("id")) for one in raw.get("issueErrors") or ()}
        return Polled(found, wanted - {one.id for one in found} - unread)

    async def _listed(self, ids: list[str]) -> Polled:
        found = await self._calls.whole(jql.with_ids(ids))
        return Polled(found, frozenset(ids) - {one.id for one in found})

    async def update(self, issue_id: str, changes: Changes) -> None:
        """Change an issue; safe to repeat.

        Raises JiraRefused with "assignee" in its `fields` where they can't be assigned.
        """
        if changes:
            body = bodies.changes(changes, cloud=self._calls.cloud)
            await self._calls.tell("PUT", f"issue/{_part(issue_id)}", body)

    async def transitions(self, issue_id: str) -> tuple[Transition, ...]:
        """The ways that lead on from where an issue stands, for the token's account."""
        path = f"issue/{_part(issue_id)}/transitions"
        params = {"expand": "transitions.fields"}
        return await self._calls.ask(parsing.transitions, "GET", path, params)

    async def transition(self, issue_id: str, transition_id: str) -> None:
        """Take one of them; refused where it does not lead on from there (any more)."""
        body = {"transition": {"id": transition_id}}
        await self._calls.tell("POST", f"issue/{_part(issue_id)}/transitions", body)

    async def link(self, issue_id: str, link: RemoteLink) -> None:
        """Put a link on an issue, or replace the one of the same global id; safe to repeat."""
        await self._calls.tell(
            "POST", f"issue/{_part(issue_id)}/remotelink", bodies.remote_link(link)
        )

    async def people(self, words: str) -> tuple[Account, ...]:
        """Active people whose name or e-mail matches.

        Cloud matches the beginnings of words, and addresses that it does not tell.
        """
        params: dict[str, str | int] = {
            "query" if self._calls.cloud else "username": words,
            "maxResults": _PEOPLE,
        }
        return await self._calls.ask(parsing.people, "GET", "user/search", params)

    async def search(self, project: Project, typed: str, limit: int = 20) -> tuple[Issue, ...]:
        """Issues of a project for what somebody typed: a key, a number, or words of the summary.

        Those that changed last come first; without words, those that are not done.
        """
        key = jql.key_meant(typed, project.key)
        if key is None:
            return await self._first(jql.worded(project.id, typed), limit)
        with contextlib.suppress(NotFound):
            found = await self.issue(key)
            return (found,) if found.project.id == project.id else ()
        return ()

    async def in_progress(self, account_id: str, limit: int = 50) -> tuple[Issue, ...]:
        """The issues in progress of somebody, those that changed last first; the index lags."""
        return await self._first(jql.in_progress(account_id), limit)

    async def _first(self, query: str, limit: int) -> tuple[Issue, ...]:
        return await self._calls.first(query, min(limit, PAGE))


def _part(name: str) -> str:
    """A part of a path, whatever is in it."""
    return quote(name, safe="")


def _projects(raw: list[Mapping[str, Any]]) -> tuple[Project, ...]:
    return tuple(parsing.project(one) for one in raw)
