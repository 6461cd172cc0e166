"""What Jira said when a ticket stopped, as it is kept with its mirror."""

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.jira.errors import FieldsMissing, JiraRefused
from bot.jira.model import Issue


class One(BaseModel):
    """An issue by its ids."""

    model_config = ConfigDict(frozen=True)

    id: str
    key: str


class Detail(BaseModel):
    """Why a ticket stopped, in Jira's own words, and what is needed to mend it."""

    model_config = ConfigDict(frozen=True)

    words: str = ""
    missing: Mapping[str, str] = {}  # fields that Jira wants, with its words, by id
    unseen: bool = False  # the whole project is out of sight
    several: tuple[One, ...] = ()  # issues that all carry the ticket's label

    def __str__(self) -> str:
        return self.model_dump_json(exclude_defaults=True)


def refusal(error: JiraRefused) -> Detail:
    """What Jira refused."""
    missing = {}
    if isinstance(error, FieldsMissing):
        missing = {one: error.fields.get(one, "") for one in sorted(error.missing)}
    return Detail(words=error.words or str(error), missing=missing)


def several(found: Sequence[Issue]) -> Detail:
    """More than one issue carries the label, oldest first."""
    oldest = sorted(found, key=lambda one: int(one.id))
    return Detail(several=tuple(One(id=one.id, key=one.key) for one in oldest))


def read(kept: str | None) -> Detail:
    """What was kept; of anything else, its words."""
    try:
        return Detail.model_validate_json(kept or "{}")
    except ValidationError:
        return Detail(words=kept or "")
