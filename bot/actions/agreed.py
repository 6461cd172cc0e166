"""What an item and its issue last agreed on, as it is kept beside the item."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from pydantic import BaseModel, ConfigDict

from bot.actions.merge import Field, Values, category_of
from bot.core.states import ItemState
from bot.db.tables import ActionItem, JiraPerson
from bot.jira.model import Category


@dataclass(frozen=True)
class Here:
    """An item's fields that go both ways, in its own terms."""

    state: ItemState
    owner: int | None  # a person's id
    due: date | None

    def of_nobody(self) -> "Here":
        """The same before it had an owner."""
        return replace(self, owner=None)


def here(item: ActionItem) -> Here:
    """An item's fields as they are."""
    return Here(item.state, item.owner_id, item.due)


class Agreed(BaseModel):
    """What each side held when they last agreed.

    Both are kept, since one can't always say what the other does: Jira knows no dropped item and
    not everybody in Slack, and may refuse a date. A field has changed here only if it is no longer
    what it was here.
    """

    model_config = ConfigDict(frozen=True)

    here: Here
    there: Values
    link: str = ""  # the address that the link back leads to
    notes: Mapping[Field, str] = {}  # where Jira had its own way
    new: bool = False  # the issue has not been read yet since it was asked for
    # Whose issue Jira was asked to assign to nobody, as it refused them; not confirmed yet.
    nobody_for: int | None = None

    @property
    def note(self) -> str | None:
        """All of the notes, in one line."""
        return " ".join(self.notes[one] for one in Field if one in self.notes) or None

    def keep(self, item: ActionItem) -> None:
        """Write it down beside the item."""
        item.agreed = self.model_dump(mode="json")
        item.note = self.note


def agreed(item: ActionItem) -> Agreed:
    """What is agreed on; of an issue that nothing is known of, that it is to be done."""
    if item.agreed is None:
        nothing = Here(ItemState.OPEN, None, None)
        return Agreed(here=nothing, there=Values(Category.TODO, None, None))
    return Agreed.model_validate(item.agreed)


def ours(now: Here, last: Agreed, owner: JiraPerson | None) -> Values:
    """An item's fields in Jira's terms; `owner` is None while nobody has looked for them there."""
    unchanged = now.owner == last.here.owner or (now.owner is not None and owner is None)
    account = owner.account if owner is not None else None
    return Values(
        category=last.there.category if now.state == last.here.state else category_of(now.state),
        assignee=last.there.assignee if unchanged else account,
        due=last.there.due if now.due == last.here.due else now.due,
    )
