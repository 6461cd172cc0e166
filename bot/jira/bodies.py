"""What is sent to Jira, made of values of ours: pure. Cloud and Data Center differ in people only.

Sources: developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-issues and
developer.atlassian.com/server/jira/platform/jira-rest-api-examples
"""

import math
from collections.abc import Sequence
from typing import Any, assert_never

from bot.core.errors import Refused
from bot.core.text import clamp, one_line
from bot.jira import markup
from bot.jira.model import KEEP, Changes, Field, Kind, NewIssue, RemoteLink

_LONGEST_LINE = 255  # characters, of a summary, a text field, a link's title, a global id


class BadAnswer(Refused):
    """That is no value for this field."""


def new_issue(new: NewIssue, *, cloud: bool) -> dict[str, Any]:
    """The body that creates an issue; what isn't given is left to Jira's defaults."""
    fields: dict[str, Any] = {
        "project": {"id": new.project_id},
        "issuetype": {"id": new.issue_type_id},
        "summary": markup.line(new.summary),
        "labels": list(new.labels),
    }
    if new.description:
        fields["description"] = new.description
    if new.assignee is not KEEP:
        fields["assignee"] = _assignee(new.assignee, cloud=cloud)
    if new.due is not None:
        fields["duedate"] = new.due.isoformat()
    return {"fields": {**new.fields, **fields}}


def changes(wanted: Changes, *, cloud: bool) -> dict[str, Any]:
    """The body that changes an issue: only the fields that are to be different."""
    fields: dict[str, Any] = {}
    if wanted.assignee is not KEEP:
        fields["assignee"] = _assignee(wanted.assignee, cloud=cloud)
    if wanted.due is not KEEP:
        fields["duedate"] = wanted.due.isoformat() if wanted.due else None
    return {"fields": fields}


def _assignee(account_id: str | None, *, cloud: bool) -> dict[str, str] | None:
    return nobody(cloud=cloud) if account_id is None else user(account_id, cloud=cloud)


def user(account_id: str, *, cloud: bool) -> dict[str, str]:
    """Somebody, as the value of a field."""
    return {"accountId" if cloud else "name": account_id}


def nobody(*, cloud: bool) -> dict[str, str] | None:
    """Nobody, as the value of a field: Data Center reads an empty name so."""
    return None if cloud else {"name": ""}


def remote_link(link: RemoteLink) -> dict[str, Any]:
    """The body that puts a link on an issue; the id makes a second one replace it."""
    if not 0 < len(link.global_id) <= _LONGEST_LINE:
        raise ValueError("a global id has 1 to 255 characters")
    there = {"url": link.url, "title": clamp(one_line(link.title), _LONGEST_LINE)}
    if link.summary:
        there["summary"] = clamp(one_line(link.summary), _LONGEST_LINE)
    return {
        "globalId": link.global_id,
        "application": {"type": "com.slack", "name": "Slack"},
        "relationship": "came from",
        "object": there,
    }


def as_json(field: Field, said: str | Sequence[str], *, cloud: bool) -> Any:
    """What somebody answered for a field, as Jira takes it; raises BadAnswer for what is none.

    Options and people by their ids, dates in ISO 8601, labels as a list or with spaces between.
    """
    several = [said] if isinstance(said, str) else list(said)
    one = "".join(several[:1])
    match field.kind:
        case Kind.TEXT:
            return markup.line(one)
        case Kind.LONG_TEXT:
            return markup.inert(one)
        case Kind.NUMBER:
            return _number(one)
        case Kind.DATE:
            return one
        case Kind.ONE:
            return {"id": _known(field, one)}
        case Kind.SEVERAL:
            return [{"id": _known(field, option)} for option in several]
        case Kind.LABELS:
            return [label for each in several for label in each.replace(",", " ").split()]
        case Kind.USER:
            return user(one, cloud=cloud)
        case Kind.UNSUPPORTED:
            raise BadAnswer(f"{field.name} can only be set in Jira.")
        case _:
            assert_never(field.kind)


def _number(said: str) -> float:
    try:
        number = float(said)
    except ValueError:
        raise BadAnswer("That should be a number.") from None
    if not math.isfinite(number):
        raise BadAnswer("That should be a number.")
    return int(number) if number.is_integer() else number


def _known(field: Field, option: str) -> str:
    if option not in {one.id for one in field.options}:
        raise BadAnswer(f"Jira has no such option for {field.name} any more.")
    return option
