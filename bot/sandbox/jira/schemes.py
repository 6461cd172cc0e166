"""What an administrator of this Jira has set up: statuses, workflows, types, fields, rights."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class Category:
    """One of the three kinds of status that every Jira knows."""

    id: int
    key: str
    name: str
    color: str


@dataclass(frozen=True)
class Status:
    """A step of a workflow."""

    id: str
    name: str
    category: Category


@dataclass(frozen=True)
class Transition:
    """A way from some statuses to another; `start` is empty for one that leads there from all."""

    id: str
    name: str
    start: tuple[str, ...]
    to: str


@dataclass(frozen=True)
class IssueType:
    """A kind of issue."""

    id: str
    name: str
    description: str
    subtask: bool = False


@dataclass(frozen=True)
class Priority:
    """How much an issue matters."""

    id: str
    name: str


@dataclass(frozen=True)
class Right:
    """What somebody may do in a project, or in all of Jira."""

    id: str
    key: str
    name: str
    kind: str = "PROJECT"  # or "GLOBAL"


class Kind(StrEnum):
    """What a field holds."""

    TEXT = "text"
    DOCUMENT = "document"
    USER = "user"
    DATE = "date"
    LABELS = "labels"
    PRIORITY = "priority"
    OPTION = "option"
    NUMBER = "number"
    PARENT = "parent"
    PROJECT = "project"
    TYPE = "issuetype"


@dataclass(frozen=True)
class Option:
    """A choice of a select field."""

    id: str
    value: str


@dataclass(frozen=True)
class Field:
    """A field of issues, and the names that JQL has for it."""

    id: str
    name: str
    kind: Kind
    clauses: tuple[str, ...]
    options: tuple[Option, ...] = ()

    @property
    def custom_id(self) -> int | None:
        prefix, _, number = self.id.partition("_")
        return int(number) if prefix == "customfield" else None


NEW = Category(2, "new", "To Do", "blue-gray")
INDETERMINATE = Category(4, "indeterminate", "In Progress", "yellow")
DONE = Category(3, "done", "Done", "green")
CATEGORIES = (NEW, INDETERMINATE, DONE)

TO_DO = "10000"
IN_PROGRESS = "3"
IN_REVIEW = "10002"
CLOSED = "10001"
STATUSES = {
    each.id: each
    for each in (
        Status(TO_DO, "To Do", NEW),
        Status(IN_PROGRESS, "In Progress", INDETERMINATE),
        Status(IN_REVIEW, "In Review", INDETERMINATE),
        Status(CLOSED, "Done", DONE),
    )
}

# In the simple one every status can be reached from every other; the strict one has no way from
# To Do to Done.
SIMPLE, STRICT = "simple", "strict"
WORKFLOWS = {
    SIMPLE: (
        Transition("11", "To Do", (), TO_DO),
        Transition("21", "In Progress", (), IN_PROGRESS),
        Transition("31", "Done", (), CLOSED),
    ),
    STRICT: (
        Transition("11", "Start work", (TO_DO,), IN_PROGRESS),
        Transition("21", "Submit for review", (IN_PROGRESS,), IN_REVIEW),
        Transition("31", "Approve", (IN_REVIEW,), CLOSED),
        Transition("41", "Request changes", (IN_REVIEW,), IN_PROGRESS),
        Transition("51", "Stop work", (IN_PROGRESS,), TO_DO),
        Transition("61", "Reopen", (CLOSED,), TO_DO),
    ),
}

TASK, BUG, STORY, SUBTASK = "10001", "10002", "10003", "10004"
TYPES = {
    each.id: each
    for each in (
        IssueType(TASK, "Task", "A small, distinct piece of work."),
        IssueType(BUG, "Bug", "Something that does not work as it should."),
        IssueType(STORY, "Story", "Something that somebody wants to be able to do."),
        IssueType(SUBTASK, "Sub-task", "A part of another issue.", subtask=True),
    )
}

MEDIUM = "3"
PRIORITIES = {
    each.id: each
    for each in (
        Priority("1", "Highest"),
        Priority("2", "High"),
        Priority(MEDIUM, "Medium"),
        Priority("4", "Low"),
        Priority("5", "Lowest"),
    )
}

STORY_POINTS, COMPONENT_AREA = "customfield_10016", "customfield_10050"
FIELDS = {
    each.id: each
    for each in (
        Field("project", "Project", Kind.PROJECT, ("project",)),
        Field("issuetype", "Issue Type", Kind.TYPE, ("issuetype", "type")),
        Field("parent", "Parent", Kind.PARENT, ("parent",)),
        Field("summary", "Summary", Kind.TEXT, ("summary",)),
        Field("description", "Description", Kind.DOCUMENT, ("description",)),
        Field("assignee", "Assignee", Kind.USER, ("assignee",)),
        Field("reporter", "Reporter", Kind.USER, ("reporter",)),
        Field("priority", "Priority", Kind.PRIORITY, ("priority",)),
        Field("labels", "Labels", Kind.LABELS, ("labels",)),
        Field("duedate", "Due date", Kind.DATE, ("due", "duedate")),
        Field(STORY_POINTS, "Story points", Kind.NUMBER, ("cf[10016]", "Story points")),
        Field(COMPONENT_AREA, "Component area", Kind.OPTION, ("cf[10050]", "Component area"), (
            Option("10100", "Ingestion"),
            Option("10101", "Warehouse"),
            Option("10102", "Dashboards"),
        )),
    )
}  # fmt: skip
USUAL = ("project", "issuetype", "summary", "description", "assignee", "reporter", "priority",
         "labels", "duedate")  # fmt: skip

RIGHTS = {
    each.key: each
    for each in (
        Right("10", "BROWSE_PROJECTS", "Browse Projects"),
        Right("11", "CREATE_ISSUES", "Create Issues"),
        Right("12", "EDIT_ISSUES", "Edit Issues"),
        Right("13", "ASSIGN_ISSUES", "Assign Issues"),
        Right("15", "ADD_COMMENTS", "Add Comments"),
        Right("16", "DELETE_ISSUES", "Delete Issues"),
        Right("17", "ASSIGNABLE_USER", "Assignable User"),
        Right("21", "LINK_ISSUES", "Link Issues"),
        Right("25", "MOVE_ISSUES", "Move Issues"),
        Right("27", "USER_PICKER", "Browse users and groups", "GLOBAL"),
        Right("28", "SCHEDULE_ISSUES", "Schedule Issues"),
        Right("46", "TRANSITION_ISSUES", "Transition Issues"),
    )
}
