"""How a retro stands just now, for whoever asks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_sdk.models.blocks import ButtonElement

from bot.asking.upkeep.words import moment, on_each_clock
from bot.core.content import Block
from bot.core.text import clamp, escape, one_line
from bot.rituals.retro.model import RETRO, Stage
from bot.rituals.retro.views import words
from bot.rituals.retro.views.message import state
from bot.rituals.retro.views.shown import RetroShown
from bot.slack import blocks

START = "retro.start"
TITLE = "Status"


@dataclass(frozen=True)
class StatusShown:
    """A retro, what is under way of it, and what comes next."""

    ritual_id: int
    title: str
    channel: str
    owner: str
    recurs: str
    paused: bool
    may_change: bool
    now: RetroShown | None
    mine: datetime | None  # when who asks is asked next, on their own clock
    may_lead: bool = False  # what is under way
    may_start: bool = False  # whether who asks may run one now
    told: int | None = None  # the newest whose notes are shown, to be read and exported
    said: str = ""  # what has just been done, in mrkdwn


def status_modal(shown: StatusShown) -> dict[str, Any]:
    """Where it is, and when it goes on."""
    return blocks.modal(TITLE, list(_lines(shown)))


def _lines(shown: StatusShown) -> Iterator[Block]:
    if shown.said:
        yield blocks.section(shown.said)
    label = "Settings" if shown.may_change else "Look"
    button = blocks.button(label, RETRO.settings, str(shown.ritual_id), reads="Its settings")
    title = escape(clamp(one_line(shown.title), 80))
    yield blocks.section(f"*{title}* · <#{shown.channel}>\n{escape(shown.recurs)}", button)
    if shown.paused:
        yield blocks.section(":double_vertical_bar: It is paused: no new one begins.")
    if shown.now is None:
        yield blocks.section("None is under way.")
    else:
        what = words.stage(shown.now.stage).capitalize()
        yield blocks.section(f"*{what}*\n{state(shown.now)}")
    if made := list(_buttons(shown)):
        yield blocks.actions(made)
    ahead = [f"You are asked next on *{moment(shown.mine)}*."] if shown.mine else []
    owner = escape(words.name(shown.owner))
    yield blocks.context("\n".join([*ahead, f"{owner} looks after it."]))


def _buttons(shown: StatusShown) -> Iterator[ButtonElement]:
    if shown.may_start:
        yield blocks.button("Start one now", START, str(shown.ritual_id), primary=True)
    if shown.now is not None and shown.may_lead:
        yield blocks.button("Facilitate …", words.LEAD, str(shown.now.retro_id))
    if shown.told is not None:
        this = shown.now is not None and shown.told == shown.now.retro_id
        read, export = ("Read all", "Export") if this else ("Read the last one", "Export that")
        yield blocks.button(read, words.READ_ALL, f"{shown.told} 0")
        yield blocks.button(export, words.EXPORT, str(shown.told))


def standing(stage: Stage, ends: datetime | None) -> str:
    """A retro under way in a few words, in mrkdwn."""
    until = f" until {on_each_clock(ends)}" if ends is not None else ""
    return f"{words.stage(stage).capitalize()}{until}"
