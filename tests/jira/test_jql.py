"""What Jira is searched with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.jira import jql


@given(st.text())
def test_what_is_quoted_ends_where_it_should(text: str) -> None:
    """No text becomes a condition of its own."""
    said = jql.labelled(text).removeprefix('labels = "')
    inside = iter(said)
    for sign in inside:
        if sign == "\\":
            next(inside)
        elif sign == '"':
            break
    assert list(inside) == []


@given(st.text())
def test_what_somebody_types_is_words_alone(text: str) -> None:
    """Whatever it holds, the query has two texts or none."""
    query = jql.worded("10000", text)
    assert query.count('"') in {0, 4}
    assert "\\" not in query
    assert query.startswith("project = 10000 AND ")


@pytest.mark.parametrize("wrong", ["", "1 OR id = 2", "-1", "²", "ML", "1\n"])
def test_an_id_is_a_number(wrong: str) -> None:
    """All else could be a condition."""
    with pytest.raises(ValueError, match="numeric id"):
        jql.with_ids(["10002", wrong])
    with pytest.raises(ValueError, match="numeric id"):
        jql.worded(wrong, "")


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("ml-7", "ML-7"),
        ("OPS-007", "OPS-007"),
        ("7", "ML-7"),
        ("0", "ML-0"),
        ("", None),
        ("ML-", None),
        ("ML-7 x", None),
        ("\u0667", None),
        ("9" * 13, None),
    ],
)
def test_a_key_is_told_from_words(typed: str, key: str | None) -> None:
    """A number alone is one of the project's."""
    assert jql.key_meant(typed, "ML") == key
