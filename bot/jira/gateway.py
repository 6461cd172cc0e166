"""Every call to Jira goes through here, is sent once, and ends in a typed answer.

The `jira` library is synchronous: its calls run in a few threads of the gateway's own. Any of them
may raise one of `bot.jira.errors`, or of `bot.core.errors`: RateLimited and NotSent where nothing
took effect, OutcomeUnknown where nobody can tell.
"""

from collections.abc import Collection, Sequence
from datetime import timedelta

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
    Projects,
    RemoteLink,
    Right,
    Server,
    Transition,
)

TIMEOUT_SECONDS = 15.0  # after it a call has ended, one way or another


class Gateway:
    """Jira, seen from the bot: Cloud where an e-mail goes with the token, else Data Center."""

    def __init__(self, url: str, token: str, email: str | None = None) -> None:
        """Calls nobody yet; `url` is the site's base, with no path of the API."""
        raise NotImplementedError

    async def close(self) -> None:
        """Let go of threads and connections; what is under way may still take effect."""
        raise NotImplementedError

    async def me(self) -> Account:
        """Whose the token is; raises Unauthorised for a bad one."""
        raise NotImplementedError

    async def server(self) -> Server:
        """Which Jira answers at the address; needs no good token."""
        raise NotImplementedError

    async def rights(self, project_id: str | None = None) -> frozenset[Right]:
        """What the token's account may do in a project, or else in any."""
        raise NotImplementedError

    async def projects(self, words: str = "", start: int = 0) -> Projects:
        """Projects in which issues can be created, by name: those with `words` in name or key."""
        raise NotImplementedError

    async def project(self, project_id: str) -> Project:
        """A project as it is called now; raises NotFound where it is gone."""
        raise NotImplementedError

    async def issue_types(self, project_id: str) -> tuple[IssueType, ...]:
        """What can be created in a project; raises JiraRefused where it is gone."""
        raise NotImplementedError

    async def fields(self, project_id: str, issue_type_id: str) -> tuple[Field, ...]:
        """What an issue takes beyond what every item has; those required first."""
        raise NotImplementedError

    async def create(self, new: NewIssue) -> Created:
        """Create an issue; not safe to repeat.

        Raises FieldsMissing where fields are required that `new` doesn't give, and JiraRefused
        with "assignee" in its `fields` where they can't be assigned.
        """
        raise NotImplementedError

    async def find(self, label: str) -> tuple[Issue, ...]:
        """The issues with a label, in whatever project; Cloud's index lags by up to minutes."""
        raise NotImplementedError

    async def issue(self, issue_id: str) -> Issue:
        """An issue as it is now, wherever it was moved; raises NotFound once it is deleted."""
        raise NotImplementedError

    async def issues(self, ids: Collection[str]) -> Polled:
        """Many issues as they are now: one request for every hundred."""
        raise NotImplementedError

    async def changed(
        self, within: timedelta, label: str | None = None, project_ids: Sequence[str] = ()
    ) -> tuple[Issue, ...]:
        """Issues with a label, in any of some projects, that changed of late; the index lags."""
        raise NotImplementedError

    async def update(self, issue_id: str, changes: Changes) -> None:
        """Change an issue; safe to repeat.

        Raises JiraRefused with "assignee" in its `fields` where they can't be assigned.
        """
        raise NotImplementedError

    async def transitions(self, issue_id: str) -> tuple[Transition, ...]:
        """The ways that lead on from where an issue stands, for the token's account."""
        raise NotImplementedError

    async def transition(self, issue_id: str, transition_id: str) -> None:
        """Take one of them; refused where it does not lead on from there (any more)."""
        raise NotImplementedError

    async def link(self, issue_id: str, link: RemoteLink) -> None:
        """Put a link on an issue, or replace the one of the same global id; safe to repeat."""
        raise NotImplementedError

    async def people(self, words: str, project: Project | None = None) -> tuple[Account, ...]:
        """Active people whose name or e-mail matches; those who can be assigned in `project`.

        Cloud matches the beginnings of words, and addresses that it does not tell.
        """
        raise NotImplementedError

    async def search(self, project: Project, typed: str, limit: int = 20) -> tuple[Issue, ...]:
        """Issues of a project for what somebody typed: a key, a number, or words of the summary.

        Those that changed last come first; without words, those that are not done.
        """
        raise NotImplementedError

    async def in_progress(self, account_id: str, limit: int = 50) -> tuple[Issue, ...]:
        """The issues in progress of somebody, those that changed last first; the index lags."""
        raise NotImplementedError
