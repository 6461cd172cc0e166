"""Who has an account; Cloud goes by accountId and shows an address only where its owner lets it."""

from bot.sandbox.jira.errors import JiraError
from bot.sandbox.jira.rest.registry import Call, Reply, paged, route
from bot.sandbox.jira.world import Account, Project

MOST = 1000


@route("GET", "myself")
def myself(call: Call) -> Reply:
    groups = {"size": 1, "items": []}
    shown = call.shapes.user(call.person) | {"groups": groups, "applicationRoles": groups}
    return Reply(shown | {"locale": "en_GB", "expand": "groups,applicationRoles"})


@route("GET", "user")
def one(call: Call) -> Reply:
    cloud = call.world.is_cloud
    _check_names(call)
    name = call.asked("accountId") if cloud else call.asked("username") or call.asked("key")
    if name is None:
        said = "accountId" if cloud else "username' or 'key"
        raise JiraError(400 if cloud else 404, f"Either the '{said}' query parameter is required.")
    for account in call.world.accounts.values():
        if name in ((account.id,) if cloud else (account.name, account.key)):
            return Reply(call.shapes.user(account))
    raise JiraError(
        404,
        "Specified user does not exist or you do not have required permissions"
        if cloud
        else f"The user named '{name}' does not exist",
    )


@route("GET", "user/search")
def search(call: Call) -> Reply:
    _check_names(call)
    if call.world.is_cloud and not (call.asked("query") or call.asked("accountId")):
        raise JiraError(
            400, "One of 'query', 'accountId' or 'property' query parameter has to be specified."
        )
    if not call.world.is_cloud and not call.asked("username"):
        raise JiraError(400, "The username query parameter was not provided")
    return _page(call, [each for each in call.world.accounts.values() if each.active])


@route("GET", "user/assignable/search")
def assignable(call: Call) -> Reply:
    _check_names(call)
    project = _place(call)
    able = [e for e in call.world.accounts.values() if call.world.assignable(e, project)]
    return _page(call, able)


def _place(call: Call) -> Project:
    if ref := call.asked("project"):
        return call.project(ref)
    if ref := call.asked("issueKey") or call.asked("issueId"):
        return call.world.projects[call.issue(ref).project]
    raise JiraError(400, "Either 'project' or 'issueKey' query parameter has to be specified.")


def _check_names(call: Call) -> None:
    if not call.world.is_cloud:
        return
    for name in ("username", "key"):
        if call.asked(name):
            raise JiraError(
                400, f"The query parameter '{name}' is not supported in GDPR strict mode."
            )


def _page(call: Call, accounts: list[Account]) -> Reply:
    id_ = call.asked("accountId") if call.world.is_cloud else None
    words = (call.asked("query" if call.world.is_cloud else "username") or "").lower()
    found = [a for a in accounts if id_ in (None, a.id) and _fits(call, a, words)]
    start, most = call.number("startAt", 0), min(call.number("maxResults", 50), MOST)
    return Reply([call.shapes.user(each) for each in paged(found, start, most)])


def _fits(call: Call, account: Account, words: str) -> bool:
    """By the beginning of a name, or of an address that is shown; a hidden one only as a whole."""
    if not words or account.display_name.lower().startswith(words):
        return True
    if any(each.startswith(words) for each in account.display_name.lower().split()):
        return True
    if not call.world.is_cloud and account.name.lower().startswith(words):
        return True
    email = account.email.lower()
    return bool(email) and (email == words or (not account.hidden and email.startswith(words)))
