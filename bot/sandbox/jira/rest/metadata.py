"""What exists here: the server, projects, types, fields, statuses, rights."""

from bot.sandbox.jira.errors import JiraError
from bot.sandbox.jira.rest.registry import CLOUD, Call, Reply, paged, route
from bot.sandbox.jira.schemes import CATEGORIES, FIELDS, PRIORITIES, RIGHTS, STATUSES, TYPES
from bot.sandbox.jira.world import Project
from bot.sandbox.world import Json

MOST = 200
SERVER_VERSION = [9, 12, 0]


@route("GET", "serverInfo", anonymous=True)
def server_info(call: Call) -> Reply:
    cloud = call.world.is_cloud
    numbers = [1001, 0, 0] if cloud else SERVER_VERSION
    return Reply({
        "baseUrl": call.site.url,
        "version": "1001.0.0-SNAPSHOT" if cloud else "9.12.0",
        "versionNumbers": numbers,
        "deploymentType": call.world.deployment.value,
        "buildNumber": 100_290 if cloud else 912_000,
        "buildDate": "2026-02-02T00:00:00.000+0000",
        "serverTime": call.shapes.instant(call.world.now()),
        "scmInfo": "sandbox",
        "serverTitle": "Aurora ML",
    })  # fmt: skip


@route("GET", "field", anonymous=True)
def fields(call: Call) -> Reply:
    return Reply([call.shapes.field(each) for each in FIELDS.values()])


@route("GET", "issuetype")
def types(call: Call) -> Reply:
    return Reply([call.shapes.type(each) for each in TYPES.values()])


@route("GET", "status")
def statuses(call: Call) -> Reply:
    return Reply([call.shapes.status(each) for each in STATUSES.values()])


@route("GET", "statuscategory")
def categories(call: Call) -> Reply:
    return Reply([call.shapes.category(each) for each in CATEGORIES])


@route("GET", "priority")
def priorities(call: Call) -> Reply:
    return Reply([call.shapes.priority(each) for each in PRIORITIES.values()])


# --- projects


@route("GET", "project", anonymous=True)
def projects(call: Call) -> Reply:
    return Reply([call.shapes.project(each) for each in call.world.seen(call.viewer)])


@route("GET", "project/search", of=CLOUD, anonymous=True)
def search_projects(call: Call) -> Reply:
    words = (call.asked("query") or "").lower()
    keys = [part for each in call.query.get("keys", []) for part in each.split(",")]
    right = {"create": "CREATE_ISSUES"}.get(call.asked("action") or "", "BROWSE_PROJECTS")
    found = [
        each
        for each in call.world.seen(call.viewer)
        if words in each.name.lower() or words in each.key.lower()
        if not keys or each.key in keys
        if call.world.may(call.viewer, each, right)
    ]
    order = call.asked("orderBy") or "key"
    by_name = order.lstrip("+- ") == "name"
    found.sort(key=lambda each: each.name.lower() if by_name else each.key, reverse=order[0] == "-")
    start, most = call.number("startAt", 0), min(call.number("maxResults", 50), 100)
    return Reply({
        "self": f"{call.shapes.api}/project/search?startAt={start}&maxResults={most}",
        "startAt": start,
        "maxResults": most,
        "total": len(found),
        "isLast": start + most >= len(found),
        "values": [call.shapes.project(each) for each in paged(found, start, most)],
    })  # fmt: skip


@route("GET", "project/{ref}", anonymous=True)
def project(call: Call, ref: str) -> Reply:
    return Reply(call.shapes.project(call.project(ref), full=True))


@route("GET", "project/{ref}/statuses", anonymous=True)
def project_statuses(call: Call, ref: str) -> Reply:
    found = call.project(ref)
    used = dict.fromkeys(each.to for each in found.ways)
    shown = [call.shapes.status(STATUSES[each]) for each in used]
    return Reply([
        {
            "self": f"{call.shapes.api}/issuetype/{each}",
            "id": each,
            "name": TYPES[each].name,
            "subtask": TYPES[each].subtask,
            "statuses": shown,
        }
        for each in found.types
    ])  # fmt: skip


# --- what a create screen asks for


@route("GET", "issue/createmeta/{ref}/issuetypes", anonymous=True)
def create_types(call: Call, ref: str) -> Reply:
    rows = [call.shapes.type(TYPES[each]) for each in _creatable(call, ref).types]
    return Reply(_page(call, "issueTypes", rows))


@route("GET", "issue/createmeta/{ref}/issuetypes/{type_id}", anonymous=True)
def create_fields(call: Call, ref: str, type_id: str) -> Reply:
    found = _creatable(call, ref)
    if type_id not in found.types:
        raise JiraError(404, f"Issue type with id {type_id} not found for project.")
    return Reply(_page(call, "fields", call.shapes.screen(found, type_id)))


def _creatable(call: Call, ref: str) -> Project:
    found = call.project(ref)
    if not call.world.may(call.viewer, found, "CREATE_ISSUES"):
        raise JiraError(400, "You cannot create issues in this project.")
    return found


def _page(call: Call, cloud_name: str, rows: list[Json]) -> Json:
    """A page as Cloud names its rows, or as Data Center does."""
    start, most = call.number("startAt", 0), call.number("maxResults", 50)
    if most > MOST:
        raise JiraError(400, f"Parameter 'maxResults' must not exceed the limit '{MOST}'")
    page = paged(rows, start, most)
    shown: Json = {"maxResults": most, "startAt": start, "total": len(rows)}
    if call.world.is_cloud:
        return shown | {cloud_name: page}
    return shown | {"isLast": start + most >= len(rows), "values": page}


@route("GET", "issue/createmeta", of=CLOUD, anonymous=True)
def create_everything(call: Call) -> Reply:
    """The older way, in one piece; Data Center has none any more since 9.0."""
    refs = {p for name in ("projectKeys", "projectIds") for each in call.query.get(name, [])
            for p in each.split(",")}  # fmt: skip
    full = "projects.issuetypes.fields" in (call.asked("expand") or "")
    found = [
        each
        for each in call.world.seen(call.viewer)
        if call.world.may(call.viewer, each, "CREATE_ISSUES")
        if not refs or {each.key, each.id} & refs
    ]
    return Reply(
        {"expand": "projects", "projects": [_with_types(call, e, full=full) for e in found]}
    )


def _with_types(call: Call, found: Project, *, full: bool) -> Json:
    wanted = {part for each in call.query.get("issuetypeIds", []) for part in each.split(",")}
    shown = {n: v for n, v in call.shapes.project(found).items()
             if n in ("self", "id", "key", "name", "avatarUrls", "expand")}  # fmt: skip
    types_ = []
    for type_id in found.types:
        if wanted and type_id not in wanted:
            continue
        row = call.shapes.type(TYPES[type_id])
        if full:
            screen = call.shapes.screen(found, type_id)
            row["fields"] = {each.pop("fieldId"): each for each in screen}
        types_.append(row)
    return shown | {"issuetypes": types_}


# --- rights


@route("GET", "mypermissions", anonymous=True)
def my_permissions(call: Call) -> Reply:
    asked = call.asked("permissions")
    if asked is None and call.world.is_cloud:
        raise JiraError(400, "The 'permissions' query parameter is required.")
    keys = asked.split(",") if asked else list(RIGHTS)
    unknown = [key for key in keys if key not in RIGHTS]
    if unknown and call.world.is_cloud:
        raise JiraError(400, f"Unrecognized permission key: {', '.join(unknown)}")
    within = _within(call)
    return Reply({
        "permissions": {
            key: {
                "id": RIGHTS[key].id,
                "key": key,
                "name": RIGHTS[key].name,
                "type": RIGHTS[key].kind,
                "description": "",
                "havePermission": any(call.world.may(call.viewer, each, key) for each in within),
            }
            for key in keys
            if key in RIGHTS
        }
    })  # fmt: skip


def _within(call: Call) -> list[Project]:
    """The project that is asked about, else all of them."""
    for name in ("projectKey", "projectId"):
        if ref := call.asked(name):
            return [call.project(ref)]
    for name in ("issueKey", "issueId"):
        if ref := call.asked(name):
            return [call.world.projects[call.issue(ref).project]]
    return call.world.seen(call.viewer)
