"""Tickets over real HTTP: created once, whatever goes wrong on the way."""

from bot.actions import tickets
from bot.sandbox.jira.aurora import account_id
from tests.actions.desk import DUE, Desk


async def test_an_item_becomes_an_issue(desk: Desk) -> None:
    """With what was said, who is to do it until when, and a label that it can be found by."""
    item_id = await desk.raised(details="It drops *rows*.\n[~lena] look")
    await desk.settle()
    issue = desk.issue()
    item, mirror = await desk.item(item_id), await desk.mirror(item_id)
    assert (item.issue_id, item.issue_key) == (issue.id, "ML-1")
    assert issue.summary == "Fix the join"
    assert issue.assignee == account_id("mei")
    assert issue.values["duedate"] == DUE.isoformat()
    assert set(issue.labels) == {"meridian", tickets.label(mirror.uid)}
    assert "[~lena]" not in issue.text
    assert "Raised in Slack by Lena." in issue.text
    assert await desk.agrees(item_id)
