"""A cadence as people say it."""

from collections.abc import Sequence

from bot.core.cadence import LAST, Cadence

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NTH = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", LAST: "last"}
_RUN = 3  # so many days in a row are said as from … to …


def cadence(said: Cadence) -> str:
    """Days, time and whose: “Monday to Friday at 09:30, each person's own time”."""
    whose = "each person's own time" if said.zone is None else f"{said.zone} time"
    if said.by_sprint:
        weeks = "week" if said.every_weeks == 1 else f"{said.every_weeks} weeks"
        days = f"At the end of each sprint, {DAYS[said.weekdays[0]]} every {weeks},"
    else:
        days = _days(said)
    return f"{days} at {said.at:%H:%M}, {whose}"


def listed(words: Sequence[str], joint: str = "and") -> str:
    """Words as a list: a, b and c."""
    *most, last = words
    return f"{', '.join(most)} {joint} {last}" if most else last


def _days(said: Cadence) -> str:
    if said.nth:
        which = listed([NTH[one] for one in said.nth])
        days = listed([DAYS[one] for one in said.weekdays])
        return f"The {which} {days} of the month"
    days = _weekdays(said.weekdays)
    if said.every_weeks == 1:
        return days
    return f"Every {said.every_weeks} weeks: {days}"


def _weekdays(days: Sequence[int]) -> str:
    if len(days) == len(DAYS):
        return "Every day"
    if len(days) >= _RUN and days[-1] - days[0] == len(days) - 1:
        return f"{DAYS[days[0]]} to {DAYS[days[-1]]}"
    return listed([DAYS[one] for one in days])
