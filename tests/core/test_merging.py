"""What is kept where two changed the same from what both were shown."""

from collections.abc import Set as AbstractSet

from hypothesis import given
from hypothesis import strategies as st

from bot.core import merging

SOME = st.lists(st.integers(0, 5), unique=True)


def test_one_thing() -> None:
    """What somebody changed is as they say; what they left alone is as it stands now."""
    assert merging.one("a", "b", "c") == "b"
    assert merging.one("a", "a", "c") == "c"


def test_a_list() -> None:
    """What stands keeps its place, and what is added comes after it."""
    assert merging.each("abc", "acd", "xcba") == ("x", "c", "a", "d")


@given(SOME, SOME, SOME)
def test_any_list(shown: list[int], said: list[int], now: list[int]) -> None:
    """Nobody's change is lost: what either added is there, what either took out is not."""
    before, after, there = set(shown), set(said), set(now)
    kept = merging.each(shown, said, now)
    assert len(kept) == len(set(kept))
    wanted: AbstractSet[int] = (there - (before - after)) | (after - before)
    assert set(kept) == wanted
