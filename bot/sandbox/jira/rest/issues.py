"""Issues: created, read, edited, assigned, moved along their workflow, commented, deleted."""

from typing import Any

from bot.sandbox.jira.errors import FieldError, JiraError
from bot.sandbox.jira.fields import Reading
from bot.sandbox.jira.rest.registry import Call, Reply, route
from bot.sandbox.jira.schemes import FIELDS, TYPES, Transition
from bot.sandbox.jira.world import Issue, JiraWorld, Project
from bot.sandbox.world import Json


@route("POST", "issue", anonymous=True)
def create(call: Call) -> Reply:
    given = _fields(call)
    project, type_id = place(call.world, call, given)
    reading = Reading(call.world, call.viewer, project, type_id, call.version)
    values = reading.values(given, creating=True)
    kept = {n: v for n, v in values.items() if n not in ("project", "issuetype")}
    issue = call.site.tracker.create(project, type_id, kept, call.person)
    return Reply(call.shapes.brief(issue), 201)


def _fields(call: Call) -> Json:
    fields = call.body.get("fields") or {}
    if not isinstance(fields, dict):
        raise JiraError(400, "Can not deserialize instance of fields.")
    return fields


def place(world: JiraWorld, call: Call, given: Json) -> tuple[Project, str]:
    """The project and issue type that something is to be created in; raises JiraError."""
    cloud = world.is_cloud
    project = _named_project(world, given.get("project"))
    if call.viewer is None:
        raise JiraError(400, errors={
            "project": "Anonymous users do not have permission to create issues in this project. "
                       "Please try logging in first.",
        })  # fmt: skip
    if project is None or not world.may(call.viewer, project, "BROWSE_PROJECTS"):
        said = "Specify a valid project ID or key" if cloud else "valid project is required"
        raise JiraError(400, errors={"project": said})
    if not world.may(call.viewer, project, "CREATE_ISSUES"):
        said = "You do not have permission to create issues in this project."
        raise JiraError(400, errors={"project": said})
    if not given.get("issuetype"):
        said = "Specify an issue type" if cloud else "issue type is required"
        raise JiraError(400, errors={"issuetype": said})
    type_id = _named_type(project, given["issuetype"])
    if type_id is None:
        said = "Specify a valid issue type" if cloud else "valid issue type is required"
        raise JiraError(400, errors={"issuetype": said})
    return project, type_id


def _named_project(world: JiraWorld, value: Any) -> Project | None:
    if not isinstance(value, dict):
        return None
    if "id" in value:
        return world.project(str(value["id"])) if str(value["id"]).isdecimal() else None
    key = value.get("key")
    return world.project(key) if isinstance(key, str) and not key.isdecimal() else None


def _named_type(project: Project, value: Any) -> str | None:
    if not isinstance(value, dict):
        return None
    if "id" in value:
        return str(value["id"]) if str(value["id"]) in project.types else None
    return next((each for each in project.types if TYPES[each].name == value.get("name")), None)


@route("GET", "issue/{ref}", anonymous=True)
def read(call: Call, ref: str) -> Reply:
    issue = call.issue(ref)
    shown = call.shapes.issue(issue, call.query.get("fields", []))
    expanded = (call.asked("expand") or "").split(",")
    if "transitions" in expanded:
        shown["transitions"] = _ways(call, issue)
    if "changelog" in expanded:
        shown["changelog"] = call.shapes.history(issue)
    return Reply(shown)


@route("PUT", "issue/{ref}", anonymous=True)
def edit(call: Call, ref: str) -> Reply:
    issue = call.issue(ref)
    call.need(issue, "EDIT_ISSUES")
    project = call.world.projects[issue.project]
    reading = Reading(call.world, call.viewer, project, issue.type, call.version)
    fields, operations = _fields(call), _operations(call)
    comments = [each["add"].get("body") for each in operations.pop("comment", ()) if "add" in each]
    given = fields | _folded(issue, operations, fields)
    if not given and not comments:
        raise JiraError(400, "one of 'fields' or 'update' required")
    values = reading.values(given, creating=False)
    bodies = [_body(call, reading, each) for each in comments]
    issue = call.site.tracker.edit(issue, values, call.person)
    for body in bodies:
        call.site.tracker.comment(call.world.issues[issue.id], body, call.person)
    return Reply(status=204)


def _operations(call: Call) -> dict[str, list[Json]]:
    """What `update` holds: for each field a list of single steps."""
    given = call.body.get("update") or {}
    sound = isinstance(given, dict) and all(
        isinstance(steps, list) and all(isinstance(e, dict) and len(e) == 1 for e in steps)
        for steps in given.values()
    )
    if not sound:
        raise JiraError(400, "Can not deserialize instance of update.")
    return dict(given)


def _folded(issue: Issue, operations: Json, fields: Json) -> Json:
    """What `update` asks for, as new values; adding and removing is for labels alone."""
    folded: Json = {}
    for name, steps in operations.items():
        if name in fields:
            raise JiraError(400, errors={name: "Field was specified in both fields and update."})
        value: Any = issue.labels if name == "labels" else None
        for step in steps:
            ((verb, what),) = step.items()
            value = _step(name, value, verb, what)
        folded[name] = value
    return folded


def _step(name: str, value: Any, verb: str, what: Any) -> Any:
    if verb == "set":
        return what
    if name != "labels" or verb not in ("add", "remove"):
        raise JiraError(400, errors={name: f"Field does not support operation '{verb}'."})
    return [*value, what] if verb == "add" else [each for each in value if each != what]


@route("PUT", "issue/{ref}/assignee", anonymous=True)
def assign(call: Call, ref: str) -> Reply:
    issue = call.issue(ref)
    call.need(issue, "ASSIGN_ISSUES")
    project = call.world.projects[issue.project]
    reading = Reading(call.world, call.viewer, project, issue.type, call.version)
    values = reading.values({"assignee": _unset(call.body)}, creating=False)
    call.site.tracker.edit(issue, values, call.person)
    return Reply(status=204)


def _unset(body: Json) -> Json | None:
    """`{"accountId": null}` takes the assignee away."""
    return None if list(body.values()) == [None] else body


@route("DELETE", "issue/{ref}", anonymous=True)
def delete(call: Call, ref: str) -> Reply:
    issue = call.issue(ref)
    call.need(issue, "DELETE_ISSUES")
    call.site.tracker.delete(issue, call.person)
    return Reply(status=204)


# --- the workflow


@route("GET", "issue/{ref}/transitions", anonymous=True)
def transitions(call: Call, ref: str) -> Reply:
    ways = _ways(call, call.issue(ref))
    wanted = call.asked("transitionId")
    shown = [each for each in ways if wanted in (None, each["id"])]
    return Reply({"expand": "transitions", "transitions": shown})


def _ways(call: Call, issue: Issue) -> list[Json]:
    if not call.world.may(call.viewer, call.world.projects[issue.project], "TRANSITION_ISSUES"):
        return []
    return [call.shapes.transition(each) for each in call.world.transitions(issue)]


@route("POST", "issue/{ref}/transitions", anonymous=True)
def transition(call: Call, ref: str) -> Reply:
    issue = call.issue(ref)
    way = _way(call, issue)
    if fields := call.body.get("fields"):
        # No way of these workflows has a screen.
        wrong = {name: f"Field '{name}' cannot be set. It is not on the appropriate screen, or "
                       "unknown." for name in fields}  # fmt: skip
        raise JiraError(400, errors=wrong)
    call.site.tracker.transition(issue, way, call.person)
    return Reply(status=204)


def _way(call: Call, issue: Issue) -> Transition:
    given = call.body.get("transition")
    id_ = given.get("id") if isinstance(given, dict) else None
    if id_ is None:
        raise JiraError(400, "Missing 'transition' identifier")
    if not str(id_).isdecimal():
        raise JiraError(400, "'transition' identifier must be an integer")
    project = call.world.projects[issue.project]
    way = next((each for each in project.ways if each.id == str(id_)), None)
    if way is None:
        raise JiraError(400, f"Transition id '{id_}' is not valid for this issue.")
    may = call.world.may(call.viewer, project, "TRANSITION_ISSUES")
    if way not in call.world.transitions(issue) or not may:
        raise JiraError(
            400,
            f"It seems that you have tried to perform a workflow operation ({way.name}) that is "
            f"not valid for the current state of this issue ({issue.key}). The likely cause is "
            "that somebody has changed the issue recently, please look at the issue history for "
            "details.",
        )
    return way


# --- comments


@route("GET", "issue/{ref}/comment", anonymous=True)
def comments(call: Call, ref: str) -> Reply:
    start, most = call.number("startAt", 0), call.number("maxResults", 100)
    return Reply(call.shapes.comments(call.issue(ref), start, most))


@route("POST", "issue/{ref}/comment", anonymous=True)
def comment(call: Call, ref: str) -> Reply:
    issue = call.issue(ref)
    call.need(issue, "ADD_COMMENTS")
    project = call.world.projects[issue.project]
    reading = Reading(call.world, call.viewer, project, issue.type, call.version)
    added = call.site.tracker.comment(
        issue, _body(call, reading, call.body.get("body")), call.person
    )
    return Reply(call.shapes.comment(issue, added), 201)


def _body(call: Call, reading: Reading, given: Any) -> Json:
    try:
        body = reading.read(FIELDS["description"], given)
    except FieldError as error:
        raise JiraError(400, errors={"comment": str(error)}) from None
    if body is None:
        raise JiraError(400, errors={"comment": "Comment body can not be empty!"})
    return dict(body)
