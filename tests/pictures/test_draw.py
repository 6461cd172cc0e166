"""Pictures, drawn in a child process: their size, what they hold, and what is no picture."""

import asyncio
import struct
import sys
import time
import zlib
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.pictures.child import Artist
from bot.rituals.risk.model import SCALE, band, score

GRID = [[band(score(one, other)).value for other in SCALE] for one in SCALE]
HEAT: dict[str, Any] = {
    "kind": "heat",
    "title": "Open risks, 26 March 2026",
    "grid": GRID,
    "cells": [[5, 4, 1], [2, 2, 12]],
    "arrows": [["R4", [4, 5], [2, 4]]],
    "impact": [str(one) for one in SCALE],
    "likelihood": [str(one) for one in SCALE],
}
BANDS: dict[str, Any] = {
    "kind": "bands",
    "title": "Open risks by band",
    "points": [{"on": f"{day} Mar", "counts": {"critical": 2, "low": day}} for day in range(1, 13)],
}


@pytest.mark.parametrize("spec", [HEAT, BANDS], ids=["heat", "bands"])
async def test_a_picture(spec: dict[str, Any]) -> None:
    """A PNG as wide as Slack shows it on a desk at twice its density, of a size for a phone."""
    drawn = await Artist(seconds=30).draw(spec)
    assert drawn is not None
    width, height = struct.unpack(">II", drawn[16:24])
    assert (width, height) == (936, 702)
    assert 10_000 < len(drawn) < 200_000


async def test_it_tells_bands_apart_without_colour() -> None:
    """By their lightness alone: the worst is the darkest, each far from the next."""
    drawn = await Artist(seconds=30).draw(HEAT)
    assert drawn is not None
    common = {colour for colour, number in colours(drawn).items() if number > 2000}
    light = {band: lightness(bytes.fromhex(code)) for band, code in CODES.items()}
    assert {bytes.fromhex(code) for code in CODES.values()} <= common
    ordered = [light[one] for one in ("critical", "high", "medium", "low")]
    assert all(after - before > 0.12 for before, after in pairwise(ordered))


CODES = {"critical": "7a1f0a", "high": "d5611b", "medium": "f8b95c", "low": "fdeec7"}


def lightness(colour: bytes) -> float:
    """The relative luminance of sRGB, as WCAG 2 defines it."""
    parts = [one / 255 for one in colour]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def colours(png: bytes) -> Counter[bytes]:
    """How many dots of each colour; of a PNG of 8 bits a channel, with or without alpha."""
    width, _height, _depth, kind = struct.unpack(">IIBB", png[16:26])
    channels = {2: 3, 6: 4}[kind]
    data, place = b"", 8
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        if png[place + 4 : place + 8] == b"IDAT":
            data += png[place + 8 : place + 8 + length]
        place += 12 + length
    raw, row, found = zlib.decompress(data), bytearray(width * channels), Counter[bytes]()
    stride = width * channels
    for start in range(0, len(raw), stride + 1):
        line = bytearray(raw[start + 1 : start + 1 + stride])
        _unfilter(raw[start], line, row, channels)
        row = line
        found.update(bytes(line[one : one + 3]) for one in range(0, stride, channels))
    return found


def _unfilter(how: int, line: bytearray, above: bytearray, step: int) -> None:
    """The filters of a PNG's lines, undone (RFC 2083, section 6)."""
    for place in range(len(line)):
        left = line[place - step] if place >= step else 0
        up = above[place]
        corner = above[place - step] if place >= step else 0
        line[place] = (line[place] + _guess(how, left, up, corner)) & 0xFF


def _guess(how: int, left: int, up: int, corner: int) -> int:
    if how == 4:
        near = left + up - corner
        return min((left, up, corner), key=lambda one: abs(near - one))
    return (0, left, up, (left + up) // 2)[how]


@pytest.mark.parametrize("spec", [{}, {"kind": "pie", "title": "x"}, HEAT | {"cells": "many"}])
async def test_what_is_no_picture(spec: dict[str, Any]) -> None:
    """There is none, and nobody is hurt."""
    assert await Artist(seconds=30).draw(spec) is None


async def test_a_child_that_hangs() -> None:
    """It is ended when its time is over; there is no picture."""
    began = time.monotonic()
    hangs = (sys.executable, "-c", "import time; time.sleep(600)")
    assert await Artist(hangs, seconds=0.3).draw(HEAT) is None
    assert time.monotonic() - began < 20


async def test_a_program_that_is_not_there() -> None:
    """Nor is there a picture."""
    assert await Artist(("/nowhere/at/all",)).draw(HEAT) is None


async def test_what_a_child_could_not_draw_is_not_logged() -> None:
    """Where it failed, and at what; its error may quote a risk's title."""
    fails = "def draw():\n raise KeyError('a title')\ndraw()"
    with capture_logs() as log:
        assert await Artist((sys.executable, "-c", fails)).draw(HEAT) is None
    (line,) = log
    assert line["said"].endswith('File "<string>", line 2, in draw; KeyError')


async def test_the_loop_goes_on() -> None:
    """While a child draws, everything else does what it does."""
    beats = 0

    async def beat() -> None:
        nonlocal beats
        while True:
            await asyncio.sleep(0.01)
            beats += 1

    beating = asyncio.create_task(beat())
    assert await Artist(seconds=30).draw(HEAT) is not None
    beating.cancel()
    assert beats > 10
