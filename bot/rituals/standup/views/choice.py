"""Which of several open stand-ups is meant."""

from collections.abc import Sequence
from typing import Any

from bot.core.content import Block
from bot.core.text import clamp, escape, spoken_date
from bot.rituals.standup.model import Choosable
from bot.rituals.standup.views.answer import ANSWER
from bot.slack import blocks

_MOST = 98  # a modal holds 100 blocks
_TITLE = 150


def choice_modal(among: Sequence[Choosable]) -> dict[str, Any]:
    """What is open, each with its button: it opens in this modal's place."""
    shown = [blocks.section("These are open for you:"), *map(_line, among[:_MOST])]
    if (rest := len(among) - _MOST) > 0:
        shown.append(blocks.small(f"… and {rest} more, in App Home."))
    return blocks.modal("Which stand-up?", shown)


def _line(one: Choosable) -> Block:
    title, on = clamp(one.title, _TITLE), spoken_date(one.date)
    state = "answered ✓" if one.answered else "not answered yet"
    button = blocks.button(
        "Edit" if one.answered else "Answer",
        ANSWER,
        str(one.prompt_id),
        primary=not one.answered,
        reads=f"{'Edit' if one.answered else 'Answer'} {title} of {on}",
    )
    line = f"*{escape(title)}* · <#{one.channel}>\n{on} · {state}"
    return blocks.section(line, button)
