"""What a failing run does not need is left out."""

from tests.simulation.plan import Plan, draw
from tests.simulation.shrink import shrunk

PLAN = draw(3)


def test_what_is_not_needed_is_left_out() -> None:
    """Two parts are to blame, far from one another."""
    guilty = {PLAN.acts[1], PLAN.incidents[-1]}

    def fails(plan: Plan) -> bool:
        return guilty <= {*plan.acts, *plan.incidents}

    left = shrunk(PLAN, fails)
    assert {*left.acts, *left.incidents} == guilty
    assert (left.seed, left.setting) == (PLAN.seed, PLAN.setting)


def test_it_gives_up_in_time() -> None:
    """Each try is a run."""
    runs: list[Plan] = []

    def fails(plan: Plan) -> bool:
        runs.append(plan)
        return len(runs) == 1

    left = shrunk(PLAN, fails, most=10)
    assert len(runs) == 10
    assert left.size < PLAN.size
