"""Scores, bands, intervals and trends."""

from datetime import date

import pytest

from bot.rituals.risk import model
from bot.rituals.risk.model import LEAST, SCALE, USUAL, OffTheScale, Trend
from bot.rituals.risk.states import Band, Status


@pytest.mark.parametrize(("likelihood", "impact"), [(0, 3), (6, 3), (3, 0), (3, 6), (-1, -1)])
def test_off_the_scale(likelihood: int, impact: int) -> None:
    """Anything but 1 to 5 is refused, two negative ones too."""
    with pytest.raises(OffTheScale):
        model.score(likelihood, impact)


def test_every_score_has_its_band() -> None:
    """At the thresholds that are documented, and on either side of them."""
    bands = {points: model.band(points) for points in (1, 4, 5, 9, 10, 14, 15, 25)}
    assert bands == {
        1: Band.LOW,
        4: Band.LOW,
        5: Band.MEDIUM,
        9: Band.MEDIUM,
        10: Band.HIGH,
        14: Band.HIGH,
        15: Band.CRITICAL,
        25: Band.CRITICAL,
    }
    assert list(LEAST) == list(USUAL) == list(Band)


def test_the_worse_the_sooner() -> None:
    """Critical every 7 days, high 14, medium 30, low 90; a team may say otherwise."""
    days = [model.interval(points).days for points in (25, 12, 6, 2)]
    assert days == [7, 14, 30, 90]
    assert model.interval(25, {"critical": 3}).days == 3
    assert model.interval(12, {"critical": 3}).days == 14
    on = date(2026, 3, 30)
    assert model.next_review(on, 25, Status.ACCEPTED) == date(2026, 4, 6)
    assert model.next_review(on, 25, Status.CLOSED) is None


def test_no_worse_score_waits_longer() -> None:
    """Of any two scores the higher is looked at as soon or sooner."""
    points = sorted({model.score(one, other) for one in SCALE for other in SCALE})
    waits = [model.interval(one) for one in points]
    assert waits == sorted(waits, reverse=True)


def test_where_it_is_going() -> None:
    """Since it was last rescored; a new one goes nowhere yet."""
    assert model.trend(12, None) is Trend.SAME
    assert model.trend(12, 12) is Trend.SAME
    assert model.trend(12, 9) is Trend.UP
    assert model.trend(9, 12) is Trend.DOWN
