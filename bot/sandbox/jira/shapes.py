"""People, projects, statuses and fields as Jira's JSON shows them."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.sandbox.jira.schemes import (
    PRIORITIES,
    STATUSES,
    TYPES,
    Category,
    Field,
    IssueType,
    Kind,
    Option,
    Priority,
    Status,
    Transition,
)
from bot.sandbox.jira.world import Account, JiraWorld, Project, fields_of
from bot.sandbox.world import Json

SIZES = ("16x16", "24x24", "32x32", "48x48")


@dataclass(frozen=True)
class Shapes:
    """How rows look below one address and in one version of the API.

    Instants are in the zone of the account that asks, as Jira tells them.
    """

    world: JiraWorld
    base: str
    version: str

    @property
    def api(self) -> str:
        return f"{self.base}/rest/api/{self.version}"

    def instant(self, at: datetime) -> str:
        local = at.astimezone(ZoneInfo(self.world.bot.tz))
        return f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond // 1000:03d}{local:%z}"

    # --- people

    def user(self, account: Account) -> Json:
        shown: Json = {
            "self": f"{self.api}/user?{self._user_query(account)}",
            "displayName": account.display_name,
            "active": account.active,
            "timeZone": account.tz,
            "avatarUrls": self._avatars(f"user-{account.key}"),
        }
        if self.world.is_cloud:
            shown |= {"accountId": account.id, "accountType": account.kind}
        else:
            shown |= {"name": account.name, "key": account.key}
        if account.email and not account.hidden:
            shown["emailAddress"] = account.email
        return shown

    def _user_query(self, account: Account) -> str:
        if self.world.is_cloud:
            return f"accountId={account.id}"
        return f"username={account.name}"

    def _avatars(self, name: str) -> Json:
        return {size: f"{self.base}/avatar/{name}?size={size}" for size in SIZES}

    # --- schemes

    def category(self, category: Category) -> Json:
        return {
            "self": f"{self.api}/statuscategory/{category.id}",
            "id": category.id,
            "key": category.key,
            "colorName": category.color,
            "name": category.name,
        }

    def status(self, status: Status) -> Json:
        return {
            "self": f"{self.api}/status/{status.id}",
            "description": "",
            "iconUrl": f"{self.base}/images/icons/status.png",
            "name": status.name,
            "id": status.id,
            "statusCategory": self.category(status.category),
        }

    def type(self, type_: IssueType) -> Json:
        shown = {
            "self": f"{self.api}/issuetype/{type_.id}",
            "id": type_.id,
            "description": type_.description,
            "iconUrl": f"{self.base}/images/icons/type.png",
            "name": type_.name,
            "subtask": type_.subtask,
        }
        if self.world.is_cloud:
            shown["hierarchyLevel"] = -1 if type_.subtask else 0
        return shown

    def priority(self, priority: Priority) -> Json:
        return {
            "self": f"{self.api}/priority/{priority.id}",
            "iconUrl": f"{self.base}/images/icons/priority.svg",
            "name": priority.name,
            "id": priority.id,
        }

    def resolution(self) -> Json:
        return {
            "self": f"{self.api}/resolution/10000",
            "id": "10000",
            "description": "Work has been completed on this issue.",
            "name": "Done",
        }

    def transition(self, way: Transition) -> Json:
        shown: Json = {"id": way.id, "name": way.name, "to": self.status(STATUSES[way.to])}
        if self.world.is_cloud:
            shown |= {
                "hasScreen": False,
                "isGlobal": not way.start,
                "isInitial": False,
                "isAvailable": True,
                "isConditional": False,
                "looped": False,
            }
        return shown

    def project(self, project: Project, *, full: bool = False) -> Json:
        shown: Json = {
            "expand": "description,lead,issueTypes,url,projectKeys,permissions,insight",
            "self": f"{self.api}/project/{project.id}",
            "id": project.id,
            "key": project.key,
            "name": project.name,
            "avatarUrls": self._avatars(f"project-{project.id}"),
            "projectTypeKey": "software",
        }
        if self.world.is_cloud:
            shown |= {"simplified": False, "style": "classic", "isPrivate": False}
        if full:
            shown |= {
                "description": "",
                "lead": self.user(self.world.accounts[project.lead]),
                "components": [],
                "issueTypes": [self.type(TYPES[each]) for each in project.types],
                "assigneeType": "UNASSIGNED",
                "versions": [],
                "roles": {},
            }
        return shown

    # --- fields

    def field(self, field: Field) -> Json:
        shown: Json = {
            "id": field.id,
            "name": field.name,
            "custom": field.custom_id is not None,
            "orderable": True,
            "navigable": True,
            "searchable": True,
            "clauseNames": list(field.clauses),
            "schema": self.schema(field),
        }
        return shown | ({"key": field.id} if self.world.is_cloud else {})

    def schema(self, field: Field) -> Json:
        if field.custom_id is not None:
            word = {Kind.OPTION: "select", Kind.NUMBER: "float"}[field.kind]
            return {
                "type": field.kind.value,
                "custom": f"com.atlassian.jira.plugin.system.customfieldtypes:{word}",
                "customId": field.custom_id,
            }
        if field.kind is Kind.LABELS:
            return {"type": "array", "items": "string", "system": field.id}
        words = {Kind.TEXT: "string", Kind.DOCUMENT: "string", Kind.PARENT: "issuelink"}
        return {"type": words.get(field.kind, field.kind.value), "system": field.id}

    def screen(self, project: Project, type_id: str) -> list[Json]:
        """The fields of a create screen, as createmeta tells them."""
        return [
            self._on_screen(project, type_id, field, must)
            for field, must in fields_of(project, type_id)
        ]

    def _on_screen(self, project: Project, type_id: str, field: Field, must: bool) -> Json:
        shown: Json = {
            "required": must or (field.id == "reporter" and self.world.is_cloud),
            "schema": self.schema(field),
            "name": field.name,
            "fieldId": field.id,
            "hasDefaultValue": field.id in ("reporter", "priority"),
            "operations": ["add", "set", "remove"] if field.kind is Kind.LABELS else ["set"],
        }
        if self.world.is_cloud:
            shown["key"] = field.id
        allowed = self._allowed(project, type_id, field)
        if allowed is not None:
            shown["allowedValues"] = allowed
        if field.kind is Kind.USER:
            shown["autoCompleteUrl"] = f"{self.api}/user/assignable/search?project={project.key}"
        return shown

    def _allowed(self, project: Project, type_id: str, field: Field) -> list[Json] | None:
        match field.kind:
            case Kind.PROJECT:
                return [self.project(project)]
            case Kind.TYPE:
                return [self.type(TYPES[type_id])]
            case Kind.PRIORITY:
                return [self.priority(each) for each in PRIORITIES.values()]
            case Kind.OPTION:
                return [self.option(each) for each in field.options]
            case _:
                return None

    def option(self, option: Option) -> Json:
        return {
            "self": f"{self.api}/customFieldOption/{option.id}",
            "value": option.value,
            "id": option.id,
        }
