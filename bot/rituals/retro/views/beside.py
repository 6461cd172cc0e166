"""Lines on the card of whoever leads a retro."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.content import Beside
from bot.core.text import clamp, escape, one_line
from bot.rituals.retro.model import FEWEST
from bot.rituals.retro.views import words
from bot.slack import blocks


@dataclass(frozen=True)
class Waiting:
    """A retro that waits for whoever leads it."""

    retro_id: int
    title: str
    channel: str
    held: bool


def beside(waiting: Sequence[Waiting]) -> Beside | None:
    """What to do, a line each; None where nothing waits."""
    if not waiting:
        return None
    lines = [
        blocks.section(
            f"*{escape(_title(one))}* in <#{one.channel}>\n{_told(one)}",
            blocks.button(
                "Facilitate …",
                words.LEAD,
                str(one.retro_id),
                reads=f"Facilitate {_title(one)}",
            ),
        )
        for one in waiting
    ]
    first = waiting[0]
    summary = f"{_title(first)} needs you: {'few took part' if first.held else 'merge like notes'}"
    return Beside(blocks.section("*You lead*"), tuple(lines), summary=summary)


def _title(one: Waiting) -> str:
    return clamp(one_line(one.title), 80)


def _told(one: Waiting) -> str:
    if one.held:
        return f"Fewer than {FEWEST} people are done: wait for more, or show the notes and say so."
    return "The notes are shown. Merge those that say the same before the vote begins."
