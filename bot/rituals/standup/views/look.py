"""A stand-up's settings for those who may not change them."""

from collections.abc import Iterator, Sequence
from typing import Any

from bot.core import spoken
from bot.core.content import Block
from bot.core.text import clamp, escape, one_line
from bot.rituals.standup.model import Config, Layout, Reveal
from bot.rituals.standup.setup_form import Settings
from bot.slack import blocks

_NAMES = 1500
_QUESTIONS = 2500


def look_modal(shown: Settings) -> dict[str, Any]:
    """What is set, as text."""
    return blocks.modal("Stand-up settings", list(_lines(shown)))


def _lines(shown: Settings) -> Iterator[Block]:
    owner = escape(one_line(shown.owner_name))
    title = escape(one_line(shown.form.title))
    yield blocks.section(
        f"*{title}* in <#{shown.channel}>. *{owner}* looks after it: they and workspace admins may "
        "change it."
    )
    if shown.paused:
        yield blocks.section(":double_vertical_bar: It is paused: nobody is asked.")
    when = escape(spoken.cadence(shown.cadence))
    yield blocks.section(f"*When*\n{when}\n{_window(shown.config)}")
    yield blocks.section(f"*In the channel*\n{_shown(shown.config)}")
    asked = "\n".join(f"• {escape(one.text)}" for one in shown.config.questions)
    yield blocks.section(f"*Asked*\n{clamp(asked, _QUESTIONS)}")
    yield blocks.section(f"*On it*\n{_names(shown.names)}")


def _window(config: Config) -> str:
    hours, minutes = divmod(config.open_minutes, 60)
    span = f"{config.open_minutes} minutes" if minutes else _hours(hours)
    if not config.remind_minutes:
        return f"Open for {span}, without a reminder"
    hours, minutes = divmod(config.remind_minutes, 60)
    before = f"{config.remind_minutes} minutes" if minutes else _hours(hours)
    return f"Open for {span}; whoever owes an answer is reminded {before} before that ends"


def _hours(hours: int) -> str:
    return "1 hour" if hours == 1 else f"{hours} hours"


def _shown(config: Config) -> str:
    when = "as they come" if config.reveal is Reveal.AT_ONCE else "together, when it closes"
    one_each = config.layout is Layout.REPLIES
    how = "one reply each below the message" if one_each else "a line for each in one message"
    return f"Answers are shown {when}: {how}"


def _names(names: Sequence[str]) -> str:
    said = ", ".join(escape(one_line(name)) for name in names)
    return clamp(said, _NAMES) or "Nobody"
