"""Rich text: an emoji that comes by its name is shown as one."""

from typing import Any

import pytest

from bot.slack import blocks


def text(words: str, **style: bool) -> dict[str, Any]:
    return {"type": "text", "text": words} | ({"style": style} if style else {})


def emoji(name: str) -> dict[str, Any]:
    return {"type": "emoji", "name": name}


@pytest.mark.parametrize(
    ("written", "drawn"),
    [
        ("Shipped :tada: today", [text("Shipped "), emoji("tada"), text(" today")]),
        (":+1:", [emoji("+1")]),
        (":tada::100:", [emoji("tada"), emoji("100")]),
        (":wave::skin-tone-3:", [emoji("wave::skin-tone-3")]),
        (":blob-dance_2: ok", [emoji("blob-dance_2"), text(" ok")]),
        ("at 10:30:45", [text("at 10:30:45")]),
        ("std::vector:size", [text("std::vector:size")]),
        ("two: and three: no", [text("two: and three: no")]),
        ("🎉", [text("🎉")]),
    ],
)
def test_an_emoji_by_its_name_becomes_one(written: str, drawn: list[dict[str, Any]]) -> None:
    """A time of day and code stay what they are."""
    assert blocks.paragraph(blocks.words(written))["elements"] == drawn


def test_what_stands_around_it_keeps_its_style() -> None:
    """And each run is looked at by itself."""
    made = blocks.paragraph(blocks.words("Mei :fire:!", bold=True), blocks.words(": :x:"))
    assert made["elements"] == [
        text("Mei ", bold=True),
        emoji("fire"),
        text("!", bold=True),
        text(": "),
        emoji("x"),
    ]


def test_a_wall_of_emoji_stays_a_text_that_slack_takes() -> None:
    """The first twenty are drawn; nothing is lost, and the size is that of what was written."""
    made = blocks.paragraph(blocks.words(":a:" * 1000))
    assert made["elements"] == [*[emoji("a")] * 20, text(":a:" * 980)]
    assert blocks.size(made) == 3000
