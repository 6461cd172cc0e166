"""Blockers of which an action item was made: wherever they are shown, it is; and where none was.

A button or a menu offers to make one.
"""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.actions.model import ItemShown
from bot.actions.views.words import ACT_ON, FROM_BLOCKER
from bot.core.states import ItemState
from bot.rituals.standup.model import Back, BlockedBack
from bot.rituals.standup.questions import AI_ML
from bot.rituals.standup.views import answer, channel
from bot.rituals.standup.views.blocked import BlockerShown
from bot.rituals.standup.views.channel import RunShown
from bot.rituals.standup.views.lines import Line
from bot.rituals.standup.views.read_all import AllAnswers, read_all_modal
from bot.rituals.standup.views.unblock import Asked, AskedOf, unblock_message
from tests.asking.world import utc
from tests.rituals.standup.drawn import HOSTILE, LONG, checked, checked_modal, objects, words

MONDAY, FRIDAY = date(2026, 3, 30), date(2026, 4, 3)
ITEM = ItemShown(7, "Ask for quota", ItemState.OPEN, MONDAY, owner="Lena", due=FRIDAY)
DONE = ItemShown(7, "Ask for quota", ItemState.DONE, MONDAY, owner="Lena", due=FRIDAY)


def blocker(number: int = 1, item: ItemShown | None = None, **more: Any) -> BlockerShown:
    usual: dict[str, Any] = {"owner": "Bo", "text": f"GPU quota {number}", "raised_on": MONDAY}
    return BlockerShown(**usual | more, id=number, item=item)


def run(*blockers: BlockerShown, **more: Any) -> RunShown:
    usual: dict[str, Any] = {"closed": False, "lines": (Line("Ana", ((AI_ML[0], "Much"),)),)}
    return RunShown(
        run_id=3,
        title="Stand-up",
        date=MONDAY,
        closes_at=utc("2026-03-30T15:30"),
        blockers=blockers,
        **usual | more,
    )


def elements(value: RunShown) -> list[dict[str, Any]]:
    """The elements of the row of buttons, within Slack's limits."""
    rows = [one for one in json.loads(checked(channel.run_message(value)))
            if one["type"] == "actions"]  # fmt: skip
    return [element for row in rows for element in row["elements"]]


def read(value: RunShown) -> list[str]:
    return words(json.loads(checked(channel.run_message(value)))).splitlines()


# --- in the channel


def test_its_line_says_who_does_it_and_that_it_is_done() -> None:
    assert "Bo: GPU quota 1 → Lena, by Fri 3 April" in read(run(blocker(item=ITEM)))
    assert "Bo: GPU quota 1 → Lena, by Fri 3 April ✓ done" in read(run(blocker(item=DONE)))


def test_who_could_help_is_said_where_nobody_does_anything_about_it() -> None:
    """Two names behind one another would leave open who is meant."""
    helped: dict[str, Any] = {"unblocker": "Sam"}
    assert "Bo: GPU quota 1 — can unblock: Sam" in read(run(blocker(**helped)))
    assert "Bo: GPU quota 1 → Lena, by Fri 3 April" in read(run(blocker(item=ITEM, **helped)))
    dropped = replace(ITEM, state=ItemState.DROPPED, reason="No budget")
    line = "Bo: GPU quota 1 → Lena, by Fri 3 April · dropped: No budget — can unblock: Sam"
    assert line in read(run(blocker(item=dropped, **helped)))


def test_one_menu_for_all_that_are_open() -> None:
    """Beside Read all; what is done about one is marked, what is resolved is no longer there."""
    open_ones = (blocker(1), blocker(2, ITEM), blocker(3, DONE))
    button, menu = elements(run(*open_ones, blocker(4, resolved=True)))
    assert button["text"]["text"] == "Read all"
    assert menu["action_id"] == ACT_ON
    assert [(one["value"], one["text"]["text"]) for one in menu["options"]] == [
        ("1 3", "Bo: GPU quota 1"),
        ("2 3", "→ Bo: GPU quota 2"),
        ("3 3", "Bo: GPU quota 3"),
    ]


@pytest.mark.parametrize("number", [1, 19, 20, 21, 200])
@pytest.mark.parametrize("text", [HOSTILE, LONG])
def test_any_number_of_blockers(number: int, text: str) -> None:
    """Twenty can be chosen in the channel, the others in Read all."""
    value = run(*(blocker(one, ITEM, text=text, owner=text) for one in range(1, number + 1)))
    assert len(elements(value)[1]["options"]) == min(number, 20)


@pytest.mark.parametrize("how", ["hidden", "replies"])
def test_where_there_is_no_read_all_the_menu_stands_alone(how: str) -> None:
    """Blockers are shown at once in any case."""
    assert [one["type"] for one in elements(run(blocker(), **{how: True}))] == ["static_select"]


def test_nothing_to_act_on_no_menu() -> None:
    assert [one["type"] for one in elements(run())] == ["button"]
    assert [one["type"] for one in elements(run(blocker(resolved=True)))] == ["button"]
    assert elements(run(blocker(), deleted=True)) == []


# --- in Read all


def test_a_button_beside_each_that_is_open() -> None:
    found = AllAnswers(
        3, "Stand-up", MONDAY, (), (blocker(1), blocker(2, ITEM), blocker(4, resolved=True))
    )
    view = read_all_modal(found)
    checked_modal(view)
    assert [
        (one["text"]["text"], one["value"])
        for one in objects(view["blocks"])
        if one.get("action_id") == FROM_BLOCKER
    ] == [("Make an action item", "1 3"), ("Its action item …", "2 3")]


@pytest.mark.parametrize("number", [44, 45, 46, 200])
def test_any_number_of_them_page_by_page(number: int) -> None:
    """Each of them once, with its button on the same page or the next."""
    found = AllAnswers(3, "Stand-up", MONDAY, (), tuple(map(blocker, range(1, number + 1))))
    values: list[str] = []
    for page in range(6):
        view = read_all_modal(found, page)
        checked_modal(view)
        values += [
            one["value"]
            for one in objects(view["blocks"])
            if one.get("action_id") == FROM_BLOCKER and one["value"] not in values
        ]
    assert values == [f"{one} 3" for one in range(1, number + 1)]


# --- to whoever can unblock, and back to its owner


@pytest.mark.parametrize(
    ("item", "label"),
    [(None, "Make an action item"), (ITEM, "Its action item …"), (DONE, "Make an action item")],
)
def test_whoever_can_unblock_can_make_one(item: ItemShown | None, label: str) -> None:
    asked = Asked(1, "Bo", "GPU quota", MONDAY, "C1", AskedOf.OPEN, item=item)
    made = unblock_message(asked)
    text = words(json.loads(checked(made)))
    assert label in text
    assert ("→ Lena" in text) == (item is not None)


def test_its_owner_is_told_when_asked_about_it() -> None:
    """Below the choice between still blocked and resolved."""
    back = Back(
        blocked=(BlockedBack(1, "GPU quota", MONDAY - timedelta(days=3), "Sam", item=ITEM),)
    )
    view = answer.answer_modal(1, MONDAY, "C1", AI_ML, {}, back)
    (hint,) = [one["hint"]["text"] for one in view["blocks"] if "1" in one.get("block_id", "")]
    assert hint == "Sam can unblock it. Action item → Lena, by Fri 3 April."
