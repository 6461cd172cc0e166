"""The issue that an item becomes. Pure; what people wrote is inert in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.core.text import spoken_date
from bot.jira import markup
from bot.jira.model import NewIssue

LABEL = "meridian"  # of all of them, so that a filter or a board in Jira finds them


@dataclass(frozen=True)
class Ticket:
    """An item, and all that its issue tells of it."""

    what: str
    details: str
    raised_by: str  # a name; "" where nobody is known
    ritual: str  # the title of the one it came from; "" where it came from none
    kind: str  # that ritual's
    date: date | None  # of the run it came from
    project: str
    issue_type: str
    fields: Mapping[str, Any]


def new_issue(ticket: Ticket, label: str, assignee: str | None, due: date | None) -> NewIssue:
    """The issue to be created, found again by its `label`."""
    return NewIssue(
        project_id=ticket.project,
        issue_type_id=ticket.issue_type,
        summary=markup.line(ticket.what),
        description="\n\n".join(_description(ticket)),
        labels=(label, LABEL, *([ticket.kind] if ticket.kind else [])),
        assignee=assignee,
        due=due,
        fields=ticket.fields,
    )


def _description(ticket: Ticket) -> Iterator[str]:
    if ticket.details.strip():
        yield markup.inert(ticket.details)
        yield "----"
    yield markup.inert(f"Raised in Slack{_by(ticket)}{_from(ticket)}.")


def _by(ticket: Ticket) -> str:
    return f" by {ticket.raised_by}" if ticket.raised_by else ""


def _from(ticket: Ticket) -> str:
    if not ticket.ritual:
        return ""
    on = f" of {spoken_date(ticket.date)} {ticket.date.year}" if ticket.date is not None else ""
    return f", in “{ticket.ritual}”{on}"
