"""Many runs, on as many cores as there are."""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tests.simulation.crashes import DAYS, at
from tests.simulation.plan import draw
from tests.simulation.run import run

_RUNS_OF_A_PROCESS = 500  # what libraries keep for good would add up in a night


@dataclass(frozen=True)
class Checked:
    """What a run came to, by its seed or its point."""

    number: int
    complaints: tuple[str, ...]
    hours: float  # of calendar time


Check = Callable[[int], Checked]


def seed(number: int) -> Checked:
    """A run by its seed."""
    verdict = run(draw(number))
    return Checked(number, verdict.complaints, verdict.hours)


def point(name: str, number: int) -> Checked:
    """One of the days with a kill at this point."""
    verdict = run(DAYS[name](), dies=at(number))
    return Checked(number, verdict.complaints, verdict.hours)


def checked(jobs: int, check: Check, numbers: Sequence[int]) -> Iterator[Checked]:
    """Run them all; each as it ends."""
    context = multiprocessing.get_context("forkserver")
    with context.Pool(jobs, maxtasksperchild=_RUNS_OF_A_PROCESS) as pool:
        yield from pool.imap_unordered(check, numbers)
