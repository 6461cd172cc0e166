"""Remote links: from an issue to somewhere else; one of the same global id is renewed."""

from bot.sandbox.jira.errors import JiraError
from bot.sandbox.jira.rest.registry import Call, Reply, route
from bot.sandbox.jira.world import Issue, RemoteLink
from bot.sandbox.world import Json

GLOBAL_ID_LENGTH = 255
NO_LINK = "The remote link does not exist."


@route("GET", "issue/{ref}/remotelink", anonymous=True)
def read(call: Call, ref: str) -> Reply:
    issue = call.issue(ref)
    links = call.world.links.get(issue.id, [])
    wanted = call.asked("globalId")
    if wanted is None:
        return Reply([call.shapes.link(issue, each) for each in links])
    link = next((each for each in links if each.global_id == wanted), None)
    if link is None:
        raise JiraError(404, NO_LINK)
    return Reply(call.shapes.link(issue, link))


@route("GET", "issue/{ref}/remotelink/{id_}", anonymous=True)
def read_one(call: Call, ref: str, id_: str) -> Reply:
    issue = call.issue(ref)
    return Reply(call.shapes.link(issue, _link(call, issue, id_)))


@route("POST", "issue/{ref}/remotelink", anonymous=True)
def write(call: Call, ref: str) -> Reply:
    issue = call.issue(ref)
    call.need(issue, "LINK_ISSUES")
    link = _read(call.body, call.world.next_id())
    is_new = call.site.tracker.link(issue, link)
    kept = next(
        each
        for each in call.world.links[issue.id]
        if each.id == link.id or (link.global_id and each.global_id == link.global_id)
    )
    return Reply(call.shapes.link_brief(issue, kept), 201 if is_new else 200)


@route("PUT", "issue/{ref}/remotelink/{id_}", anonymous=True)
def rewrite(call: Call, ref: str, id_: str) -> Reply:
    issue = call.issue(ref)
    call.need(issue, "LINK_ISSUES")
    before = _link(call, issue, id_)
    links = call.world.links[issue.id]
    links[links.index(before)] = _read(call.body, before.id)
    call.site.changes.bump()
    return Reply(status=204)


@route("DELETE", "issue/{ref}/remotelink", anonymous=True)
def remove(call: Call, ref: str) -> Reply:
    issue = call.issue(ref)
    call.need(issue, "LINK_ISSUES")
    links = call.world.links.get(issue.id, [])
    link = next((each for each in links if each.global_id == call.asked("globalId")), None)
    if link is None:
        raise JiraError(404, NO_LINK)
    call.site.tracker.unlink(issue, link)
    return Reply(status=204)


@route("DELETE", "issue/{ref}/remotelink/{id_}", anonymous=True)
def remove_one(call: Call, ref: str, id_: str) -> Reply:
    issue = call.issue(ref)
    call.need(issue, "LINK_ISSUES")
    call.site.tracker.unlink(issue, _link(call, issue, id_))
    return Reply(status=204)


def _link(call: Call, issue: Issue, id_: str) -> RemoteLink:
    link = next((each for each in call.world.links.get(issue.id, []) if each.id == id_), None)
    if link is None:
        raise JiraError(404, NO_LINK)
    return link


def _read(body: Json, id_: str) -> RemoteLink:
    target = body.get("object")
    if not isinstance(target, dict):
        raise JiraError(400, errors={"object": "'object' is required."})
    wrong = {
        name: f"'{name}' is required."
        for name in ("title", "url")
        if not isinstance(target.get(name), str) or not target[name].strip()
    }
    global_id = body.get("globalId")
    if global_id is not None and (
        not isinstance(global_id, str) or len(global_id) > GLOBAL_ID_LENGTH
    ):
        wrong["globalId"] = f"'globalId' is longer than {GLOBAL_ID_LENGTH} characters."
    if wrong:
        raise JiraError(400, errors=wrong)
    return RemoteLink(id_, global_id, target, body.get("relationship"), body.get("application"))
