"""What people do in Jira, and how it behaves: the calls under `/_control/jira/`."""

from collections.abc import Callable
from typing import Any, cast

from bot.sandbox.errors import ControlError
from bot.sandbox.jira.errors import FieldError, JiraError
from bot.sandbox.jira.fields import Reading
from bot.sandbox.jira.schemes import FIELDS, RIGHTS, STATUSES, TYPES, Kind, Transition
from bot.sandbox.jira.world import Account, Deployment, Issue, JiraWorld, Project, TokenState
from bot.sandbox.people import person
from bot.sandbox.site import Site
from bot.sandbox.world import ADMIN, Json, User

Act = Callable[[Site, Json], Json]


# --- what people do


def create(site: Site, body: Json) -> Json:
    """Somebody creates an issue: project, type, and fields as `edit` takes them."""
    by, project = _actor(site, body), _project(site, body.get("project"))
    type_id = _type(project, body.get("type", "Task"))
    values = _values(site, project, type_id, body, by, creating=True)
    issue = site.jira.tracker.create(project, type_id, values, by)
    return {"id": issue.id, "key": issue.key}


def transition(site: Site, body: Json) -> Json:
    """Along the workflow, to a status, a category or by the name of the way."""
    by, issue = _actor(site, body), _issue(site, body)
    wanted = str(body.get("to", "")).lower()
    ways = site.jira.world.transitions(issue)
    way = next((each for each in ways if wanted in _names(each)), None)
    if way is None:
        able = ", ".join(each.name for each in ways)
        raise ControlError(f"{issue.key} can't go to {body.get('to')!r} from here: there is {able}")
    site.jira.tracker.transition(issue, way, by)
    return {"key": issue.key, "status": STATUSES[way.to].name}


def edit(site: Site, body: Json) -> Json:
    """Somebody edits fields: assignee (a person's id or address), duedate, labels, summary …"""
    by, issue = _actor(site, body), _issue(site, body)
    project = site.jira.world.projects[issue.project]
    values = _values(site, project, issue.type, body, by, creating=False)
    site.jira.tracker.edit(issue, values, by)
    return {"key": issue.key}


def comment(site: Site, body: Json) -> Json:
    by, issue = _actor(site, body), _issue(site, body)
    text = body.get("text")
    if not isinstance(text, str) or not text.strip():
        raise ControlError("a comment needs a text")
    site.jira.tracker.comment(issue, {"wiki": text, "adf": None}, by)
    return {"key": issue.key}


def delete(site: Site, body: Json) -> Json:
    by, issue = _actor(site, body), _issue(site, body)
    site.jira.tracker.delete(issue, by)
    return {"key": issue.key}


def move(site: Site, body: Json) -> Json:
    """To another project; what that one asks for is filled in with its first choice."""
    by, issue = _actor(site, body), _issue(site, body)
    project = _project(site, body.get("project"))
    if project.id == issue.project:
        raise ControlError(f"{issue.key} is in {project.key} already")
    screen = project.screen(issue.type)
    values = {name: value for name, value in issue.values.items() if name in screen}
    for name, must in screen.items():
        if must and values.get(name) is None and FIELDS[name].kind is Kind.OPTION:
            values[name] = FIELDS[name].options[0].id
    site.jira.tracker.move(issue, project, issue.type, values, by)
    return {"id": issue.id, "key": site.jira.world.issues[issue.id].key}


# --- how it behaves


def lag(site: Site, body: Json) -> Json:
    """How long a change takes to show in searches, in seconds of machine time."""
    seconds = body.get("seconds")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0:
        raise ControlError("the lag is a number of seconds")
    site.jira.index.set_lag(float(seconds))
    return {"seconds": site.jira.index.lag}


def webhooks(site: Site, body: Json) -> Json:
    site.jira.webhooks.configure(body)
    return site.jira.webhooks.shown()


def token(site: Site, body: Json) -> Json:
    """Kill the bot's token or repair it."""
    try:
        state = TokenState(body.get("state", "alive"))
    except ValueError:
        words = ", ".join(TokenState)
        raise ControlError(f"the token's state is one of {words}") from None
    if state is TokenState.ANONYMOUS and not site.jira.world.is_cloud:
        raise ControlError("only Cloud takes a dead token for nobody's")
    site.jira.world.token = state
    site.changes.bump()
    return {"state": state}


def deployment(site: Site, body: Json) -> Json:
    """Make it Cloud or Data Center (`Server`); issues stay."""
    try:
        site.jira.world.deployment = Deployment(body.get("deployment", ""))
    except ValueError:
        words = ", ".join(Deployment)
        raise ControlError(f"the deployment is one of {words}") from None
    site.changes.bump()
    return {"deployment": site.jira.world.deployment}


def project(site: Site, body: Json) -> Json:
    """Throw a project away or take it back; take rights from the bot; make fields a must; say whose
    new issues are (`default_assignee`, null for nobody).
    """
    ref = str(body.get("project"))
    found = next((e for e in site.jira.world.projects.values() if ref in (e.id, e.key)), None)
    if found is None:
        raise ControlError(f"there is no project {ref!r}")
    if "deleted" in body:
        found.deleted = _flag(body, "deleted")
    if "without" in body:
        found.lacking = set(_known(body["without"], RIGHTS, "without"))
    if "require" in body:
        type_id = _type(found, body.get("type", "Task"))
        names = _known(body["require"], FIELDS, "require")
        found.extras = found.extras | {type_id: dict.fromkeys(names, True)}
    if "default_assignee" in body:
        found.default_assignee = _default(site, body["default_assignee"])
    site.changes.bump()
    return {"project": found.key, "deleted": found.deleted, "without": sorted(found.lacking)}


def _default(site: Site, ref: object) -> str | None:
    if ref is None:
        return None
    found = site.jira.world.account(str(ref))
    if found is None:
        raise ControlError(f"{ref!r} has no account in Jira")
    return found.id


def account(site: Site, body: Json) -> Json:
    """Change an account: active, hidden, email, display_name, tz, assignable; or open one."""
    world, ref = site.jira.world, str(body.get("account"))
    found = world.account(ref) or _opened(world, ref)
    for name in ("email", "display_name", "tz"):
        if name in body:
            if not isinstance(body[name], str):
                raise ControlError(f"{name} is a string")
            setattr(found, name, body[name])
    for name in ("active", "hidden"):
        if name in body:
            setattr(found, name, _flag(body, name))
    if "assignable" in body:
        _set_assignable(world, found, able=_flag(body, "assignable"))
    site.changes.bump()
    return {"account": found.id, "name": found.name, "email": found.email}


def _opened(world: JiraWorld, name: str) -> Account:
    if not name.isalnum():
        raise ControlError("a new account has letters and digits for a name")
    number = len(world.accounts) + 1
    id_ = f"712020:5e1f0c1a-0000-4000-8000-0000000001{number:02d}"
    email = f"{name}@aurora-ml.example"
    made = Account(id_, name, f"JIRAUSER{10200 + number}", name.title(), email)
    world.accounts[id_] = made
    return made


def _set_assignable(world: JiraWorld, found: Account, *, able: bool) -> None:
    for each in world.projects.values():
        if able:
            each.unassignable.discard(found.id)
        else:
            each.unassignable.add(found.id)


ACTS: dict[str, Act] = {
    "create": create,
    "transition": transition,
    "edit": edit,
    "comment": comment,
    "delete": delete,
    "move": move,
    "lag": lag,
    "webhooks": webhooks,
    "token": token,
    "deployment": deployment,
    "project": project,
    "account": account,
}


# --- what a call names


def account_of(world: JiraWorld, user: User) -> Account | None:
    """A member's account in Jira: the one of the same address."""
    return next((e for e in world.accounts.values() if e.email and e.email == user.email), None)


def _actor(site: Site, body: Json) -> Account:
    """The account of whoever acts; the workspace's admin where nobody is named."""
    user = person(site, {"user": body.get("user", ADMIN)})
    found = account_of(site.jira.world, user)
    if found is None:
        raise ControlError(f"{user.real_name} has no account in Jira")
    if not found.active:
        raise ControlError(f"{user.real_name}'s account in Jira is closed")
    return found


def _issue(site: Site, body: Json) -> Issue:
    found = site.jira.world.find(str(body.get("key")))
    if found is None:
        raise ControlError(f"there is no issue {body.get('key')!r}")
    return found


def _project(site: Site, ref: object) -> Project:
    found = site.jira.world.project(str(ref))
    if found is None:
        raise ControlError(f"there is no project {ref!r}")
    return found


def _type(found: Project, name: object) -> str:
    for each in found.types:
        if name in (each, TYPES[each].name):
            return each
    raise ControlError(f"{found.key} has no issue type {name!r}")


def _names(way: Transition) -> set[str]:
    status = STATUSES[way.to]
    names = (way.id, way.name, status.id, status.name, status.category.key)
    return {each.lower() for each in names}


def _flag(body: Json, name: str) -> bool:
    if not isinstance(body[name], bool):
        raise ControlError(f"{name} is true or false")
    return cast("bool", body[name])


def _known(given: Any, names: dict[str, Any], what: str) -> list[str]:
    if not isinstance(given, list) or not all(each in names for each in given):
        raise ControlError(f"{what} is a list of some of {', '.join(names)}")
    return given


def _values(
    site: Site, found: Project, type_id: str, body: Json, by: Account, *, creating: bool
) -> dict[str, Any]:
    """The fields of a call, read by the same rules as the API's."""
    given = body.get("fields", {})
    if not isinstance(given, dict):
        raise ControlError("fields is an object")
    for name in ("assignee", "reporter"):
        if given.get(name) is not None:
            given = {**given, name: _user(site, given[name])}
    reading = Reading(site.jira.world, by, found, type_id, "2")
    try:
        return reading.values(given, creating=creating)
    except (JiraError, FieldError) as refusal:
        raise ControlError(str(refusal)) from None


def _user(site: Site, ref: object) -> Json:
    """A person by id in Slack or Jira, by name or address, as this Jira's API names them."""
    world = site.jira.world
    user = site.world.users.get(str(ref))
    found = account_of(world, user) if user is not None else world.account(str(ref))
    if found is None:
        raise ControlError(f"{ref!r} has no account in Jira")
    return {"accountId": found.id} if world.is_cloud else {"name": found.name}
