"""A change's lines, as an issue's history and its webhooks tell them."""

from typing import Any

from bot.sandbox.jira.schemes import FIELDS, PRIORITIES, STATUSES, Field, Kind
from bot.sandbox.jira.world import JiraWorld
from bot.sandbox.world import Json


def item(world: JiraWorld, name: str, before: Any, after: Any) -> Json:
    """A field's old and new value, as ids where it has some and as words."""
    field = FIELDS[name]
    (old, old_words), (new, new_words) = (_told(world, field, each) for each in (before, after))
    said = field.name if field.custom_id else name
    shown = bare(said, old, old_words, new, new_words) | {"fieldId": name}
    return shown | {"fieldtype": "custom" if field.custom_id else "jira"}


def bare(
    name: str, old: str | None, old_words: str | None, new: str | None, new_words: str | None
) -> Json:
    return {
        "field": name,
        "fieldtype": "jira",
        "fieldId": name.lower(),
        "from": old,
        "fromString": old_words,
        "to": new,
        "toString": new_words,
    }


def status_item(before: str, after: str) -> Json:
    return bare("status", before, STATUSES[before].name, after, STATUSES[after].name)


def resolution_item(*, resolved: bool) -> Json:
    done: tuple[str | None, str | None] = ("10000", "Done")
    nothing: tuple[str | None, str | None] = (None, None)
    old, new = (nothing, done) if resolved else (done, nothing)
    return bare("resolution", *old, *new)


def _told(world: JiraWorld, field: Field, value: Any) -> tuple[str | None, str | None]:
    if value in (None, "", []):
        return None, None
    match field.kind:
        case Kind.USER:
            account = world.accounts[value]
            return (account.id if world.is_cloud else account.key), account.display_name
        case Kind.PRIORITY:
            return value, PRIORITIES[value].name
        case Kind.OPTION:
            return value, next(each.value for each in field.options if each.id == value)
        case Kind.DATE:
            return value, f"{value} 00:00:00.0"
        case Kind.LABELS:
            return None, " ".join(value)
        case Kind.DOCUMENT:
            return None, str(value["wiki"])
        case _:
            return None, str(value)
