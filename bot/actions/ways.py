"""Which way leads an issue to where its item went. Pure."""

import re
from collections.abc import Sequence

from bot.jira.model import Category, Transition

# What teams call the status of what won't be done, or the way there.
_DECLINED = re.compile(
    r"won.?t|declin|reject|cancel|drop|discard|invalid|duplicate|abandon", re.IGNORECASE
)


def choose(ways: Sequence[Transition], wanted: Category, *, dropped: bool) -> Transition | None:
    """The way to a category: rather one that asks for nothing, and that fits why it is done with.

    None where no way leads there.
    """
    there = [one for one in ways if one.to is wanted]
    return min(
        there, key=lambda one: (bool(one.needs), _declines(one) is not dropped), default=None
    )


def _declines(way: Transition) -> bool:
    return _DECLINED.search(f"{way.name} {way.to_status}") is not None
