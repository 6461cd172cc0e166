"""Many issues at once by their ids: Cloud's, past its index.

https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues
"""

from bot.sandbox.jira.errors import JiraError
from bot.sandbox.jira.rest.registry import CLOUD, Call, Reply, route

MOST = 100


@route("POST", "issue/bulkfetch", of=CLOUD, anonymous=True)
def fetch(call: Call) -> Reply:
    """In ascending order of their ids; what is gone, or not to be seen, is left out."""
    asked = call.body.get("issueIdsOrKeys")
    if not isinstance(asked, list) or not asked:
        raise JiraError(400, "issueIdsOrKeys must not be empty.")
    if len(asked) > MOST:
        raise JiraError(400, f"The maximum number of issues that can be fetched is {MOST}.")
    found = {
        issue.id: issue
        for ref in asked
        if (issue := call.world.find(str(ref))) is not None and call.world.sees(call.viewer, issue)
    }
    fields = call.body.get("fields") or ["*navigable"]
    rows = [call.shapes.issue(found[each], fields) for each in sorted(found, key=int)]
    return Reply({"expand": "schema,names", "issueErrors": [], "issues": rows})
