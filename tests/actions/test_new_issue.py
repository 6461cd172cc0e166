"""The issue that an item becomes: what it says, and that nothing in it has power in Jira."""

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.actions.links import address
from bot.actions.new_issue import Ticket, new_issue
from bot.jira.markup import inert

TICKET: dict[str, Any] = {
    "what": "Fix the join",
    "details": "",
    "raised_by": "Lena",
    "ritual": "",
    "kind": "",
    "date": None,
    "project": "10010",
    "issue_type": "10001",
    "fields": {},
}


def test_it_says_what_who_and_where_from() -> None:
    """The ritual and its run, in words and as a label."""
    ticket = Ticket(
        **TICKET
        | {
            "details": "It drops rows",
            "ritual": "Stand-up",
            "kind": "standup",
            "date": date(2026, 3, 27),
        }
    )
    made = new_issue(ticket, "meridian-ab", "mei", date(2026, 4, 3))
    assert (made.project_id, made.issue_type_id, made.assignee) == ("10010", "10001", "mei")
    assert (made.summary, made.due) == ("Fix the join", date(2026, 4, 3))
    assert made.labels == ("meridian-ab", "meridian", "standup")
    *_, told = made.description.split("\n\n")
    assert told == "Raised in Slack by Lena, in “Stand-up” of Fri 27 March 2026."
    assert made.description.startswith("It drops rows")


def test_without_a_ritual_it_says_less() -> None:
    """And of nobody known nothing."""
    made = new_issue(Ticket(**TICKET | {"raised_by": ""}), "meridian-ab", None, None)
    assert made.description == "Raised in Slack."
    assert made.labels == ("meridian-ab", "meridian")


@given(st.text(max_size=80), st.text(max_size=80))
def test_whatever_people_wrote_is_inert(details: str, name: str) -> None:
    """In the description, names too; the summary is one line that fits."""
    ticket = Ticket(**TICKET | {"details": details, "raised_by": name, "what": details or "x"})
    made = new_issue(ticket, "meridian-ab", None, None)
    assert "[~" not in made.description.replace("\\[", "")
    if details.strip():
        assert made.description.startswith(inert(details))
    assert "\n" not in made.summary
    assert len(made.summary) <= 255


def test_a_link_leads_to_a_message_or_to_its_channel() -> None:
    """As Slack's own permalinks read."""
    root = "https://aurora-ml.slack.com/"
    assert address(root, "C1", "1774828800.000100") == (
        "https://aurora-ml.slack.com/archives/C1/p1774828800000100"
    )
    assert address(root, "C1", None) == "https://aurora-ml.slack.com/archives/C1"
