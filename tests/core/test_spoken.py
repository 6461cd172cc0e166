"""A cadence in words."""

from datetime import date, time

import pytest

from bot.core.cadence import LAST, Cadence
from bot.core.spoken import cadence

NINE_THIRTY = time(9, 30)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"weekdays": (0, 1, 2, 3, 4)}, "Monday to Friday at 09:30, each person's own time"),
        ({"weekdays": tuple(range(7))}, "Every day at 09:30, each person's own time"),
        ({"weekdays": (0, 2, 4)}, "Monday, Wednesday and Friday at 09:30, each person's own time"),
        ({"weekdays": (0, 1)}, "Monday and Tuesday at 09:30, each person's own time"),
        ({"weekdays": (3,), "zone": "Asia/Tokyo"}, "Thursday at 09:30, Asia/Tokyo time"),
        (
            {"weekdays": (1,), "every_weeks": 2, "anchor": date(2026, 3, 24)},
            "Every 2 weeks: Tuesday at 09:30, each person's own time",
        ),
        (
            {"weekdays": (4,), "every_weeks": 2, "anchor": date(2026, 4, 3), "by_sprint": True},
            "At the end of each sprint, Friday every 2 weeks, at 09:30, each person's own time",
        ),
        (
            {"weekdays": (0,), "nth": (1, 3)},
            "The first and third Monday of the month at 09:30, each person's own time",
        ),
        (
            {"weekdays": (4,), "nth": (LAST,)},
            "The last Friday of the month at 09:30, each person's own time",
        ),
    ],
)
def test_as_people_say_it(said: dict[str, object], words: str) -> None:
    """Days in a row as from … to …, and never a number where there is a word."""
    assert cadence(Cadence.model_validate({"at": NINE_THIRTY} | said)) == words
