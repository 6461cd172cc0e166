"""Scores of risks, and how long a risk goes without being looked at."""

from datetime import timedelta

from tests.simulation.model.wall import DAY

Score = tuple[int, int]
"""Likelihood and impact."""
Intervals = tuple[int, int, int, int]
"""Days between reviews: critical, high, medium and low."""
USUAL: Intervals = (7, 14, 30, 90)
"""Those of a team that settled no others."""
_LEAST = (15, 10, 5, 1)
"""The least score that is critical, high, medium and low."""


def interval(days: Intervals, score: Score) -> timedelta:
    """How long a risk of a score goes without being looked at."""
    points = score[0] * score[1]
    by_band = zip(_LEAST, days, strict=True)
    return next(number for least, number in by_band if points >= least) * DAY
