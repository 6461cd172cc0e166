"""Killed at a commit or a call, the bot comes back and goes on as if nothing had happened."""

import pytest

from tests.simulation.crashes import at, day, points
from tests.simulation.run import run

SOME = range(20, 380, 90)
"""A few points of the day; all of them with `-m exhaustive`, or `make simulate ARGS=--crashes`."""


@pytest.mark.timeout(240)
@pytest.mark.parametrize("point", SOME)
def test_killed_at_a_point(point: int) -> None:
    """Nothing is lost, and nothing comes twice."""
    assert run(day(), dies=at(point)).complaints == ()


@pytest.mark.exhaustive
@pytest.mark.timeout(3600)
def test_killed_at_every_point() -> None:
    """One at a time."""
    failed = {point: run(day(), dies=at(point)).complaints for point in points()}
    assert {point: found for point, found in failed.items() if found} == {}
