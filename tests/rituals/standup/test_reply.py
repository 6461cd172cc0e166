"""A reply as drawn: one person's whole answer, within the limits of a message."""

import pytest

from bot.rituals.standup.views.channel import READ_ALL
from bot.rituals.standup.views.reply import ReplyShown, reply_message
from bot.rituals.standup.views.whole import Said, Told
from tests.endtoend.office import buttons
from tests.rituals.standup.drawn import ARABIC, FAMILY, HOSTILE, LONG, bold, checked, objects, words


def reply(*told: Told, name: str = "Ana", late: bool = False) -> ReplyShown:
    return ReplyShown(Said(name, late, told), 7)


def read(value: ReplyShown) -> str:
    """What a person reads, within Slack's limits."""
    message = reply_message(value)
    checked(message)
    return words(message.blocks)


def test_it_says_it_all() -> None:
    """The name in bold, what is late and edited, and each answer under its question."""
    value = reply(Told("Learned", "One\nTwo"), Told("Next", "Three", edited=True), late=True)
    assert read(value) == "Ana (late)\nLearned: One\nTwo\nNext (edited): Three"
    message = reply_message(value)
    assert bold(message.blocks) == ["Ana"]
    assert message.text == "Ana: One Two"
    assert buttons({"blocks": message.blocks}) == []


@pytest.mark.parametrize(("answers", "whole"), [(1, True), (3, True), (4, False), (60, False)])
def test_what_a_message_does_not_hold_is_a_click_away(answers: int, whole: bool) -> None:
    """Answers of 3,000 characters: as many as fit, each in full, and *Read all*."""
    value = reply(*[Told(f"Q{number}", LONG) for number in range(answers)])
    assert read(value).count(LONG) == min(answers, 3)
    found = buttons({"blocks": reply_message(value).blocks})
    assert [(one["action_id"], one["value"]) for one in found] == (
        [] if whole else [(READ_ALL, "7")]
    )


def test_many_short_answers() -> None:
    """Each question has a line, however many there are."""
    text = read(reply(*[Told(f"Q{number}.", "x") for number in range(300)]))
    assert all(f"Q{number}.: x" in text for number in range(300))


@pytest.mark.parametrize("text", [HOSTILE, ARABIC, FAMILY * 200])
def test_any_text_is_only_text(text: str) -> None:
    """Nothing mentions anybody, in the blocks or in what stands for them."""
    message = reply_message(reply(Told(text[:40], text), name=text))
    checked(message)
    assert text in words(message.blocks)
    kinds = {part["type"] for part in objects(message.blocks)}
    assert kinds <= {"rich_text", "rich_text_section", "text", "emoji"}
    assert "<" not in message.text
