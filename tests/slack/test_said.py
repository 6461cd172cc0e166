"""What is kept of what Slack says beside a refusal's code."""

import pytest

from bot.slack.said import beside

SAID = "the note of somebody"


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        (
            "[ERROR] must be less than 3001 characters [json-pointer:/blocks/3/text/text]",
            "must be less than 3001 characters [json-pointer:/blocks/3/text/text]",
        ),
        (
            f"[ERROR] invalid url: {SAID} [json-pointer:/blocks/0]",
            "[json-pointer:/blocks/0]",
        ),
        (f"“{SAID}” must be a string", "must be a string"),
        (f"no such emoji: {SAID}", ""),
    ],
)
def test_a_place_and_a_rule_are_kept_and_no_value(message: str, kept: str) -> None:
    """A note's text must stand in no log, whatever Slack finds wrong about it."""
    assert beside({"messages": [message]}) == kept


@pytest.mark.parametrize("metadata", [None, [], {}, {"messages": None}, {"messages": [7, None]}])
def test_whatever_else_slack_says_is_nothing(metadata: object) -> None:
    """It may say nothing at all, or something that nobody knows yet."""
    assert beside(metadata) == ""
