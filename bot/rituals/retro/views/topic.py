"""The message of a topic that is discussed: what is said stands in its thread."""

from collections.abc import Iterator

from bot.core.content import Block, Message
from bot.core.text import clamp, escape, isolated, one_line
from bot.rituals.retro.views import words
from bot.rituals.retro.views.lines import votes
from bot.rituals.retro.views.shown import OneTopic
from bot.slack import blocks

_TEXT = 300
_PARTS = 12
_ABOUT = 50


def topic_message(shown: OneTopic) -> Message:
    """What it is about, whose note it was, and how to act on it."""
    text = clamp(one_line(shown.topic.text), _TEXT)
    return Message(
        text=escape(f"Topic {shown.topic.rank} of {shown.of}: {text}"),
        blocks=tuple(_blocks(shown)),
    )


def _blocks(shown: OneTopic) -> Iterator[Block]:
    topic = shown.topic
    parts = [blocks.words(words.whole(topic.text), bold=True)]
    if topic.author:
        parts.append(blocks.words(f" — {isolated(words.name(topic.author))}", italic=True))
    alike = [
        blocks.paragraph(blocks.words(words.line(text, _TEXT)))
        for text, _author in topic.parts[:_PARTS]
    ]
    below = [blocks.bullets(alike)] if alike else []
    yield blocks.rich_text(blocks.paragraph(*parts), *below)
    about = [f"Topic {topic.rank} of {shown.of}", shown.column]
    if topic.votes is not None:
        about.append(votes(topic.votes))
    if not shown.open:
        about.append("closed")
    asked = "\nWhat do you make of it? Say it in the thread." if shown.open else ""
    yield blocks.small(f"{' · '.join(about)}{asked}")
    reads = f"Raise an action: {clamp(one_line(topic.text), _ABOUT)}"
    yield blocks.actions(
        [blocks.button("Raise an action", words.RAISE, str(topic.id), reads=reads)]
    )
