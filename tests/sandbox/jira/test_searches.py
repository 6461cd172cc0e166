"""Searches: what JQL may ask, in pages, of an index that lags behind by machine time."""

import pytest

from tests.sandbox.conftest import Client, Paced
from tests.sandbox.jira.conftest import BUG, COMPONENT_AREA, Desk


@pytest.fixture
async def some(desk: Desk, control: Client) -> Desk:
    """ML-1 to ML-3 and DATA-1."""
    await desk.create(summary="Retrain the churn model", labels=["meridian-1", "ml"],
                      assignee=desk.user("mei"), duedate="2026-04-02")  # fmt: skip
    await desk.create(summary="Check labels", description="The *churn* labels look odd")
    await desk.create(summary="Third", assignee=desk.user("lena"), duedate="2026-05-01")
    await desk.create("DATA", BUG, summary="Late events", **{COMPONENT_AREA: {"id": "10100"}})
    await control.post("jira/transition", key="ML-2", to="Done")
    await control.post("jira/transition", key="ML-3", to="In Progress")
    return desk


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ('labels = "meridian-1"', ["ML-1"]),
        ('labels in ("meridian-1", none)', ["ML-1"]),
        ("labels != ml", []),
        ("labels is EMPTY", ["DATA-1", "ML-2", "ML-3"]),
        ("project = ML AND labels is not empty", ["ML-1"]),
        ("project = 'Churn model'", ["ML-1", "ML-2", "ML-3"]),
        ("project in (10020)", ["DATA-1"]),
        ("key = ml-2", ["ML-2"]),
        ("key in (ML-1, ML-3) AND NOT key = ML-3", ["ML-1"]),
        ("statusCategory = Done", ["ML-2"]),
        ("statusCategory = indeterminate", ["ML-3"]),
        ("statusCategory != done AND project = ML", ["ML-1", "ML-3"]),
        ("status in ('To Do', Done) AND project = ML", ["ML-1", "ML-2"]),
        ('assignee = "mei@aurora-ml.example"', ["ML-1"]),
        ("assignee is empty AND project = ML", ["ML-2"]),
        ("assignee in ('Mei Tanaka', 'Lena Vogt')", ["ML-1", "ML-3"]),
        ("assignee = currentUser()", []),
        ("creator = currentUser() AND issuetype = Bug", ["DATA-1"]),
        ('text ~ "churn"', ["ML-1", "ML-2"]),
        ('text ~ "churn labels"', ["ML-2"]),
        ('summary ~ "chu*"', ["ML-1"]),
        ('summary ~ "\\"churn model\\""', ["ML-1"]),
        ('summary ~ "\\"model churn\\""', []),
        ('summary !~ "churn" AND project = ML', ["ML-2", "ML-3"]),
        ("due <= 2026-04-02", ["ML-1"]),
        ('due > "2026/04/02" OR due is empty AND project = DATA', ["DATA-1", "ML-3"]),
        ("updated >= -5m", ["DATA-1", "ML-1", "ML-2", "ML-3"]),
        ("updated < -5m", []),
        ('updated >= "2026-03-30 07:59"', ["DATA-1", "ML-1", "ML-2", "ML-3"]),
        ('updated >= "2026-03-30 08:30"', []),
        ("created >= startOfDay() AND created <= now()", ["DATA-1", "ML-1", "ML-2", "ML-3"]),
        ("cf[10050] = Ingestion", ["DATA-1"]),
        ('"Component area" = 10100', ["DATA-1"]),
        ("(project = DATA OR labels = ml) AND status = 'To Do'", ["DATA-1", "ML-1"]),
        ("resolution is not empty", ["ML-2"]),
        ("priority = Medium AND key != ML-1", ["DATA-1", "ML-2", "ML-3"]),
    ],
)
async def test_what_is_asked_is_found(some: Desk, query: str, keys: list[str]) -> None:
    """Times are in the zone of the account that asks: 06:00 UTC is 08:00 in Berlin."""
    assert sorted(await some.search(query)) == keys


async def test_by_the_account_itself(some: Desk) -> None:
    """As each shape names it; Cloud's id has a colon in it."""
    ref = next(iter(some.user("mei").values()))
    assert await some.search(f"assignee = {ref}") == ["ML-1"]
    assert await some.search(f'assignee = "{ref}"') == ["ML-1"]


async def test_in_order(some: Desk) -> None:
    """The newest first unless asked otherwise."""
    assert await some.search("project in (ML, DATA)") == ["DATA-1", "ML-3", "ML-2", "ML-1"]
    assert await some.search("project = ML ORDER BY due") == ["ML-1", "ML-3", "ML-2"]
    query = "project = ML order by status DESC, key asc"
    assert await some.search(query) == ["ML-3", "ML-2", "ML-1"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("project = NOPE", "The value 'NOPE' does not exist for the field 'project'."),
        ("key = ML-99", "An issue with key 'ML-99' does not exist for field 'key'."),
        ("id in (10001, 99)", "A value with ID '99' does not exist for the field 'id'."),
        ("assignee = nobody", "The value 'nobody' does not exist for the field 'assignee'."),
        ("colour = red", "Field 'colour' does not exist or you do not have permission to view it."),
        ("summary = x", "The operator '=' is not supported by the 'summary' field."),
        ("labels ~ x", "The operator '~' is not supported by the 'labels' field."),
        ("labels is x", "only supports the values 'EMPTY' and 'NULL'"),
        ("project = select", "You must surround 'select' in quotation marks"),
        ("labels = a@b", "'@' is a reserved JQL character"),
        ("labels = ", "Expecting a value, list or function but got the end of the query"),
        ("labels = a b", "Expecting 'OR' or 'AND' but got 'b'"),
        ("(labels = a", "Expecting ')'"),
        ("labels a", "Expecting operator but got 'a'"),
        ("default = x", "quotation marks to use it as a field name"),
        ("labels = a ORDER labels", "Expecting 'by'"),
        ("labels = a ORDER BY colour", "Not able to sort using field 'colour'"),
        ("updated >= '30.03.2026'", "Date value '30.03.2026' for field 'updated' is invalid"),
        ("updated > later()", "Unable to find JQL function 'later()'"),
        ('text ~ "*churn"', "not allowed as first character"),
        ('text ~ "[churn"', "Unable to parse the text"),
        ('text ~ ""', "does not support searching for an empty string"),
        ('labels = "a', "is a reserved JQL character"),
    ],
)
async def test_what_makes_no_sense(some: Desk, query: str, said: str) -> None:
    """400, with Jira's complaint."""
    path = "2/search/jql" if some.is_cloud else "2/search"
    answer = await some.get(path, 400, jql=query)
    assert said in answer["errorMessages"][0]


async def test_cloud_wants_a_restriction_and_gives_only_ids(some: Desk) -> None:
    """Unless fields are asked for; Data Center gives everything of everything."""
    if not some.is_cloud:
        answer = await some.get("2/search")
        assert (answer["total"], "summary" in answer["issues"][0]["fields"]) == (4, True)
        return
    for query in ("", "ORDER BY created"):
        answer = await some.get("2/search/jql", 400, jql=query)
        assert "Unbounded JQL" in answer["errorMessages"][0]
    answer = await some.get("3/search/jql", jql="project = DATA")
    assert [list(each) for each in answer["issues"]] == [["id"]]
    answer = await some.get("3/search/jql", jql="project = DATA", fields="key")
    assert answer["issues"][0]["key"] == "DATA-1"


async def test_the_old_search_is_gone_from_cloud(some: Desk) -> None:
    """410 by both verbs, as Data Center has no new one."""
    if some.is_cloud:
        for verb in ("GET", "POST"):
            for version in (2, 3):
                answer = await some.send(verb, f"{version}/search", {"jql": "project = ML"}, 410)
                assert "/rest/api/3/search/jql" in answer["errorMessages"][0]
    else:
        await some.get("2/search/jql", 404, jql="project = ML")


async def test_pages(some: Desk) -> None:
    """A token belongs to its query; without one it is the last page."""
    if not some.is_cloud:
        answer = await some.send("POST", "2/search", {"jql": "project = ML", "startAt": 2,
                                                      "maxResults": 2}, 200)  # fmt: skip
        assert (answer["total"], len(answer["issues"])) == (3, 1)
        return
    asked = {"jql": "project = ML ORDER BY key", "maxResults": 2, "fields": ["summary"]}
    first = await some.send("POST", "3/search/jql", asked, 200)
    assert (first["isLast"], len(first["issues"])) == (False, 2)
    last = await some.send(
        "POST", "3/search/jql", asked | {"nextPageToken": first["nextPageToken"]}, 200
    )
    assert (last["isLast"], "nextPageToken" in last) == (True, False)
    assert [each["key"] for each in last["issues"]] == ["ML-3"]
    for token in ("junk", first["nextPageToken"]):
        other = {"jql": "project = DATA", "nextPageToken": token}
        await some.send("POST", "3/search/jql", other, 400)
    answer = await some.send("POST", "3/search/approximate-count", {"jql": "project = ML"}, 200)
    assert answer == {"count": 3}


async def test_data_center_may_be_told_to_let_missing_ones_be(some: Desk) -> None:
    """By `validateQuery`, which Cloud has no more."""
    if not some.is_cloud:
        query = "key in (ML-1, ML-99)"
        assert await some.search(query, validateQuery="false") == ["ML-1"]
        await some.get("2/search", 400, jql=query, validateQuery="true")
        body = {"jql": query, "fields": ["summary"], "validateQuery": False}
        found = await some.send("POST", "2/search", body, 200)
        assert [each["key"] for each in found["issues"]] == ["ML-1"]


@pytest.mark.parametrize("seconds", [0, 5, 60, 300])
async def test_the_index_lags(desk: Desk, control: Client, machine: Paced, seconds: int) -> None:
    """New, changed and deleted issues show in searches only then; reading by id is immediate."""
    await control.post("jira/lag", seconds=seconds)

    async def after(query: str, before: list[str], then: list[str]) -> None:
        if seconds:
            assert await desk.search(query) == before
            machine.push(seconds / 2)
            assert await desk.search(query) == before
            machine.push(seconds / 2)
        assert await desk.search(query) == then

    made = await desk.create(labels=["new"])
    assert (await desk.get(f"2/issue/{made['id']}"))["key"] == "ML-1"
    await after("labels = new", [], ["ML-1"])
    await desk.send("PUT", f"2/issue/{made['id']}", {"fields": {"labels": ["newer"]}}, 204)
    await after("labels = new", ["ML-1"], [])
    await desk.ask("DELETE", f"2/issue/{made['id']}")
    await desk.get(f"2/issue/{made['id']}", 404)
    await after("labels = newer", ["ML-1"], [])


async def test_moving_the_calendar_does_not_help_the_index(desk: Desk, control: Client) -> None:
    """The lag is machine time, as look-ups are."""

    async def nothing_due() -> None:
        return None

    async def at_rest() -> int:
        return 0

    desk.sandbox.attach(next_due=nothing_due, at_rest=at_rest)
    await control.post("jira/lag", seconds=60)
    await desk.create(labels=["new"])
    await control.post("clock", advance="P1D")
    assert await desk.search("labels = new") == []
    await control.post("jira/lag", seconds=0)
    assert await desk.search("labels = new") == ["ML-1"]


async def test_reconciling(desk: Desk, control: Client) -> None:
    """Cloud reads up to 50 issues that one names as they are now."""
    if not desk.is_cloud:
        return
    await control.post("jira/lag", seconds=60)
    made = await desk.create(labels=["new"])
    asked = {"jql": "labels = new", "fields": ["key"], "reconcileIssues": [int(made["id"])]}
    found = await desk.send("POST", "3/search/jql", asked, 200)
    assert [each["key"] for each in found["issues"]] == ["ML-1"]
    await desk.send("POST", "3/search/jql", asked | {"reconcileIssues": list(range(51))}, 400)
