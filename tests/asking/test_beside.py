"""What other slices put on cards and Homes: as much as there is room for; the rest is counted."""

import json

import pytest

from bot.asking import home_views, views
from bot.asking.home_views import HomeShown
from bot.asking.items import Item
from bot.asking.views import CardShown, Trouble
from bot.core.content import MESSAGE_BLOCKS, Beside, Block, Message
from bot.core.states import Outcome, PromptState
from bot.sandbox.blocks import check_message, check_view
from bot.slack import blocks
from tests.asking.world import day, utc

MONDAY = day("2026-03-30")
ANSWERS = {"standup": "standup.answer"}
HEAD = blocks.section("*Action items*")


def beside(lines: int, *, summary: str = "", more: int = 0, text: str = "Line") -> Beside:
    made = tuple(blocks.section(f"{text} {number}") for number in range(lines))
    return Beside(HEAD, made, more, summary)


def item(number: int) -> Item:
    at = utc("2026-03-30T07:30")
    return Item(
        number, "standup", "T" * 200, "C1", PromptState.ASKED, True, MONDAY, at, at, False, at
    )


def card(*others: Beside, items: int = 0, troubles: int = 0, standing: bool = False) -> Message:
    trouble = Trouble(1, "T" * 200, "C1", MONDAY, Outcome.PARKED, "x" * 300)
    made = views.card(
        CardShown(
            "Ana",
            1,
            continued=False,
            standing=standing,
            items=tuple(map(item, range(items))),
            troubles=(trouble,) * troubles,
            beside=others,
        ),
        ANSWERS,
    )
    assert made is not None
    check_message(json.loads(json.dumps(made.blocks)))
    return made


def lines(made: Message) -> int:
    return sum(str(one).count("'Line ") for one in made.blocks)


@pytest.mark.parametrize("number", [0, 1, 47, 48, 49, 50, 51, 200])
def test_any_number_of_lines(number: int) -> None:
    """As many as a message holds; of the others it is said how many there are."""
    made = card(beside(number, summary="Due"))
    shown = lines(made)
    assert shown == (number if number < MESSAGE_BLOCKS else MESSAGE_BLOCKS - 2)
    assert (f"… and {number - shown} more." in str(made.blocks)) == (shown < number)


@pytest.mark.parametrize("items", [0, 8, 16, 40])
@pytest.mark.parametrize("troubles", [0, 1, 30])
@pytest.mark.parametrize("text", ["Line", "&" * 2900])
def test_beside_any_number_of_questions(items: int, troubles: int, text: str) -> None:
    """What one is asked stands in any case, and Slack takes all of it."""
    both = beside(30, summary="Due", text=text), beside(30, text=text)
    made = card(*both, items=items, troubles=troubles)
    asked = str(made.blocks).count("'Answer'")
    assert asked == min(items, 16)
    if items < 16:
        assert "*Action items*" in str(made.blocks)


def test_what_has_no_line_of_its_own_is_counted() -> None:
    assert "… and 5 more." in str(card(beside(2, summary="Due", more=5)).blocks)


def test_a_reason_for_a_card_or_none() -> None:
    """One that only counts what there is sends nobody a message; on one that stands it is shown."""
    quiet = CardShown("Ana", 1, continued=False, standing=False, beside=(beside(0),))
    assert views.card(quiet, ANSWERS) is None
    assert card(beside(1, summary="An item <is> due")).text == "An item &lt;is&gt; due"
    assert card(beside(0), standing=True).text == "Nothing waits for you."
    assert card(beside(1, summary="Due"), items=1).text.endswith("Open until 07:30.")


@pytest.mark.parametrize("number", [0, 1, 9, 10, 11, 12, 100])
def test_home_gives_each_slice_twelve_blocks(number: int) -> None:
    """Its buttons stand beside Home's own."""
    shown = HomeShown(
        waiting=tuple(map(item, range(60))), beside=(beside(number),) if number else ()
    )
    made = home_views.home(shown, ANSWERS, {}, {"actions.list": "Action items"})
    check_view({"type": "home", "blocks": json.loads(json.dumps(made.blocks))}, "home")
    drawn: list[Block] = [one for one in made.blocks if "'Line " in str(one)]
    assert len(drawn) == (number if number < 12 else 10)
    assert (f"… and {number - 10} more." in str(made.blocks)) == (number >= 12)
    labels = [one["text"]["text"] for one in made.blocks[-1]["elements"]]
    assert labels[0] == "Action items"
