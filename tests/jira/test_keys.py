"""Keys of issues in what people write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.jira.keys import keys


def found(text: str) -> list[str]:
    return [one.key for one in keys(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ML-123", ["ML-123"]),
        ("Done: ML-123, OPS-7.", ["ML-123", "OPS-7"]),
        (
            "(ML-1) [ML-2] \"ML-3\" 'ML-4' *ML-5* ML-6/ML-7!",
            ["ML-1", "ML-2", "ML-3", "ML-4", "ML-5"],
        ),
        ("ML-1:ok ML-2; ML-3…ML-4—ML-5", ["ML-2", "ML-3", "ML-4", "ML-5"]),
        ("ML-1: read\nML-2", ["ML-1", "ML-2"]),
        ("R2D2-9 A_B-3", ["R2D2-9", "A_B-3"]),
        ("次はML-12を見て", ["ML-12"]),
    ],
)
def test_keys_are_found_between_words(text: str, expected: list[str]) -> None:
    """Signs around them are no part of them."""
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "ml-123",
        "M-123",
        "ML-0",
        "ML-012",
        "ML-",
        "ML 123",
        "XML-123x",
        "aML-123",
        "ÜML-123",
        "ML-123я",
        "ML-123-4",
        "v1.ML-123",
        "ML-1.5",
        "data/ML-123",
        "ML-123/data",
        "C:\\ML-123",
        "ML-123@aurora.example",
        "#ML-123",
        "2ML-123",
        "ABCDEFGHIJK-1",
        "ML-1234567890",
        "https://aurora.atlassian.net/browse/ML-123",
        "https://a.example/?q=(ML-123)",
        "see https://a.example/x,ML-123",
        "www.a.example/,ML-123",
        "slack://ML-123",
    ],
)
def test_parts_of_something_else_are_no_keys(text: str) -> None:
    """Words, paths, addresses, versions, longer numbers."""
    assert found(text) == []


def test_a_key_after_an_address_is_one() -> None:
    """An address ends where white space is."""
    assert found("https://a.example/x ML-1") == ["ML-1"]


def test_only_those_of_known_projects_are_keys_where_they_are_known() -> None:
    """A UTF-8 looks like one too."""
    text = "ML-1 reads UTF-8 with GPT-4"
    assert found(text) == ["ML-1", "UTF-8", "GPT-4"]
    assert [one.key for one in keys(text, {"ML", "OPS"})] == ["ML-1"]


@given(st.text(alphabet="ML-123 /.:ahtps_é\n"))
def test_a_key_stands_where_it_is_said_to(text: str) -> None:
    """In order, and none over another."""
    end = 0
    for one in keys(text):
        assert text[one.start : one.end] == one.key
        assert one.start >= end
        end = one.end
