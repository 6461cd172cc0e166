"""What a query's fields mean: which issues a clause holds for, and what it may not ask."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never

from bot.sandbox.jira import moments, texts
from bot.sandbox.jira.errors import JiraError
from bot.sandbox.jira.jql import All, Clause, Not, Operand, Order, Query, Some, Term
from bot.sandbox.jira.schemes import (
    CATEGORIES,
    FIELDS,
    PRIORITIES,
    STATUSES,
    TYPES,
    Field,
    Kind,
)
from bot.sandbox.jira.world import Account, Issue, JiraWorld

Test = Callable[[Issue], bool]
Names = Callable[[Issue], set[str]]
EQUALITY = ("=", "!=", "in", "not in", "is", "is not")
TEXTUAL = ("~", "!~", "is", "is not")
NEWEST_FIRST = (Order("created", descending=True),)
MISSING = {
    "key": "An issue with key '{}' does not exist for field '{}'.",
    "id": "A value with ID '{}' does not exist for the field '{}'.",
    "value": "The value '{}' does not exist for the field '{}'.",
}
ALIASES = {
    "issue": "key", "issuekey": "key", "id": "key", "type": "issuetype", "duedate": "due",
    "updateddate": "updated", "createddate": "created", "component area": "cf[10050]",
}  # fmt: skip


@dataclass(frozen=True)
class Matcher:
    """Judges issues for somebody, at an instant; times in a query are in their zone."""

    world: JiraWorld
    viewer: Account | None
    now: datetime
    strict: bool = True

    def find(self, query: Query, issues: list[Issue]) -> list[Issue]:
        """The issues that are asked for, in order; raises JiraError for what makes no sense."""
        test = self._test(query.term) if query.term is not None else _every
        seen = {project.id for project in self.world.seen(self.viewer)}
        found = [issue for issue in issues if issue.project in seen and test(issue)]
        found.sort(key=lambda issue: int(issue.id))
        for order in reversed(query.order or NEWEST_FIRST):
            found.sort(key=_sort_key(order), reverse=order.descending)
        return found

    def _test(self, term: Term) -> Test:
        match term:
            case Clause():
                return self._clause(term)
            case Not(inside):
                test = self._test(inside)
                return lambda issue: not test(issue)
            case All(inside):
                tests = [self._test(each) for each in inside]
                return lambda issue: all(each(issue) for each in tests)
            case Some(inside):
                tests = [self._test(each) for each in inside]
                return lambda issue: any(each(issue) for each in tests)
        assert_never(term)

    def _clause(self, clause: Clause) -> Test:
        name = ALIASES.get(clause.field, clause.field)
        if self.viewer is None and name in ("assignee", "reporter", "creator"):
            raise JiraError(
                400,
                f"Field '{clause.field}' does not exist or this field cannot be viewed by "
                "anonymous users.",
            )
        if name in ("text", "summary", "description", "comment"):
            return self._textual(name, clause)
        if name in ("updated", "created", "due"):
            check_operator(clause, moments.OPERATORS)
            return moments.test(name, clause, self.now, self.viewer)
        return self._equal(name, clause)

    # --- equality

    def _equal(self, name: str, clause: Clause) -> Test:
        names = self._names().get(name)
        if names is None:
            raise JiraError(
                400,
                f"Field '{clause.field}' does not exist or you do not have permission to view it.",
            )
        check_operator(clause, EQUALITY)
        wanted = self._wanted(name, clause)
        empty = any(each.is_empty for each in clause.operands)
        if clause.operator in ("=", "in", "is"):
            return lambda issue: bool(names(issue) & wanted) or (empty and not names(issue))
        return lambda issue: bool(names(issue)) and not names(issue) & wanted

    def _wanted(self, name: str, clause: Clause) -> set[str]:
        wanted: set[str] = set()
        for operand in clause.operands:
            if operand.is_empty:
                continue
            value = self._user_of(operand, clause) if operand.is_function else operand.text
            wanted.add(self._checked(name, value, clause))
        return wanted

    def _user_of(self, operand: Operand, clause: Clause) -> str:
        if operand.text != "currentuser" or self.viewer is None:
            raise JiraError(400, f"Unable to find JQL function '{operand.text}()'.")
        return self.viewer.id if self.world.is_cloud else self.viewer.name

    def _checked(self, name: str, value: str, clause: Clause) -> str:
        """The value in small letters, once it is known to name something."""
        known = self._known(name)
        if name == "key":
            return self._issue(value, clause)
        if known is not None and value.lower() not in known and self.strict:
            raise JiraError(400, MISSING["value"].format(value, clause.field))
        return value.lower()

    def _issue(self, value: str, clause: Clause) -> str:
        issue = self.world.find(value)
        if issue is not None and self.world.sees(self.viewer, issue):
            return issue.id
        if not self.strict:
            return value
        raise JiraError(
            400, MISSING["id" if value.isdecimal() else "key"].format(value, clause.field)
        )

    def _known(self, name: str) -> set[str] | None:
        """What a field's values may be, in small letters; None for anything."""
        match name:
            case "project":
                seen = self.world.seen(self.viewer)
                return {each.lower() for p in seen for each in (p.id, p.key, p.name)}
            case "status":
                return {each.lower() for s in STATUSES.values() for each in (s.id, s.name)}
            case "statuscategory":
                return {each.lower() for c in CATEGORIES for each in (str(c.id), c.key, c.name)}
            case "issuetype":
                return {each.lower() for t in TYPES.values() for each in (t.id, t.name)}
            case "priority":
                return {each.lower() for p in PRIORITIES.values() for each in (p.id, p.name)}
            case "assignee" | "reporter" | "creator":
                return {e for a in self.world.accounts.values() for e in self._called(a.id)}
            case _:
                return None

    def _called(self, id_: str | None) -> set[str]:
        """The names that a query may call an account by."""
        if id_ is None:
            return set()
        account = self.world.accounts[id_]
        own = account.id if self.world.is_cloud else account.name
        names = {own, account.email, account.display_name} - {""}
        return {each.lower() for each in names}

    def _names(self) -> dict[str, Names]:
        """What an issue is called in each field that is compared as such."""
        projects = self.world.projects
        fields: dict[str, Names] = {
            "key": lambda i: {i.id},
            "project": lambda i: _low(i.project, projects[i.project].key, projects[i.project].name),
            "status": lambda i: _low(i.status, STATUSES[i.status].name),
            "statuscategory": lambda i: _low(str(i.category.id), i.category.key, i.category.name),
            "issuetype": lambda i: _low(i.type, TYPES[i.type].name),
            "priority": lambda i: _low(*_named(PRIORITIES.get(i.values["priority"]))),
            "labels": lambda i: _low(*i.labels),
            "assignee": lambda i: self._called(i.assignee),
            "reporter": lambda i: self._called(i.values.get("reporter")),
            "creator": lambda i: self._called(i.creator),
            "resolution": lambda i: {"done", "10000"} if i.resolved else set(),
        }
        selects = [each for each in FIELDS.values() if each.kind is Kind.OPTION]
        return fields | {each.clauses[0]: _chosen(each) for each in selects}

    # --- texts

    def _textual(self, name: str, clause: Clause) -> Test:
        allowed = TEXTUAL if name == "description" else TEXTUAL[:2]
        check_operator(clause, allowed)
        (operand,) = clause.operands
        if operand.is_empty:
            wanted = clause.operator == "is"
            return lambda issue: wanted is (not issue.text)
        pattern = texts.pattern(operand.text, clause.field)
        wanted = clause.operator == "~"
        return lambda issue: wanted is pattern(self._words(name, issue))

    def _words(self, name: str, issue: Issue) -> str:
        comments = self.world.comments.get(issue.id, [])
        parts = {
            "summary": [issue.summary],
            "description": [issue.text],
            "comment": [str(each.body["wiki"]) for each in comments],
        }
        if name in parts:
            return "\n".join(parts[name])
        return "\n".join(text for part in parts.values() for text in part)


def _sort_key(order: Order) -> Callable[[Issue], Any]:
    name = ALIASES.get(order.field, order.field)
    keys: dict[str, Callable[[Issue], Any]] = {
        "updated": lambda issue: issue.updated,
        "created": lambda issue: issue.created,
        "due": lambda issue: issue.values.get("duedate") or "9999",
        "key": lambda issue: (_prefix(issue), int(issue.key.rpartition("-")[2])),
        "priority": lambda issue: -int(issue.values["priority"]),
        "status": lambda issue: STATUSES[issue.status].category.id,
        "summary": lambda issue: issue.summary.lower(),
        "project": _prefix,
    }
    if name not in keys:
        raise JiraError(400, f"Not able to sort using field '{order.field}'.")
    return keys[name]


def _prefix(issue: Issue) -> str:
    return issue.key.rpartition("-")[0]


def _every(_: Issue) -> bool:
    return True


def _low(*names: str) -> set[str]:
    return {each.lower() for each in names}


def _chosen(field: Field) -> Names:
    """What an issue has chosen in a select field."""
    options = {each.id: each.value for each in field.options}

    def names(issue: Issue) -> set[str]:
        chosen = issue.values.get(field.id)
        return _low(chosen, options[chosen]) if chosen else set()

    return names


def _named(row: Any) -> tuple[str, ...]:
    return () if row is None else (row.id, row.name)


def check_operator(clause: Clause, allowed: tuple[str, ...]) -> None:
    if clause.operator not in allowed:
        raise JiraError(
            400,
            f"The operator '{clause.operator}' is not supported by the '{clause.field}' field.",
        )
    empty = any(each.is_empty for each in clause.operands)
    if clause.operator in ("is", "is not") and not empty:
        raise JiraError(
            400,
            f"The operator '{clause.operator}' only supports the values 'EMPTY' and 'NULL'.",
        )
