"""What the Jira site holds: accounts, projects, issues and what hangs from them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.core.clock import Calendar
from bot.sandbox.jira import schemes
from bot.sandbox.jira.schemes import FIELDS, STATUSES, TYPES, USUAL, Field, Transition
from bot.sandbox.world import Json

PATH = "/jira"
EMAIL = "meridian@aurora-ml.example"
TOKEN = "sandbox-jira-token"  # noqa: S105 - opens nothing but this sandbox


class Deployment(StrEnum):
    """Which Jira it is; the word is what serverInfo says."""

    CLOUD = "Cloud"
    SERVER = "Server"


class TokenState(StrEnum):
    """What becomes of a call with the bot's token."""

    ALIVE = "alive"
    DEAD = "dead"  # 401, as is any wrong token
    ANONYMOUS = "anonymous"  # Cloud: as if nobody had signed in, which hides every issue


@dataclass
class Account:
    """Somebody with an account; `id` is Cloud's name for them, `name` Data Center's."""

    id: str
    name: str
    key: str
    display_name: str
    email: str = ""
    tz: str = "Etc/UTC"
    hidden: bool = False
    active: bool = True
    kind: str = "atlassian"


@dataclass
class Project:
    """A project; `lacking` are the rights that the bot's account doesn't have in it."""

    id: str
    key: str
    name: str
    lead: str
    workflow: str
    types: list[str]
    extras: dict[str, dict[str, bool]] = field(default_factory=dict)
    lacking: set[str] = field(default_factory=set)
    unassignable: set[str] = field(default_factory=set)
    deleted: bool = False
    last: int = 0
    default_assignee: str | None = None  # of an issue whose creator doesn't say

    def screen(self, type_id: str) -> dict[str, bool]:
        """The fields that an issue of this type is created with, and which of them are a must."""
        shown = {name: name in ("project", "issuetype", "summary") for name in USUAL}
        if TYPES[type_id].subtask:
            shown["parent"] = True
        return shown | self.extras.get(type_id, {})

    @property
    def ways(self) -> tuple[Transition, ...]:
        return schemes.WORKFLOWS[self.workflow]


@dataclass(frozen=True)
class Issue:
    """An issue as it was at one moment; a change makes a new one, so an index may keep the old."""

    id: str
    key: str
    project: str
    type: str
    status: str
    creator: str
    created: datetime
    updated: datetime
    moved_at: datetime
    values: dict[str, Any]
    resolved: datetime | None = None

    @property
    def summary(self) -> str:
        return str(self.values["summary"])

    @property
    def assignee(self) -> str | None:
        return self.values.get("assignee")

    @property
    def labels(self) -> list[str]:
        return list(self.values.get("labels") or ())

    @property
    def text(self) -> str:
        """The description in wiki markup."""
        return str((self.values.get("description") or {}).get("wiki", ""))

    @property
    def category(self) -> schemes.Category:
        return STATUSES[self.status].category


@dataclass
class RemoteLink:
    """A link from an issue to somewhere else."""

    id: str
    global_id: str | None
    object: Json
    relationship: str | None = None
    application: Json | None = None


@dataclass
class Comment:
    """What somebody wrote below an issue."""

    id: str
    author: str
    body: Json
    created: datetime


@dataclass
class Change:
    """What somebody changed at once: a line of an issue's history."""

    id: str
    author: str
    at: datetime
    items: list[Json]


class JiraWorld:
    """The rows, and the few look-ups that everything needs."""

    def __init__(self, calendar: Calendar, deployment: Deployment) -> None:
        self._calendar = calendar
        self.deployment = deployment
        self.token = TokenState.ALIVE
        self.last_id = 10_000
        self.accounts: dict[str, Account] = {}
        self.projects: dict[str, Project] = {}
        self.issues: dict[str, Issue] = {}
        self.former: dict[str, str] = {}
        self.deleted: list[str] = []
        self.links: dict[str, list[RemoteLink]] = {}
        self.comments: dict[str, list[Comment]] = {}
        self.history: dict[str, list[Change]] = {}
        self._keys: dict[str, str] = {}

    @property
    def is_cloud(self) -> bool:
        return self.deployment is Deployment.CLOUD

    @property
    def bot(self) -> Account:
        """Whose token the bot holds."""
        return next(each for each in self.accounts.values() if each.email == EMAIL)

    def now(self) -> datetime:
        return self._calendar.now()

    def next_id(self) -> str:
        self.last_id += 1
        return str(self.last_id)

    def put(self, issue: Issue) -> None:
        before = self.issues.get(issue.id)
        if before is not None and before.key != issue.key:
            self.former[before.key] = issue.id
            del self._keys[before.key]
        self.issues[issue.id] = issue
        self._keys[issue.key] = issue.id

    def drop(self, issue: Issue) -> None:
        del self.issues[issue.id], self._keys[issue.key]
        self.deleted.append(issue.key)
        for hanging in (self.links, self.comments, self.history):
            hanging.pop(issue.id, None)
        self.former = {key: id_ for key, id_ in self.former.items() if id_ != issue.id}

    def find(self, ref: str) -> Issue | None:
        """By number, by key in any case, or by a key from before a move."""
        key = ref.upper()
        return self.issues.get(self._keys.get(key) or self.former.get(key) or ref)

    def project(self, ref: str) -> Project | None:
        """By number or key, unless it lies in the bin."""
        found = self.projects.get(ref) or next(
            (each for each in self.projects.values() if each.key == ref.upper()), None
        )
        return None if found is None or found.deleted else found

    def account(self, ref: str) -> Account | None:
        """By Cloud's id, Data Center's name or key, or the address."""
        return self.accounts.get(ref) or next(
            (each for each in self.accounts.values() if ref in (each.name, each.key, each.email)),
            None,
        )

    def may(self, viewer: Account | None, project: Project, right: str) -> bool:
        """Whether somebody has a right there; None is somebody who has not signed in."""
        if viewer is None or project.deleted:
            return False
        if right == "ASSIGNABLE_USER":
            return self.assignable(viewer, project)
        return viewer is not self.bot or not project.lacking & {right, "BROWSE_PROJECTS"}

    def assignable(self, account: Account, project: Project) -> bool:
        person = account.active and account.kind == "atlassian"
        return person and account.id not in project.unassignable

    def seen(self, viewer: Account | None) -> list[Project]:
        """The projects that somebody can see, by key."""
        able = [
            each for each in self.projects.values() if self.may(viewer, each, "BROWSE_PROJECTS")
        ]
        return sorted(able, key=lambda each: each.key)

    def sees(self, viewer: Account | None, issue: Issue) -> bool:
        return self.may(viewer, self.projects[issue.project], "BROWSE_PROJECTS")

    def transitions(self, issue: Issue) -> list[Transition]:
        """The ways out of where it is."""
        ways = self.projects[issue.project].ways
        return [each for each in ways if not each.start or issue.status in each.start]


def fields_of(project: Project, type_id: str) -> list[tuple[Field, bool]]:
    """What the create screen asks for, and whether it is a must."""
    return [(FIELDS[name], must) for name, must in project.screen(type_id).items()]
