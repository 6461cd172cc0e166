"""What a retro's notes are sorted under: columns from a template, or a team's own; pure."""

from collections.abc import Mapping
from enum import StrEnum

from bot.core.errors import Refused
from bot.core.text import one_line

COLUMN = 40  # characters
MOST = 6
OWN_INPUT = 300


class Template(StrEnum):
    """Sets of columns that teams know."""

    WELL = "well"
    START_STOP = "start stop"
    FOUR_LS = "four ls"
    FEELINGS = "feelings"
    SAILBOAT = "sailboat"
    EXPERIMENTS = "experiments"
    OWN = "own"


COLUMNS: Mapping[Template, tuple[str, ...]] = {
    Template.WELL: ("Went well", "To improve", "To try"),
    Template.START_STOP: ("Start", "Stop", "Continue"),
    Template.FOUR_LS: ("Liked", "Learned", "Lacked", "Longed for"),
    Template.FEELINGS: ("Mad", "Sad", "Glad"),
    Template.SAILBOAT: (
        "Wind: what drives us",
        "Anchor: what holds us back",
        "Rocks: what could sink us",
        "Island: where we want to be",
    ),
    Template.EXPERIMENTS: ("What we learned", "What fooled us", "What we stop running"),
}

NAMES: Mapping[Template, str] = {
    Template.WELL: "Went well, improve, try",
    Template.START_STOP: "Start, stop, continue",
    Template.FOUR_LS: "Four Ls: liked, learned, lacked, longed for",
    Template.FEELINGS: "Mad, sad, glad",
    Template.SAILBOAT: "Sailboat: wind, anchor, rocks, island",
    Template.EXPERIMENTS: "Experiments: learned, fooled us, stop running",
    Template.OWN: "Our own columns",
}


class BadColumns(Refused):
    """Those columns won't do."""


def parse(typed: str) -> tuple[str, ...]:
    """A team's own columns, a line each; raises BadColumns, which says what to mend."""
    found = tuple(line for line in map(one_line, typed.splitlines()) if line)
    if not found:
        raise BadColumns("Write at least one column, a line each.")
    if len(found) > MOST:
        raise BadColumns(f"These are {len(found)} columns; up to {MOST} can be read at a glance.")
    if too_long := next((one for one in found if len(one) > COLUMN), None):
        raise BadColumns(f"“{too_long[:COLUMN]}…” is too long: {COLUMN} characters at most.")
    if len({one.casefold() for one in found}) < len(found):
        raise BadColumns("Two columns have the same name.")
    return found
