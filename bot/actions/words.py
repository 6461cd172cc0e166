"""What is said of a ticket in which Jira had its own way: plain text, a sentence each."""

from collections.abc import Mapping
from typing import assert_never

from bot.actions.merge import Field
from bot.core.states import JiraMatch, Outcome
from bot.core.text import clamp, isolated, one_line
from bot.jira.model import Category

_NAME = 60
_SAID = 200
_CATEGORIES: Mapping[Category, str] = {
    Category.TODO: "to do",
    Category.IN_PROGRESS: "in progress",
    Category.DONE: "done",
}
_FIELDS: Mapping[Field, str] = {
    Field.CATEGORY: "Its state",
    Field.ASSIGNEE: "Its owner",
    Field.DUE: "Its due date",
}

NO_DUE_DATE = "Jira takes no due date for this ticket."


def both(field: Field) -> str:
    """It was changed on both sides."""
    return f"{_FIELDS[field]} was changed in Jira too, and Jira's stands."


def without_account(name: str, match: JiraMatch) -> str:
    """An owner of whom it isn't known who they are in Jira, and why that is."""
    who = _short(name)
    return f"{_why_nobody(who, match)}, so the ticket is assigned to nobody."


def _why_nobody(who: str, match: JiraMatch) -> str:
    match match:
        case JiraMatch.CHOSEN:
            return f"{who} has no account in Jira, as they said"
        case JiraMatch.SEVERAL:
            return f"Jira has more than one account by the name of {who}"
        case JiraMatch.BARRED:
            return f"Jira doesn't let Meridian look for {who}"
        case JiraMatch.NOBODY | JiraMatch.EMAIL | JiraMatch.NAME:
            return f"{who} was not found in Jira"
        case _:
            assert_never(match)


def not_assignable(name: str) -> str:
    """An owner whom Jira does not take."""
    return f"{_short(name)} can't be assigned in Jira, so the ticket is assigned to nobody."


def chosen_by_jira(name: str) -> str:
    """Somebody is assigned whom nobody asked for, as the project has it for new issues."""
    return f"Jira assigned the ticket to {_short(name)} by itself; the item is still whose it was."


def not_known_here(name: str) -> str:
    """Somebody was assigned in Jira who is not in Slack, as far as is known."""
    return f"In Jira it is assigned to {_short(name)}, whom Meridian doesn't know in Slack."


def no_way(status: str, wanted: Category, said: str = "") -> str:
    """The workflow does not lead where the item went."""
    reason = f" ({clamp(one_line(said), _SAID)})" if said else ""
    return (
        f"Jira has no way from “{_short(status)}” to {_CATEGORIES[wanted]}{reason}, "
        "so it is as Jira has it."
    )


def stopped(outcome: Outcome, key: str, *, wanting: bool) -> str:
    """Its ticket is told no more until somebody acts; `wanting`: until they fill something in."""
    if outcome is Outcome.GONE:
        return f"Its ticket {key} is gone from Jira.".replace("  ", " ")
    if outcome is Outcome.UNKNOWN:
        return "It may have a ticket in Jira, or more than one."
    if wanting:
        return "It has no ticket yet: Jira asks for more."
    return f"Jira refused a change of {key}." if key else "It has no ticket: Jira refused it."


def _short(name: str) -> str:
    return isolated(clamp(one_line(name), _NAME))
