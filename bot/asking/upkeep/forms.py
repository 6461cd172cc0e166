"""What every setup screen asks, and what may be wrong with it; pure."""

from typing import Protocol

from bot.asking.upkeep import model
from bot.asking.upkeep.times import unknown, zone_typed
from bot.core.text import one_line

TITLE_INPUT = 60  # characters


class Usual(model.Form, Protocol):
    """Who is asked, at what time and in which zone, and how it is called."""

    @property
    def at(self) -> str: ...  # "09:30"; "" where none is chosen
    @property
    def zone(self) -> str: ...  # as typed; "": each person's own


def usual_problems(form: Usual) -> dict[str, str]:
    """What is wrong with that, by field."""
    found: dict[str, str] = {}
    if not form.members:
        found["members"] = "Choose at least one person."
    if not form.at:
        found["at"] = "Choose a time."
    if not one_line(form.title):
        found["title"] = "Give it a title."
    elif len(one_line(form.title)) > TITLE_INPUT:
        found["title"] = f"Please keep the title to {TITLE_INPUT} characters."
    if form.zone.strip() and zone_typed(form.zone) is None:
        found["zone"] = unknown(form.zone)
    return found
