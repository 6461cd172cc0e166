"""Cut what a failing run does not need, so that the plan that is left tells why it fails."""

from collections.abc import Callable

from tests.simulation.plan import Plan

Fails = Callable[[Plan], bool]


def shrunk(plan: Plan, fails: Fails, *, most: int = 150) -> Plan:
    """A smaller plan that fails still, after at most so many runs.

    First halves are left out, then quarters, and so on down to single parts.
    """
    kept = list(range(plan.size))
    size = len(kept) // 2
    while size and most:
        start, cut = 0, False
        while start < len(kept) and most:
            without = kept[:start] + kept[start + size :]
            most -= 1
            if fails(plan.keeping(set(without))):
                kept, cut = without, True
            else:
                start += size
        if not cut or size > len(kept):
            size //= 2
    return plan.keeping(set(kept))
