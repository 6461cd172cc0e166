"""The screen that sets a stand-up up, and what follows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

from slack_sdk.models.blocks import (
    CheckboxesElement,
    Option,
    TimePickerElement,
    UserMultiSelectElement,
)

from bot.core.text import escape
from bot.rituals.standup import questions
from bot.rituals.standup.model import Started
from bot.rituals.standup.views.words import moment
from bot.slack import blocks

SETUP = "standup.setup"
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class SetupShown:
    """What the setup screen is filled with."""

    key: str
    channel: str
    channel_name: str
    members: tuple[str, ...]
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    at: time = time(9, 30)
    changes: bool = False


def setup_modal(shown: SetupShown) -> dict[str, Any]:
    """The one screen that starts a stand-up, or changes it."""
    asked = "\n".join(f"• {escape(question.text)}" for question in questions.AI_ML)
    return blocks.modal(
        "Stand-up",
        [
            blocks.section(f"In <#{shown.channel}>, each person is asked at their own local time."),
            blocks.input_block(
                "members",
                "Who",
                UserMultiSelectElement(
                    action_id="members", initial_users=list(shown.members) or None
                ),
            ),
            blocks.input_block("days", "Days", _days(shown.weekdays)),
            blocks.input_block(
                "at",
                "Time, on each person's own clock",
                TimePickerElement(action_id="at", initial_time=f"{shown.at:%H:%M}"),
            ),
            blocks.context(f"Asked:\n{asked}"),
        ],
        callback=SETUP,
        submit="Save" if shown.changes else "Start",
        close="Cancel",
        metadata=f"{shown.key} {shown.channel} {shown.channel_name}",
    )


def _days(chosen: Sequence[int]) -> CheckboxesElement:
    options = [Option(value=str(number), label=name) for number, name in enumerate(_DAYS)]
    initial = [options[number] for number in chosen]
    return CheckboxesElement(action_id="days", options=options, initial_options=initial or None)


def started_modal(channel: str, started: Started) -> dict[str, Any]:
    """It runs: what happens next."""
    what = "The stand-up is changed." if started.changed else "The stand-up starts."
    who = "1 person is" if started.people == 1 else f"{started.people} people are"
    first = started.first_asked
    mine = f" You are asked first on *{moment(first)}*." if first else ""
    if started.paused:
        mine = " It is paused still: nobody is asked until it is resumed."
    return blocks.notice(
        "Done",
        f"{what} {who} asked by direct message, and the answers come together in <#{channel}>."
        f"{mine}",
    )
