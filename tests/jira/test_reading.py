"""What is read from Jira: the one request, and the values that its answer becomes."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.core.errors import OutcomeUnknown
from bot.jira.errors import JiraRefused, NotFound
from bot.jira.gateway import Gateway
from bot.jira.model import (
    Account,
    Category,
    Field,
    IssueType,
    Kind,
    Option,
    Project,
    Right,
    Server,
    Transition,
)
from tests.jira import replies
from tests.jira import server as fake
from tests.jira.server import Reply

ASKED_FOR = ["summary", "status", "project", "assignee", "duedate", "labels", "updated"]
CHURN = Project("10000", "ML", "Churn model")
MEI = Account("5b10a2844c20165700ede21g", "Mei Tanaka", "mei@aurora.example")
MEI_IN_DATA_CENTER = Account("mei", "Mei Tanaka", "mei@aurora.example")


# --- who and where


async def test_cloud_is_logged_in_to_by_e_mail_and_token(jira: fake.Server, cloud: Gateway) -> None:
    """Basic, as Cloud's API tokens want it."""
    jira.answers("GET", "myself", Reply(replies.MEI_IN_CLOUD))
    assert await cloud.me() == MEI
    assert (
        jira.only.headers["Authorization"] == "Basic Ym90QGF1cm9yYS5leGFtcGxlOmNhbmFyeS10b2tlbg=="
    )


async def test_data_center_is_logged_in_to_by_token_alone(
    jira: fake.Server, data_center: Gateway
) -> None:
    """A bearer's; people are known by their user name."""
    jira.answers("GET", "myself", Reply(replies.MEI_IN_DATA_CENTER))
    assert await data_center.me() == MEI_IN_DATA_CENTER
    assert jira.only.headers["Authorization"] == "Bearer canary-token"


async def test_the_server_says_which_it_is(jira: fake.Server, cloud: Gateway) -> None:
    """Cloud by its type, whatever was set."""
    jira.answers(
        "GET",
        "serverInfo",
        Reply(replies.SERVER_INFO),
        Reply(replies.SERVER_INFO_OF_DATA_CENTER),
    )
    assert await cloud.server() == Server(True, "1001.0.0-SNAPSHOT", "Aurora")
    assert await cloud.server() == Server(False, "9.12.4", "Aurora")


async def test_rights_are_those_that_are_granted(jira: fake.Server, cloud: Gateway) -> None:
    """In one project, or in any."""
    granted = replies.permissions(BROWSE_PROJECTS=True, CREATE_ISSUES=True, ASSIGN_ISSUES=False)
    jira.answers("GET", "mypermissions", Reply(granted))
    assert await cloud.rights("10000") == {Right.BROWSE, Right.CREATE}
    assert jira.only.query == {
        "projectId": "10000",
        "permissions": "BROWSE_PROJECTS,CREATE_ISSUES,ASSIGN_ISSUES,EDIT_ISSUES,"
        "TRANSITION_ISSUES,SCHEDULE_ISSUES,LINK_ISSUES,USER_PICKER",
    }
    await cloud.rights()
    assert "projectId" not in jira.asked[1].query


# --- what can be created where


async def test_cloud_s_projects_are_searched_there(jira: fake.Server, cloud: Gateway) -> None:
    """Only those that take a new issue; whoever misses one types more of its name."""
    page = {"startAt": 0, "maxResults": 50, "total": 2, "isLast": False, "values": [replies.CHURN]}
    jira.answers("GET", "project/search", Reply(page))
    assert await cloud.projects("mo") == (CHURN,)
    assert jira.only.query == {
        "query": "mo",
        "maxResults": "50",
        "orderBy": "name",
        "action": "create",
    }
    await cloud.projects()
    assert "query" not in jira.asked[1].query


async def test_data_center_s_projects_come_all_at_once(
    jira: fake.Server, data_center: Gateway
) -> None:
    """They are searched and cut here, by name or key, whatever the case."""
    many = [
        {**replies.CHURN, "id": str(n), "key": f"P{n}", "name": f"Project {n:02}"}
        for n in range(60)
    ]
    jira.answers("GET", "project", Reply([replies.OPS, replies.CHURN, *many]))
    first = await data_center.projects()
    assert len(first) == 50
    assert first[0] == CHURN
    assert await data_center.projects("CHURN") == (CHURN,)
    assert [one.key for one in await data_center.projects("ops")] == ["OPS"]
    assert len(jira.asked) == 3


async def test_a_project_that_is_gone_is_not_found(jira: fake.Server, cloud: Gateway) -> None:
    """One that stands says what it is called now."""
    gone = Reply(replies.refusal("No project could be found with id '10009'."), status=404)
    jira.answers("GET", "project/10000", Reply(replies.CHURN))
    jira.answers("GET", "project/10009", gone)
    assert await cloud.project("10000") == CHURN
    with pytest.raises(NotFound, match="No project could be found"):
        await cloud.project("10009")


@pytest.mark.parametrize(("where", "name"), [("cloud", "issueTypes"), ("data center", "values")])
async def test_issue_types_are_read_to_the_last_page(
    jira: fake.Server, cloud: Gateway, data_center: Gateway, where: str, name: str
) -> None:
    """Both say it of a project; only the list has another name."""
    gateway = cloud if where == "cloud" else data_center
    task, part = replies.issue_type("10003", "Task"), replies.issue_type("5", "Part", subtask=True)
    page = {"startAt": 0, "maxResults": 1, "total": 2}
    path = "issue/createmeta/10000/issuetypes"
    jira.answers(
        "GET",
        path,
        Reply({**page, name: [task]}),
        Reply({**page, "startAt": 1, name: [part]}),
    )
    found = await gateway.issue_types("10000")
    assert found == (IssueType("10003", "Task", False), IssueType("5", "Part", True))
    assert [asked.query for asked in jira.asked] == [
        {"startAt": "0", "maxResults": "200"},
        {"startAt": "1", "maxResults": "200"},
    ]


async def test_a_list_that_begins_again_is_not_read_for_ever(
    jira: fake.Server, cloud: Gateway
) -> None:
    """It says that there is more, and where; and then says the same once more."""
    page = {"startAt": 0, "total": 2, "issueTypes": [replies.issue_type("10003", "Task")]}
    jira.answers("GET", "issue/createmeta/10000/issuetypes", Reply(page))
    with pytest.raises(OutcomeUnknown):
        await cloud.issue_types("10000")
    assert len(jira.asked) == 2


async def test_a_search_that_goes_round_is_not_followed_for_ever(
    jira: fake.Server, data_center: Gateway
) -> None:
    """The same page once more: what was found so far is not all."""
    page = {"startAt": 0, "total": 9, "issues": [replies.issue()]}
    jira.answers("POST", "search", Reply(page))
    with pytest.raises(OutcomeUnknown):
        await data_center.issues(["10002", "10003"])
    assert len(jira.asked) == 2


@pytest.mark.parametrize(("where", "name"), [("cloud", "fields"), ("data center", "values")])
async def test_fields_say_what_can_be_asked_for_them(
    jira: fake.Server, cloud: Gateway, data_center: Gateway, where: str, name: str
) -> None:
    """Required ones first; those that every item has, or that have a default, ask nobody."""
    gateway = cloud if where == "cloud" else data_center
    page = {"startAt": 0, "maxResults": 200, "total": 18, name: replies.FIELDS}
    jira.answers("GET", "issue/createmeta/10000/issuetypes/10003", Reply(page))
    severity = (Option("10100", "Minor"), Option("10101", "Major"))
    assert await gateway.fields("10000", "10003") == (
        Field("customfield_10010", "Model", Kind.TEXT, True),
        Field("customfield_10014", "Severity", Kind.ONE, True, severity),
        Field("environment", "Environment", Kind.LONG_TEXT, False),
        Field("priority", "Priority", Kind.ONE, False, (Option("2", "High"), Option("4", "Low"))),
        Field("components", "Components", Kind.SEVERAL, False, (Option("10010", "Pipeline"),)),
        Field("attachment", "Attachment", Kind.UNSUPPORTED, False),
        Field("customfield_10011", "Findings", Kind.LONG_TEXT, False),
        Field("customfield_10012", "Effort", Kind.NUMBER, False),
        Field("customfield_10013", "Review by", Kind.DATE, False),
        Field("customfield_10015", "Tags", Kind.LABELS, False),
        Field("customfield_10016", "Expert", Kind.USER, False),
        Field("customfield_10017", "Starts", Kind.UNSUPPORTED, False),
        Field("customfield_10018", "Empty", Kind.UNSUPPORTED, False),
    )
    assert len(jira.asked) == 1


# --- issues


async def test_an_issue_is_read_by_its_number(jira: fake.Server, cloud: Gateway) -> None:
    """Which stays when the issue is moved; its address is the site's."""
    raw = replies.issue(
        key="OPS-3",
        project=replies.OPS,
        assignee=replies.OLA_IN_CLOUD,
        duedate="2026-04-09",
        status=replies.status("indeterminate"),
    )
    jira.answers("GET", "issue/10002", Reply(raw))
    found = await cloud.issue("10002")
    assert jira.only.query == {"fields": ",".join(ASKED_FOR)}
    assert (found.id, found.key, found.url) == ("10002", "OPS-3", f"{jira.url}/browse/OPS-3")
    assert found.project == Project("10001", "OPS", "Operations")
    assert (found.status, found.category) == ("In Review", Category.IN_PROGRESS)
    assert found.assignee == Account(replies.OLA_IN_CLOUD["accountId"], "Ola Nowak", None)
    assert found.due == date(2026, 4, 9)
    assert found.labels == {"meridian-Zk3", "data"}
    assert found.updated == datetime(2026, 3, 30, 0, 15, 2, 123000, UTC)


async def test_an_issue_of_data_center_names_its_people(
    jira: fake.Server, data_center: Gateway
) -> None:
    """By user name; a field that is hidden is as good as empty."""
    raw = replies.issue(assignee=replies.MEI_IN_DATA_CENTER)
    del raw["fields"]["duedate"]
    jira.answers("GET", "issue/10002", Reply(raw))
    found = await data_center.issue("10002")
    assert (found.assignee, found.due) == (MEI_IN_DATA_CENTER, None)


@pytest.mark.parametrize(
    ("key", "category"),
    [
        ("new", Category.TODO),
        ("indeterminate", Category.IN_PROGRESS),
        ("done", Category.DONE),
        ("undefined", Category.TODO),
    ],
)
async def test_the_category_is_read_by_its_key(
    jira: fake.Server, cloud: Gateway, key: str, category: Category
) -> None:
    """Names are in people's languages; a status without a category has not begun."""
    jira.answers("GET", "issue/10002", Reply(replies.issue(status=replies.status(key))))
    assert (await cloud.issue("10002")).category is category


async def test_whether_somebody_assigned_it_is_read_from_its_changes(
    jira: fake.Server, cloud: Gateway
) -> None:
    """Data Center names no `fieldId`; one that was created with somebody has no such change."""
    one = replies.change("assignee", "5b10")
    del one["items"][0]["fieldId"]
    jira.answers(
        "GET",
        "issue/10002",
        *(
            Reply({**replies.issue(), "changelog": {"histories": histories}})
            for histories in ([one], [replies.change("summary", "Ask")], [])
        ),
    )
    assert [await cloud.reassigned("10002") for _ in range(3)] == [True, False, False]
    assert jira.asked[0].query == {"fields": "assignee", "expand": "changelog"}


async def test_a_deleted_issue_is_not_found(jira: fake.Server, cloud: Gateway) -> None:
    """With Jira's own words."""
    said = "Issue does not exist or you do not have permission to see it."
    jira.answers("GET", "issue/10002", Reply(replies.refusal(said), status=404))
    with pytest.raises(NotFound) as raised:
        await cloud.issue("10002")
    assert raised.value.messages == (said,)


async def test_an_id_can_t_lead_elsewhere(jira: fake.Server, cloud: Gateway) -> None:
    """What is no number stays one part of the path."""
    with pytest.raises(JiraRefused):
        await cloud.issue("../user?username=x")
    assert jira.only.path == "/rest/api/2/issue/../user?username=x"
    assert jira.only.query == {"fields": ",".join(ASKED_FOR)}


async def test_issues_are_looked_for_by_label_in_cloud(jira: fake.Server, cloud: Gateway) -> None:
    """In every project, and two are two."""
    two = {"isLast": True, "issues": [replies.issue(), replies.issue("10005", "ML-9")]}
    jira.answers("POST", "search/jql", Reply(two))
    assert [one.id for one in await cloud.find("meridian-Zk3")] == ["10002", "10005"]
    assert jira.only.body == {
        "jql": 'labels = "meridian-Zk3"',
        "fields": ASKED_FOR,
        "maxResults": 10,
    }


async def test_issues_are_looked_for_by_label_in_data_center(
    jira: fake.Server, data_center: Gateway
) -> None:
    """By the call that Cloud has no more."""
    none = {"startAt": 0, "maxResults": 10, "total": 0, "issues": []}
    jira.answers("POST", "search", Reply(none))
    assert await data_center.find("meridian-Zk3") == ()
    assert jira.only.body == {
        "jql": 'labels = "meridian-Zk3"',
        "fields": ASKED_FOR,
        "maxResults": 10,
        "startAt": 0,
        "validateQuery": False,
    }


async def test_a_thousand_issues_take_cloud_ten_requests(jira: fake.Server, cloud: Gateway) -> None:
    """Not out of the index, which lags; what it doesn't give is gone, what failed is unknown."""
    ids = [str(10_000 + n) for n in range(1_000)]

    def page(part: list[str]) -> dict[str, Any]:
        there = [replies.issue(one, f"ML-{one}") for one in part if one not in {"10007", "10008"}]
        failed = [{"id": "10008", "errorMessage": "Try later."}] if "10008" in part else []
        return {"expand": "schema,names", "issues": there, "issueErrors": failed}

    parts = [ids[start : start + 100] for start in range(0, 1_000, 100)]
    jira.answers("POST", "issue/bulkfetch", *(Reply(page(part)) for part in parts))
    polled = await cloud.issues(ids)
    assert polled.absent == {"10007"}
    assert {one.id for one in polled.found} == set(ids) - {"10007", "10008"}
    assert [asked.body for asked in jira.asked] == [
        {"issueIdsOrKeys": part, "fields": ASKED_FOR} for part in parts
    ]


async def test_a_thousand_issues_take_data_center_ten_requests(
    jira: fake.Server, data_center: Gateway
) -> None:
    """A deleted one is no error, since the query is not validated."""
    ids = [str(10_000 + n) for n in range(1_000)]
    parts = [ids[start : start + 100] for start in range(0, 1_000, 100)]

    def page(part: list[str]) -> dict[str, Any]:
        there = [replies.issue(one, f"ML-{one}") for one in part if one != "10007"]
        return {"startAt": 0, "maxResults": 100, "total": len(there), "issues": there}

    jira.answers("POST", "search", *(Reply(page(part)) for part in parts))
    polled = await data_center.issues(ids)
    assert polled.absent == {"10007"}
    assert len(polled.found) == 999
    assert len(jira.asked) == 10
    assert jira.asked[0].body["jql"] == f"id in ({', '.join(parts[0])})"
    assert jira.asked[0].body["validateQuery"] is False


async def test_a_page_cut_short_is_read_on(jira: fake.Server, data_center: Gateway) -> None:
    """A site may give less at once than was asked for: the rest is not gone."""
    page = {"startAt": 0, "maxResults": 1, "total": 2}
    jira.answers(
        "POST",
        "search",
        Reply({**page, "issues": [replies.issue("10002")]}),
        Reply({**page, "startAt": 1, "issues": [replies.issue("10005", "ML-9")]}),
    )
    polled = await data_center.issues(["10002", "10005"])
    assert (len(polled.found), polled.absent) == (2, frozenset())
    assert [asked.body["startAt"] for asked in jira.asked] == [0, 1]


async def test_no_issues_are_no_request(jira: fake.Server, cloud: Gateway) -> None:
    """Nothing to poll."""
    assert (await cloud.issues([])).found == ()
    assert jira.asked == []


async def test_the_ways_on_say_where_they_lead(jira: fake.Server, cloud: Gateway) -> None:
    """And what must be filled in on the way."""
    jira.answers("GET", "issue/10002/transitions", Reply(replies.TRANSITIONS))
    assert await cloud.transitions("10002") == (
        Transition("21", "Start", Category.IN_PROGRESS, "In Review"),
        Transition("31", "Close", Category.DONE, "Done", ("Resolution",)),
    )
    assert jira.only.query == {"expand": "transitions.fields"}


# --- people


async def test_cloud_is_asked_for_people_by_what_is_known(
    jira: fake.Server, cloud: Gateway
) -> None:
    """Apps, customers and those who left are no answer; an address may be hidden."""
    found = [
        replies.MEI_IN_CLOUD,
        replies.OLA_IN_CLOUD,
        {**replies.MEI_IN_CLOUD, "accountId": "app", "accountType": "app"},
        {**replies.MEI_IN_CLOUD, "accountId": "left", "active": False},
    ]
    jira.answers("GET", "user/search", Reply(found))
    ola = Account(replies.OLA_IN_CLOUD["accountId"], "Ola Nowak", None)
    assert await cloud.people("mei@aurora.example") == (MEI, ola)
    assert jira.only.query == {"query": "mei@aurora.example", "maxResults": "20"}


async def test_data_center_is_asked_for_people_by_another_name(
    jira: fake.Server, data_center: Gateway
) -> None:
    """Its `username` matches addresses and names too."""
    jira.answers("GET", "user/search", Reply([replies.MEI_IN_DATA_CENTER]))
    assert await data_center.people("mei@aurora.example") == (MEI_IN_DATA_CENTER,)
    assert jira.only.query == {"username": "mei@aurora.example", "maxResults": "20"}


# --- searching, for somebody who types


@pytest.mark.parametrize("typed", ["ML-7", " ml-7 ", "7", "007"])
async def test_a_typed_key_or_number_is_looked_up(
    jira: fake.Server, cloud: Gateway, typed: str
) -> None:
    """Not searched for: the index lags, and a key that is none would be an error."""
    jira.answers("GET", "issue/ML-7", Reply(replies.issue()))
    assert [one.key for one in await cloud.search(CHURN, typed)] == ["ML-7"]
    assert len(jira.asked) == 1


async def test_a_typed_key_of_nothing_here_finds_nothing(jira: fake.Server, cloud: Gateway) -> None:
    """No such issue, or one of another project."""
    jira.answers("GET", "issue/ML-8", Reply(replies.refusal("Issue does not exist."), status=404))
    jira.answers("GET", "issue/OPS-3", Reply(replies.issue(key="OPS-3", project=replies.OPS)))
    assert await cloud.search(CHURN, "ML-8") == ()
    assert await cloud.search(CHURN, "OPS-3") == ()


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("missing lab", '(summary ~ "missing lab" OR summary ~ "missing lab*")'),
        ('Say "yes" AND (no)!', '(summary ~ "say yes and no" OR summary ~ "say yes and no*")'),
        ("データ", '(summary ~ "データ" OR summary ~ "データ*")'),
        ("", "statusCategory != Done"),
        ('"*', "statusCategory != Done"),
    ],
)
async def test_typed_words_are_searched_for(
    jira: fake.Server, cloud: Gateway, typed: str, wanted: str
) -> None:
    """What means something in a query is no word; without words, whatever is not done."""
    jira.answers("POST", "search/jql", Reply({"isLast": True, "issues": [replies.issue()]}))
    assert len(await cloud.search(CHURN, typed)) == 1
    assert jira.only.body["jql"] == f"project = 10000 AND {wanted} ORDER BY updated DESC"
    assert jira.only.body["maxResults"] == 20


async def test_what_somebody_has_in_progress(jira: fake.Server, cloud: Gateway) -> None:
    """The last that changed first; one request, however many there are."""
    more = {"isLast": False, "nextPageToken": "CAEaAggB", "issues": [replies.issue()]}
    jira.answers("POST", "search/jql", Reply(more))
    assert [one.key for one in await cloud.in_progress('557058:"9"')] == ["ML-7"]
    assert jira.only.body["jql"] == (
        'assignee = "557058:\\"9\\"" AND statusCategory = "In Progress" ORDER BY updated DESC'
    )
    assert jira.only.body["maxResults"] == 50


@pytest.mark.parametrize(
    "answer", [{}, [], "ML-7", 7, {"id": "10002", "key": "ML-7"}, replies.issue() | {"key": 7}]
)
async def test_an_answer_in_another_shape_is_none(
    jira: fake.Server, cloud: Gateway, answer: object
) -> None:
    """JSON, but not of Jira's: something stands between."""
    jira.answers("GET", "issue/10002", Reply(answer))
    with pytest.raises(OutcomeUnknown):
        await cloud.issue("10002")
