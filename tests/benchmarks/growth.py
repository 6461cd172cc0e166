"""1,000 people due, among ever more who aren't."""

import asyncio

from tests.benchmarks.report import Row, middle
from tests.benchmarks.team import crowd, database
from tests.benchmarks.tick_due import DUE, EVENING, LATER, tick

_THOUSANDS = (1, 10, 100)
_ROUNDS = 5
_AIM = 1.5


def run(*, quick: bool) -> list[Row]:
    found: dict[int, float] = {}
    for thousands in _THOUSANDS[: 2 if quick else None]:
        seconds = [_once(thousands) for _ in range(1 if quick else _ROUNDS)]
        found[thousands] = middle(seconds)
    least = found[1]
    return [
        Row(
            "growth",
            f"1,000 due among {thousands},000 people",
            f"{seconds:.3f} s",
            "itself at 1,000",
            f"{seconds / least:.2f}",
            f"≤ {_AIM}",
            seconds / least <= _AIM,
        )
        for thousands, seconds in found.items()
    ]


def _once(thousands: int) -> float:
    with database() as opened:
        crowd(opened, EVENING, [DUE] + [LATER] * (thousands - 1))
        return asyncio.run(tick(opened, 1000))[0]
