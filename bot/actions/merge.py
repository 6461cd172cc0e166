"""Merging an action item with its Jira issue, field by field. Pure.

Each field is held against what both sides last agreed on. Changed on one side, it follows; changed
on both, Jira's stands, since there it is seen by people who may know nothing of Slack.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any, assert_never

from bot.core.states import ItemState
from bot.jira.model import Category


def category_of(state: ItemState) -> Category:
    """What an item's state is in Jira: whatever is dropped is done with."""
    match state:
        case ItemState.OPEN:
            return Category.TODO
        case ItemState.IN_PROGRESS:
            return Category.IN_PROGRESS
        case ItemState.DONE | ItemState.DROPPED:
            return Category.DONE
        case _:
            assert_never(state)


def state_of(category: Category) -> ItemState:
    """What a category that Jira came to is in Slack: nobody there drops an item."""
    match category:
        case Category.TODO:
            return ItemState.OPEN
        case Category.IN_PROGRESS:
            return ItemState.IN_PROGRESS
        case Category.DONE:
            return ItemState.DONE
        case _:
            assert_never(category)


class Field(StrEnum):
    """What goes both ways."""

    CATEGORY = "category"
    ASSIGNEE = "assignee"
    DUE = "due"


@dataclass(frozen=True)
class Values:
    """One side's fields."""

    category: Category
    assignee: str | None  # a Jira account
    due: date | None

    def of(self, field: Field) -> Any:
        return getattr(self, field.value)

    def taking(self, others: "Values", which: frozenset[Field]) -> "Values":
        """These, with some of the `others`."""
        return replace(self, **{one.value: others.of(one) for one in which})


class Verdict(StrEnum):
    """What becomes of a field."""

    SAME = "same"
    FOLLOW = "follow"  # Jira's is new
    SEND = "send"  # ours is new
    JIRA_WINS = "jira wins"  # both are new


def decide(agreed: object, ours: object, theirs: object) -> Verdict:
    """What becomes of one field."""
    if ours == theirs:
        return Verdict.SAME
    if ours == agreed:
        return Verdict.FOLLOW
    return Verdict.SEND if theirs == agreed else Verdict.JIRA_WINS


@dataclass(frozen=True)
class Merged:
    """What is to be done, and what is agreed on before any of it is sent."""

    verdicts: Mapping[Field, Verdict]
    agreed: Values  # of a field that is to be sent, still what it was: Jira has not confirmed it

    def which(self, *verdicts: Verdict) -> frozenset[Field]:
        """The fields that came to one of these."""
        return frozenset(one for one, verdict in self.verdicts.items() if verdict in verdicts)

    @property
    def taken(self) -> frozenset[Field]:
        """The fields in which the item becomes what the issue is."""
        return self.which(Verdict.FOLLOW, Verdict.JIRA_WINS)

    @property
    def sent(self) -> frozenset[Field]:
        """The fields in which the issue is to become what the item is."""
        return self.which(Verdict.SEND)


def merge(agreed: Values, ours: Values, theirs: Values) -> Merged:
    """Hold both sides against what was last agreed on."""
    verdicts = dict(_verdicts(agreed, ours, theirs))
    sent = frozenset(one for one, verdict in verdicts.items() if verdict is Verdict.SEND)
    return Merged(verdicts, theirs.taking(agreed, sent))


def _verdicts(agreed: Values, ours: Values, theirs: Values) -> Iterator[tuple[Field, Verdict]]:
    for one in fields(Values):
        field = Field(one.name)
        yield field, decide(agreed.of(field), ours.of(field), theirs.of(field))
