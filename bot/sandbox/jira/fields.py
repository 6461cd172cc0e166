"""What a caller gives for an issue's fields, read as Jira reads it or refused as it refuses."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.sandbox.jira import adf
from bot.sandbox.jira.errors import FieldError, JiraError
from bot.sandbox.jira.schemes import FIELDS, PRIORITIES, Field, Kind
from bot.sandbox.jira.world import Account, JiraWorld, Project
from bot.sandbox.world import Json

SUMMARY_LENGTH = 255
TEXT_LENGTH = 32_767
LABEL_LENGTH = 255
NOT_HERE = "Field '{}' cannot be set. It is not on the appropriate screen, or unknown."
NOT_A_STRING = "Operation value must be a string"
AUTOMATIC = "-1"


@dataclass(frozen=True)
class Reading:
    """For whom values are read, for which project, and by which version of the API."""

    world: JiraWorld
    viewer: Account | None
    project: Project
    type: str
    version: str

    def values(self, given: Json, *, creating: bool) -> dict[str, Any]:
        """The values by field, as they are stored; raises JiraError with all that is wrong."""
        screen = self.project.screen(self.type)
        good: dict[str, Any] = {}
        wrong: dict[str, str] = {}
        for name, value in given.items():
            if name not in screen or not self._may_set(name, creating=creating):
                wrong[name] = NOT_HERE.format(name)
                continue
            try:
                good[name] = self.read(FIELDS[name], value)
            except FieldError as error:
                wrong[name] = str(error)
        wrong |= self._left_out(screen, good, given, creating=creating)
        if wrong:
            raise JiraError(400, errors=wrong)
        return good

    def _may_set(self, name: str, *, creating: bool) -> bool:
        if name in ("project", "issuetype", "parent"):
            return creating
        right = {"assignee": "ASSIGN_ISSUES", "duedate": "SCHEDULE_ISSUES"}.get(name)
        return right is None or self.world.may(self.viewer, self.project, right)

    def _left_out(
        self, screen: dict[str, bool], good: dict[str, Any], given: Json, *, creating: bool
    ) -> dict[str, str]:
        """What is a must and missing, or to be emptied."""
        return {
            name: _required(FIELDS[name])
            for name, must in screen.items()
            if must and name not in ("project", "issuetype")
            if (name in good and good[name] in (None, "", [])) or (creating and name not in given)
        }

    def read(self, field: Field, value: Any) -> Any:
        """One value as it is stored; raises FieldError."""
        return READERS[field.kind](self, field, value)


def _required(field: Field) -> str:
    if field.id == "summary":
        return "You must specify a summary of the issue."
    if field.id == "parent":
        return "Issue type is a sub-task but parent issue key or id not specified."
    return f"{field.name} is required."


def _text(reading: Reading, field: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise FieldError(NOT_A_STRING)
    if "\n" in value or "\r" in value:
        raise FieldError(f"The {field.id} is invalid because it contains newline characters.")
    text = value.strip()
    if len(text) > SUMMARY_LENGTH:
        cloud = f"{field.name} can't exceed {SUMMARY_LENGTH} characters."
        server = f"{field.name} must be less than {SUMMARY_LENGTH} characters."
        raise FieldError(cloud if reading.world.is_cloud else server)
    return text


def _document(reading: Reading, field: Field, value: Any) -> Json | None:
    """The text in wiki markup, and the document where one was given."""
    if value in (None, ""):
        return None
    if reading.version == "3":
        return _rich(value)
    if not isinstance(value, str):
        raise FieldError(NOT_A_STRING)
    return _fitting(value, None)


def _rich(value: Any) -> Json:
    if not adf.is_document(value):
        raise FieldError(
            "Operation value must be an Atlassian Document (see the Atlassian Document Format)"
        )
    if not adf.is_sound(value):
        raise JiraError(400, "INVALID_INPUT")
    return _fitting(adf.to_text(value), value)


def _fitting(text: str, document: Json | None) -> Json:
    if len(text) > TEXT_LENGTH:
        raise FieldError(
            f"The entered text is too long. It exceeds the allowed limit of {TEXT_LENGTH:,} "
            "characters."
        )
    return {"wiki": text, "adf": document}


def _user(reading: Reading, field: Field, value: Any) -> str | None:
    ref = _user_ref(reading, value)
    if ref == AUTOMATIC:
        return reading.project.default_assignee
    if ref is None:
        return None
    world = reading.world
    account = next((each for each in world.accounts.values() if _is(each, ref, world)), None)
    if account is None:
        gone = (
            f"Account ID {ref} does not exist."
            if world.is_cloud
            else f"User '{ref}' does not exist."
        )
        raise FieldError(gone)
    if field.id == "assignee" and not world.assignable(account, reading.project):
        raise FieldError(f"User '{ref}' cannot be assigned issues.")
    return account.id


def _is(account: Account, ref: str | None, world: JiraWorld) -> bool:
    return ref == (account.id if world.is_cloud else account.name)


def _user_ref(reading: Reading, value: Any) -> str | None:
    if value is None:
        return None
    if not reading.world.is_cloud:
        if not isinstance(value, dict) or not isinstance(value.get("name", 0), str | None):
            raise FieldError("expected Object containing a 'name' property")
        return value["name"] or None
    if not isinstance(value, dict):
        raise FieldError("data was not an object")
    if {"name", "key", "emailAddress"} & value.keys() or not {"accountId", "id"} & value.keys():
        raise FieldError(
            "'accountId' must be the only user identifying query parameter in GDPR strict mode."
        )
    ref = value.get("accountId", value.get("id"))
    if ref is not None and not isinstance(ref, str):
        raise FieldError(NOT_A_STRING)
    return ref


def _date(reading: Reading, field: Field, value: Any) -> str | None:
    if value in (None, ""):
        return None
    if not isinstance(value, str):
        raise FieldError(NOT_A_STRING)
    try:
        # Only the long form: Python would also take 20260330 and 2026-W14-1.
        if len(value) != len("2026-03-30"):
            raise ValueError
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise FieldError(f"Error parsing date string: {value}") from None


def _labels(reading: Reading, field: Field, value: Any) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise FieldError("data was not an array")
    for label in value:
        _check_label(reading, label)
    return list(dict.fromkeys(value))


def _check_label(reading: Reading, label: Any) -> None:
    if not isinstance(label, str) or not label:
        raise FieldError("string expected at index 0")
    if any(each.isspace() for each in label):
        cloud = f"The label '{label}' can't contain spaces."
        server = f"The label '{label}' contains spaces which is invalid."
        raise FieldError(cloud if reading.world.is_cloud else server)
    if len(label) > LABEL_LENGTH:
        raise FieldError(f"The label '{label}' exceeds the maximum length of {LABEL_LENGTH}.")


def _priority(reading: Reading, field: Field, value: Any) -> str:
    if not isinstance(value, dict):
        raise FieldError("Specify the Priority (id or name) as an object")
    for each in PRIORITIES.values():
        if value.get("id") == each.id or ("id" not in value and value.get("name") == each.name):
            return each.id
    raise FieldError("Priority name '{}' is not valid".format(value.get("name", value.get("id"))))


def _option(reading: Reading, field: Field, value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, dict) or not {"id", "value"} & value.keys():
        raise FieldError("Could not find valid 'id' or 'value' in the Parent Option object.")
    for each in field.options:
        if value.get("id") == each.id or ("id" not in value and value["value"] == each.value):
            return each.id
    if "id" in value:
        raise FieldError(f"Option id '{value['id']}' is not valid")
    raise FieldError(f"Option value '{value['value']}' is not valid")


def _number(reading: Reading, field: Field, value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise FieldError("Operation value must be a number")
    return float(value)


def _parent(reading: Reading, field: Field, value: Any) -> str:
    ref = (value.get("key") or value.get("id")) if isinstance(value, dict) else None
    parent = reading.world.find(str(ref)) if ref else None
    if parent is None or parent.project != reading.project.id:
        raise FieldError("Could not find issue by id or key.")
    return parent.id


def _settled(reading: Reading, field: Field, value: Any) -> Any:
    """Project and type, which were read first of all."""
    return reading.project.id if field.kind is Kind.PROJECT else reading.type


READERS: dict[Kind, Callable[[Reading, Field, Any], Any]] = {
    Kind.TEXT: _text,
    Kind.DOCUMENT: _document,
    Kind.USER: _user,
    Kind.DATE: _date,
    Kind.LABELS: _labels,
    Kind.PRIORITY: _priority,
    Kind.OPTION: _option,
    Kind.NUMBER: _number,
    Kind.PARENT: _parent,
    Kind.PROJECT: _settled,
    Kind.TYPE: _settled,
}
