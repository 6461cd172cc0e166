"""Sentences about stand-ups that several places say."""

from bot.asking.upkeep.words import moment, on_each_clock, outsiders
from bot.rituals.standup.model import NothingOpen

__all__ = ["NEEDS_A_CHANNEL", "moment", "nothing_open", "on_each_clock", "outsiders"]

NEEDS_A_CHANNEL = "A stand-up needs a channel to show its answers in."


def nothing_open(found: NothingOpen, command: str) -> str:
    """Nothing to answer now: when the next one is."""
    if found.next is not None:
        early = f"; you may answer from *{moment(found.opens)}* on" if found.opens else ""
        return f"Nothing is open for you now. You are asked next on *{moment(found.next)}*{early}."
    if found.on_any:
        return "Nothing is open for you now. Your App Home shows what comes next."
    return f"You are on no stand-up yet. Type `{command} setup` in a channel to start one there."
