"""Sentences about stand-ups that several places say."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.text import clamp, one_line, spoken_date
from bot.rituals.standup.model import NothingOpen

NEEDS_A_CHANNEL = "A stand-up needs a channel to show its answers in."
_NAMES = 300


def not_owner(owner: str) -> str:
    """Somebody else's stand-up: who may change it."""
    return f"This channel's stand-up is {owner}'s: only they or a workspace admin can change it."


def gone(command: str) -> str:
    """It was deleted meanwhile: how to begin anew."""
    return (
        f"This stand-up was deleted meanwhile. Type `{command} setup` in a channel to start a new "
        "one."
    )


def outsiders(names: Sequence[str]) -> str:
    """People of another organisation were chosen: who they are, and who may allow it."""
    listed = clamp(", ".join(one_line(name) for name in names), _NAMES)
    return (
        f"Of another organisation: {listed}. Choose people of this workspace, or ask a workspace "
        "admin to allow guests: App Home, ⋯, Workspace settings."
    )


def nothing_open(found: NothingOpen, command: str) -> str:
    """Nothing to answer now: when the next one is."""
    if found.next is not None:
        early = f"; you may answer from *{moment(found.opens)}* on" if found.opens else ""
        return f"Nothing is open for you now. You are asked next on *{moment(found.next)}*{early}."
    if found.on_any:
        return "Nothing is open for you now. Your App Home shows what comes next."
    return f"You are on no stand-up yet. Type `{command} setup` in a channel to start one there."


def moment(at: datetime) -> str:
    """A local moment as people say it: Tue 24 March, 09:30."""
    return f"{spoken_date(at.date())}, {at:%H:%M}"


def on_each_clock(at: datetime) -> str:
    """An instant in each reader's own zone, as Slack's clients show it; UTC for those that can't.

    In mrkdwn. Slack begins its word for the day with a capital: in brackets that does no harm.
    """
    stamp = int(at.timestamp())
    return f"<!date^{stamp}^{{time}} ({{date_short_pretty}})|{at:%H:%M} UTC, {at.day} {at:%b}>"
