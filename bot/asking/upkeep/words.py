"""Sentences about rituals that several places say."""

from collections.abc import Sequence
from datetime import datetime

from bot.asking.upkeep.kinds import Kind
from bot.core.text import clamp, one_line, spoken_date

_NAMES = 300


def not_owner(kind: Kind, owner: str) -> str:
    """Somebody else's ritual: who may change it."""
    return f"This channel's {kind.one} is {owner}'s: only they or a workspace admin can change it."


def gone(kind: Kind, command: str) -> str:
    """It was deleted meanwhile: how to begin anew."""
    return (
        f"This {kind.one} was deleted meanwhile. Type `{command} setup` in a channel to start a "
        "new one."
    )


def outsiders(names: Sequence[str]) -> str:
    """People of another organisation were chosen: who they are, and who may allow it."""
    listed = clamp(", ".join(one_line(name) for name in names), _NAMES)
    return (
        f"Of another organisation: {listed}. Choose people of this workspace, or ask a workspace "
        "admin to allow guests: App Home, ⋯, Workspace settings."
    )


def moment(at: datetime) -> str:
    """A local moment as people say it: Tue 24 March, 09:30."""
    return f"{spoken_date(at.date())}, {at:%H:%M}"


def on_each_clock(at: datetime) -> str:
    """An instant in each reader's own zone, as Slack's clients show it; UTC for those that can't.

    In mrkdwn. Slack begins its word for the day with a capital: in brackets that does no harm.
    """
    stamp = int(at.timestamp())
    return f"<!date^{stamp}^{{time}} ({{date_short_pretty}})|{at:%H:%M} UTC, {at.day} {at:%b}>"
