"""What a mirror shows outside, and the limits that Slack sets to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Block = Mapping[str, Any]

# https://docs.slack.dev/reference/block-kit/blocks and …/methods/chat.postMessage
HOME_BLOCKS = 100
MESSAGE_BLOCKS = 50
SECTION_TEXT = 3000
HEADER_TEXT = 150
PLAIN_INPUT = 3000
MESSAGE_TEXT = 12_000  # all text of a message's blocks: Slack refuses from about 13,200
ALT_TEXT = 2000


@dataclass(frozen=True)
class Picture:
    """A picture to be drawn of figures, which stands in a message once it is there."""

    spec: Mapping[str, Any]  # as bot.pictures.draw takes it
    alt: str  # says the same in words
    title: str
    after: int  # so many blocks of its message


@dataclass(frozen=True)
class Message:
    """A message: blocks, and the text that notifications and screen readers use instead."""

    text: str
    blocks: tuple[Block, ...]
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True)
class Home:
    """A person's App Home tab."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Asks:
    """How one prompt reads on a card, for a kind that asks for more than one thing."""

    what: str  # after the ritual's title: what of it waits
    label: str = "Answer"  # of the button that opens it
    again: str = "Edit"  # the same, once it is answered
    settled: str = "Answered ✓"
    missed: str = "Closed without your answer"
    done: str | None = None  # the action that says there is nothing (more) to say


Content = Message | Home


@dataclass(frozen=True)
class Beside:
    """What stands on a card or a Home beside what its person is asked, drawn already."""

    head: Block
    lines: tuple[Block, ...] = ()  # as many as there is room for
    more: int = 0  # that have no line of their own
    summary: str = ""  # plain text; "" where it is no reason to send somebody a card
