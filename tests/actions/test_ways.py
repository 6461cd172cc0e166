"""Which way leads an issue to where its item went."""

import pytest

from bot.actions.ways import choose
from bot.jira.model import Category, Transition

START = Transition("1", "Start work", Category.IN_PROGRESS, "In Progress")
DONE = Transition("2", "Done", Category.DONE, "Done")
WONT = Transition("3", "Won't do", Category.DONE, "Won't Do")
CANCEL = Transition("4", "Stop", Category.DONE, "Cancelled")
ASKS = Transition("5", "Close", Category.DONE, "Closed", needs=("Resolution",))


@pytest.mark.parametrize(
    ("ways", "wanted", "dropped", "chosen"),
    [
        ([START, DONE], Category.IN_PROGRESS, False, START),
        ([START, DONE], Category.TODO, False, None),
        ([], Category.DONE, False, None),
        ([WONT, DONE], Category.DONE, False, DONE),
        ([DONE, WONT], Category.DONE, True, WONT),
        ([DONE, CANCEL], Category.DONE, True, CANCEL),
        ([WONT], Category.DONE, False, WONT),
        ([DONE], Category.DONE, True, DONE),
        ([ASKS, DONE], Category.DONE, False, DONE),
        ([ASKS], Category.DONE, False, ASKS),
    ],
)
def test_the_way_that_fits_best_is_taken(
    ways: list[Transition], wanted: Category, *, dropped: bool, chosen: Transition | None
) -> None:
    """One that asks for nothing, and for what was dropped one that says so."""
    assert choose(ways, wanted, dropped=dropped) is chosen
