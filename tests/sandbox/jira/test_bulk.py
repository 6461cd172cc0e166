"""Many issues read at once by their ids, as only Cloud can."""

import pytest

from tests.sandbox.conftest import Client
from tests.sandbox.jira.conftest import Desk


async def test_issues_are_read_by_id_or_key_past_the_index(desk: Desk, control: Client) -> None:
    """In the order of their ids; what is gone is left out, and named by no error."""
    if not desk.is_cloud:
        pytest.skip("Data Center has no such thing")
    await control.post("jira/lag", seconds=300)
    made = [await desk.create(summary=f"Issue {number}") for number in range(3)]
    await control.post("jira/delete", key=made[1]["key"])
    ids = [made[2]["id"], made[1]["id"], made[0]["key"]]
    body = {"issueIdsOrKeys": ids, "fields": ["summary"]}
    answer = await desk.send("POST", "2/issue/bulkfetch", body, 200)
    assert answer["issueErrors"] == []
    assert [one["fields"] for one in answer["issues"]] == [
        {"summary": "Issue 0"},
        {"summary": "Issue 2"},
    ]


async def test_no_more_than_a_hundred_and_no_fewer_than_one(desk: Desk) -> None:
    """And Data Center knows no such path."""
    for ids in ([], [str(number) for number in range(101)]):
        refused = 400 if desk.is_cloud else 405
        await desk.send("POST", "2/issue/bulkfetch", {"issueIdsOrKeys": ids}, refused)
