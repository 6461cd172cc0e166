"""Jira's JSON read into values of ours; a KeyError or its like means that it is not Jira's.

Sources: developer.atlassian.com/cloud/jira/platform/rest/v2 and, for Data Center,
docs.atlassian.com/software/jira/docs/api/REST/9.12.0
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from bot.jira.keys import url
from bot.jira.model import (
    Account,
    Category,
    Created,
    Field,
    Issue,
    IssueType,
    Kind,
    Option,
    Project,
    Right,
    Server,
    Transition,
)

FIELDS = ("summary", "status", "project", "assignee", "duedate", "labels", "updated")
"""What is read of an issue."""

# Every item has these, so nobody is asked for them; who reports is whose the token is.
_USUAL = frozenset(
    {"assignee", "description", "duedate", "issuetype", "labels", "project", "reporter", "summary"}
)
_PLAIN = {
    "number": Kind.NUMBER,
    "date": Kind.DATE,
    "user": Kind.USER,
    "option": Kind.ONE,
    "option-with-child": Kind.ONE,  # the first level alone is taken too
    "priority": Kind.ONE,
    "version": Kind.ONE,
    "component": Kind.ONE,
    "resolution": Kind.ONE,
    "securitylevel": Kind.ONE,
}
_LONG = ("textarea", "environment")
_READABLE = frozenset({"atlassian"})  # Cloud's kind of account for people; others are apps


def account(raw: Mapping[str, Any]) -> Account:
    """A user: Cloud's has an accountId, Data Center's a name."""
    known = raw.get("accountId") or raw["name"]
    return Account(
        id=str(known),
        name=raw.get("displayName") or str(known),
        email=raw.get("emailAddress") or None,
        active=bool(raw.get("active", True)),
    )


def people(raw: list[Mapping[str, Any]]) -> tuple[Account, ...]:
    """Those of a list of users who are people and still there."""
    found = [account(one) for one in raw if one.get("accountType", "atlassian") in _READABLE]
    return tuple(one for one in found if one.active)


def server(raw: Mapping[str, Any]) -> Server:
    """What `serverInfo` says."""
    return Server(
        cloud=raw.get("deploymentType") == "Cloud",
        version=str(raw["version"]),
        title=raw.get("serverTitle") or "Jira",
    )


def project(raw: Mapping[str, Any]) -> Project:
    """A project, in whatever list it is."""
    return Project(id=str(raw["id"]), key=raw["key"], name=raw.get("name") or raw["key"])


def rights(raw: Mapping[str, Any]) -> frozenset[Right]:
    """What `mypermissions` grants."""
    granted = raw["permissions"]
    return frozenset(one for one in Right if (granted.get(one.value) or {}).get("havePermission"))


def issue_types(raw: Mapping[str, Any]) -> list[IssueType]:
    """A page of what can be created in a project: Cloud calls the list otherwise."""
    return [
        IssueType(id=str(one["id"]), name=one["name"], subtask=bool(one.get("subtask")))
        for one in listed(raw, "issueTypes")
    ]


def fields(raw: Mapping[str, Any]) -> list[Field]:
    """A page of what an issue takes when it is created, without what every item has."""
    return [_field(one) for one in listed(raw, "fields") if one["fieldId"] not in _USUAL]


def listed(raw: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The list of a page: Cloud's has a name of its own, Data Center's is `values`."""
    found: list[Mapping[str, Any]] = raw[name] if name in raw else raw["values"]
    return found


def _field(raw: Mapping[str, Any]) -> Field:
    schema = raw.get("schema") or {}
    kind = _kind(schema, raw["fieldId"])
    allowed = [one for one in raw.get("allowedValues") or () if isinstance(one, Mapping)]
    options = tuple(_option(one) for one in allowed if "id" in one)
    if kind in {Kind.ONE, Kind.SEVERAL} and not options:  # nothing to choose from
        kind = Kind.UNSUPPORTED
    return Field(
        id=raw["fieldId"],
        name=raw["name"],
        kind=kind,
        required=bool(raw.get("required")) and not raw.get("hasDefaultValue"),
        options=options,
    )


def _kind(schema: Mapping[str, Any], field_id: str) -> Kind:
    type_, items = schema.get("type"), schema.get("items")
    custom = str(schema.get("custom") or "").rpartition(":")[2]
    if type_ == "string":
        return Kind.LONG_TEXT if custom in _LONG or field_id in _LONG else Kind.TEXT
    if type_ == "array" and items == "string":
        return Kind.LABELS
    if type_ == "array" and _PLAIN.get(str(items)) is Kind.ONE:
        return Kind.SEVERAL
    return _PLAIN.get(str(type_), Kind.UNSUPPORTED)


def _option(raw: Mapping[str, Any]) -> Option:
    return Option(id=str(raw["id"]), name=str(raw.get("value") or raw.get("name") or raw["id"]))


def issue(raw: Mapping[str, Any], site: str) -> Issue:
    """An issue with FIELDS; `site` is the address under which people open it."""
    said = raw["fields"]
    status = said["status"]
    return Issue(
        id=str(raw["id"]),
        key=raw["key"],
        url=url(site, raw["key"]),
        project=project(said["project"]),
        summary=said.get("summary") or "",
        status=status["name"],
        category=_category(status),
        assignee=account(said["assignee"]) if said.get("assignee") else None,
        due=date.fromisoformat(said["duedate"]) if said.get("duedate") else None,
        labels=frozenset(said.get("labels") or ()),
        updated=datetime.fromisoformat(said["updated"]) if said.get("updated") else None,
    )


def reassigned(raw: Mapping[str, Any]) -> bool:
    """Whether an issue's changelog tells of another assignee."""
    changes = (item for one in raw["changelog"]["histories"] for item in one["items"])
    return any((item.get("fieldId") or item["field"]) == "assignee" for item in changes)


def created(raw: Mapping[str, Any], site: str) -> Created:
    """What Jira says of an issue that it just created."""
    return Created(id=str(raw["id"]), key=raw["key"], url=url(site, raw["key"]))


def transitions(raw: Mapping[str, Any]) -> tuple[Transition, ...]:
    """The ways on that are open, in Jira's order."""
    return tuple(_transition(one) for one in raw["transitions"] if one.get("isAvailable", True))


def _transition(raw: Mapping[str, Any]) -> Transition:
    asked = (raw.get("fields") or {}).values()
    return Transition(
        id=str(raw["id"]),
        name=raw["name"],
        to=_category(raw["to"]),
        to_status=raw["to"]["name"],
        needs=tuple(
            one["name"] for one in asked if one.get("required") and not one.get("hasDefaultValue")
        ),
    )


def _category(status: Mapping[str, Any]) -> Category:
    """What a status means; one without a category (`undefined`) has not begun."""
    key = status["statusCategory"]["key"]
    return Category(key) if key in set(Category) else Category.TODO
