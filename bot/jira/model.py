"""What Jira holds, as the rest of the house knows it. The same for Cloud and for Data Center."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum, StrEnum
from typing import Any, Final

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass as typed

# What is read from Jira is of these types, or isn't made: a ValueError says that it isn't Jira's.
# With a length to be held, half a surrogate pair is refused too, which no database takes.
_STRICT = ConfigDict(strict=True, str_max_length=100_000)


class Category(StrEnum):
    """What a status means, whatever a team calls it: the key of its status category."""

    TODO = "new"
    IN_PROGRESS = "indeterminate"
    DONE = "done"


class Right(StrEnum):
    """What the token's account may do, by the key of Jira's permission; the last one everywhere."""

    BROWSE = "BROWSE_PROJECTS"
    CREATE = "CREATE_ISSUES"
    ASSIGN = "ASSIGN_ISSUES"
    EDIT = "EDIT_ISSUES"
    MOVE = "TRANSITION_ISSUES"
    SCHEDULE = "SCHEDULE_ISSUES"  # without it a due date is refused
    LINK = "LINK_ISSUES"
    LOOK_UP = "USER_PICKER"  # Browse users and groups


class Kind(StrEnum):
    """What sort of answer a field takes, as far as a modal can ask for it."""

    TEXT = "text"  # one line
    LONG_TEXT = "long text"
    NUMBER = "number"
    DATE = "date"
    ONE = "one option"
    SEVERAL = "several options"
    LABELS = "labels"
    USER = "user"
    UNSUPPORTED = "unsupported"


class Keep(Enum):
    """The one value that says: leave it as it is. `None` clears."""

    KEEP = "keep"


KEEP: Final = Keep.KEEP


@typed(frozen=True, config=_STRICT)
class Server:
    """Which Jira answers."""

    cloud: bool
    version: str
    title: str


@typed(frozen=True, config=_STRICT)
class Account:
    """Somebody in Jira."""

    id: str  # Cloud's accountId, Data Center's user name
    name: str
    email: str | None = None  # Cloud tells it only of those who let it be seen
    active: bool = True


@typed(frozen=True, config=_STRICT)
class Project:
    id: str  # numeric; a key may change
    key: str
    name: str


@typed(frozen=True, config=_STRICT)
class IssueType:
    id: str
    name: str
    subtask: bool


@typed(frozen=True, config=_STRICT)
class Option:
    """One of the values that a field allows."""

    id: str
    name: str


@typed(frozen=True, config=_STRICT)
class Field:
    """A field that Jira takes when an issue is created, beyond those that every item has."""

    id: str  # such as customfield_10010 or priority
    name: str
    kind: Kind
    required: bool  # and without a default: nothing is created without it
    options: tuple[Option, ...] = ()


@typed(frozen=True, config=_STRICT)
class Issue:
    """An issue as it was when it was read."""

    id: str  # numeric; stays when the issue is moved
    key: str
    url: str  # where people open it
    project: Project
    summary: str
    status: str  # as its team calls it
    category: Category
    assignee: Account | None
    due: date | None
    labels: frozenset[str]
    updated: datetime | None


@typed(frozen=True, config=_STRICT)
class Polled:
    """What came of reading many issues; what is in neither is to be asked for again."""

    found: tuple[Issue, ...]
    absent: frozenset[str]  # ids: deleted, or not to be seen any more


@typed(frozen=True, config=_STRICT)
class Created:
    """Where a new issue stands."""

    id: str
    key: str
    url: str


@typed(frozen=True, config=_STRICT)
class Transition:
    """A way from an issue's status to another."""

    id: str
    name: str
    to: Category
    to_status: str
    needs: tuple[str, ...] = ()  # names of the fields that must be filled in on the way


@dataclass(frozen=True)
class NewIssue:
    """An issue to be created."""

    project_id: str
    issue_type_id: str
    summary: str  # made one line of at most 255 characters
    description: str = ""  # wiki markup: people's text in it went through `markup.inert`
    labels: tuple[str, ...] = ()  # without white space
    assignee: str | Keep | None = KEEP  # an account's id; KEEP is whomever the project chooses
    due: date | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)  # by id, as `fields.as_json` made them


@dataclass(frozen=True)
class Changes:
    """What is to be different in an issue: each is left, cleared (None) or set."""

    assignee: str | Keep | None = KEEP  # an account's id
    due: date | Keep | None = KEEP

    def __bool__(self) -> bool:
        return any(True for _ in self.named())

    def named(self) -> Iterator[str]:
        """The names of what changes."""
        if self.assignee is not KEEP:
            yield "assignee"
        if self.due is not KEEP:
            yield "due"


@dataclass(frozen=True)
class RemoteLink:
    """A link from an issue to somewhere else."""

    global_id: str  # up to 255 characters; a second one with the same id replaces the first
    url: str
    title: str
    summary: str = ""
