"""Tables for spreadsheets: no formula in them, whatever people wrote and whatever parts cells."""

import csv
import io
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.spreadsheet import cell, table

SEPARATORS = (",", ";", "\t", "|")
PARTS = (*"=+-@＝＋－＠", *SEPARATORS, '"', "'", " ", "\n", "\r", "\xa0", "1", "é", "\0")  # noqa: RUF001
texts = st.lists(st.sampled_from(PARTS), max_size=12).map("".join) | st.text(max_size=60)


def looks(text: str) -> bool:
    """Whether a spreadsheet may take a cell for a formula."""
    return re.match(r'[\s"]*[=+\-@＝＋－＠]', text) is not None  # noqa: RUF001


@given(st.lists(texts, min_size=1, max_size=4))
@example(["x;=1+1", "=1"])
@example(['x;"=1+1'])
@example(["a\n=1"])
def test_no_formula(row: list[str]) -> None:
    """Read with any of the separators, quotes heeded or not, no cell begins one."""
    made = table([row, row]).decode("utf-8-sig")
    for separator in SEPARATORS:
        heeded = csv.reader(io.StringIO(made, newline=""), delimiter=separator)
        assert not [one for cells in heeded for one in cells if looks(one)]
        raw = re.split("[\r\n;\t|]", made)
        assert not [one for one in raw if looks(one.replace('"', ""))]


@given(texts)
def test_nothing_is_lost(text: str) -> None:
    """But for apostrophes, a cell says what somebody wrote."""
    (row,) = csv.reader(io.StringIO(table([[text]]).decode("utf-8-sig"), newline=""))
    assert row == [cell(text)]
    assert len(row[0].replace("'", "")) <= len(text)
    if text.isalnum():
        assert row == [text]


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("=1+1", "'=1+1"),
        (" =1", " '=1"),
        ("\t=1", "'\t'=1"),
        ("\rx", "'\nx"),
        ("x;=1+1", "x;'=1+1"),
        ('x; "@SUM(A1)', "x; \"'@SUM(A1)"),
        ("x\t+1", "x\t'+1"),
        ("why\n- once\n- twice", "why\n'- once\n'- twice"),
        ("a - b = c, -5 %; so?", "a - b = c, -5 %; so?"),
        ("＝1", "'＝1"),  # noqa: RUF001
        ("", ""),
    ],
)
def test_cells(text: str, made: str) -> None:
    """An apostrophe where a cell could begin with a formula, and nowhere else."""
    assert cell(text) == made
