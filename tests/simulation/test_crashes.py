"""Killed at a commit or a call, the bot comes back and goes on as if nothing had happened."""

import pytest

from tests.simulation.crashes import DAYS, at, points
from tests.simulation.run import run

SOME = (
    *(("usual", one) for one in (20, 260)),
    *(("tickets", one) for one in (90, 150)),
    ("retros", 110),
)
"""A few points; all of them with `-m exhaustive`, or `make simulate ARGS=--crashes`."""


@pytest.mark.timeout(240)
@pytest.mark.parametrize(("name", "point"), SOME)
def test_killed_at_a_point(name: str, point: int) -> None:
    """Nothing is lost, and nothing comes twice."""
    assert run(DAYS[name](), dies=at(point)).complaints == ()


@pytest.mark.exhaustive
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", DAYS)
def test_killed_at_every_point(name: str) -> None:
    """One at a time."""
    plan = DAYS[name]()
    failed = {point: run(plan, dies=at(point)).complaints for point in points(plan)}
    assert {point: found for point, found in failed.items() if found} == {}
