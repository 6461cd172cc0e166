"""Secrets at rest: sealed each to its own place."""

import base64

import pytest

from bot.db.sealing import BrokenSeal, Sealer, key_of

SEALER = Sealer(b"k" * 32)


def test_it_opens_what_it_sealed() -> None:
    """Twice the same secret looks different each time."""
    first, second = (SEALER.seal("s3cret é", "t", "c", 1) for _ in range(2))
    assert first != second
    assert SEALER.open(first, "t", "c", 1) == SEALER.open(second, "t", "c", 1) == "s3cret é"
    assert b"s3cret" not in base64.b64decode(first)


@pytest.mark.parametrize("place", [("u", "c", 1), ("t", "d", 1), ("t", "c", 2)])
def test_moved_to_another_place(place: tuple[str, str, int]) -> None:
    """What was copied into another row, column or table doesn't open there."""
    with pytest.raises(BrokenSeal):
        SEALER.open(SEALER.seal("s3cret", "t", "c", 1), *place)


def test_broken() -> None:
    """Tampered with, cut, no seal at all, or another key."""
    sealed = SEALER.seal("s3cret", "t", "c", 1)
    told = bytearray(base64.b64decode(sealed))
    told[-1] ^= 1
    for broken in (base64.b64encode(bytes(told)).decode(), sealed[:8], "", "é", "AAAA"):
        with pytest.raises(BrokenSeal):
            SEALER.open(broken, "t", "c", 1)
    with pytest.raises(BrokenSeal):
        Sealer(b"x" * 32).open(sealed, "t", "c", 1)


@pytest.mark.parametrize("text", ["", "short", base64.b64encode(b"k" * 31).decode(), "é" * 44])
def test_what_is_no_key(text: str) -> None:
    """A key is 32 bytes in base64, and nothing else."""
    with pytest.raises(ValueError, match="32 bytes"):
        key_of(text)
    assert key_of(base64.b64encode(b"k" * 32).decode()) == b"k" * 32
