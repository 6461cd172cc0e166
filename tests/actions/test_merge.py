"""Merging an item with its issue: nothing changed on one side is lost, and both come to agree."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.actions.merge import (
    Field,
    Values,
    Verdict,
    category_of,
    decide,
    merge,
    state_of,
)
from bot.core.states import ItemState
from bot.jira.model import Category

DUES = [None, date(2026, 4, 1), date(2026, 4, 2)]
values = st.builds(
    Values,
    category=st.sampled_from(Category),
    assignee=st.sampled_from([None, "mei", "arjun"]),
    due=st.sampled_from(DUES),
)


@pytest.mark.parametrize(
    ("agreed", "ours", "theirs", "verdict"),
    [
        (1, 1, 1, Verdict.SAME),
        (1, 2, 2, Verdict.SAME),
        (1, 1, 2, Verdict.FOLLOW),
        (1, 2, 1, Verdict.SEND),
        (1, 2, 3, Verdict.JIRA_WINS),
    ],
)
def test_each_field_comes_to_one_of_four(
    agreed: int, ours: int, theirs: int, verdict: Verdict
) -> None:
    """By who changed it since both agreed."""
    assert decide(agreed, ours, theirs) is verdict


@given(agreed=values, ours=values, theirs=values)
def test_what_one_side_changed_is_what_both_come_to(
    agreed: Values, ours: Values, theirs: Values
) -> None:
    """Whichever side it was; where both changed it, it is Jira's."""
    merged = merge(agreed, ours, theirs)
    item = ours.taking(theirs, merged.taken)
    issue = theirs.taking(ours, merged.sent)
    assert item == issue
    for field in Field:
        changed_here, changed_there = (
            side.of(field) != agreed.of(field) for side in (ours, theirs)
        )
        expected = ours if changed_here and not changed_there else theirs
        assert item.of(field) == expected.of(field)


@given(agreed=values, ours=values, theirs=values)
def test_only_what_differs_is_sent(agreed: Values, ours: Values, theirs: Values) -> None:
    """And only what Jira is known to hold is agreed on."""
    merged = merge(agreed, ours, theirs)
    assert all(ours.of(one) != theirs.of(one) for one in merged.sent)
    for field in Field:
        held = agreed if field in merged.sent else theirs
        assert merged.agreed.of(field) == held.of(field)


edits = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["item", "issue"]), values),
        st.tuples(st.sampled_from(["merge", "lost", "unheard"]), st.none()),
    ),
    max_size=20,
)


@given(start=values, steps=edits)
def test_any_history_ends_in_agreement(start: Values, steps: list[tuple[str, Any]]) -> None:
    """Edits on either side, merges whose sending was lost or whose reply was: once all is quiet,
    two merges leave both sides the same and nothing more to send.
    """
    agreed = item = issue = start
    for step, new in [*steps, ("merge", None), ("merge", None)]:
        if step == "item":
            item = new
        elif step == "issue":
            issue = new
        else:
            merged = merge(agreed, item, issue)
            item, agreed = item.taking(issue, merged.taken), merged.agreed
            if step != "lost":
                issue = issue.taking(item, merged.sent)
            if step == "merge":
                agreed = agreed.taking(item, merged.sent)
    assert agreed == item == issue


@given(start=values, here=values)
def test_an_unconfirmed_change_is_sent_again_or_found_there(start: Values, here: Values) -> None:
    """Its reply was lost: whether or not it took effect, the change made here stands in the end."""
    for arrived in (True, False):
        merged = merge(start, here, start)
        issue = start.taking(here, merged.sent) if arrived else start
        again = merge(merged.agreed, here, issue)
        assert not again.taken
        assert issue.taking(here, again.sent) == here


def test_states_and_categories_agree() -> None:
    """What comes back from Jira is the state that was sent, but for what was dropped."""
    there_and_back = {one: state_of(category_of(one)) for one in ItemState}
    assert there_and_back.pop(ItemState.DROPPED) is ItemState.DONE
    assert all(before is after for before, after in there_and_back.items())
