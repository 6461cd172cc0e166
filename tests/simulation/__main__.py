"""`python -m tests.simulation`: many seeds on all cores, or a kill at every point of a day."""

import argparse
import multiprocessing
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tests.simulation.crashes import at, day, points
from tests.simulation.plan import Plan, draw
from tests.simulation.report import report
from tests.simulation.run import Verdict, run
from tests.simulation.shrink import shrunk

_RUNS_OF_A_PROCESS = 200  # what libraries keep for good would add up in a night

console = Console()
Checked = tuple[int, tuple[str, ...], float]
"""A seed or a point, what does not hold there, and hours of calendar time."""


def main() -> int:
    words = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    words.add_argument("--seeds", type=int, default=1000, help="how many")
    words.add_argument("--first", type=int, default=1, help="the first of them")
    words.add_argument("--seed", type=int, help="this one alone, with all that happened")
    words.add_argument("--crashes", action="store_true", help="a kill at every point of a day")
    words.add_argument("--point", type=int, help="with --crashes: this point alone")
    words.add_argument("--jobs", type=int, default=multiprocessing.cpu_count())
    said = words.parse_args()
    if said.crashes:
        plan = day()
        if said.point is not None:
            return _tell(plan, partial(run, dies=at(said.point)))
        return _many(said.jobs, "points", _crash, points(), lambda _number: plan, _at_point)
    if said.seed is not None:
        return _tell(draw(said.seed), run)
    seeds = range(said.first, said.first + said.seeds)
    return _many(said.jobs, "seeds", _seed, seeds, draw, lambda _number: run)


def _at_point(number: int) -> Callable[[Plan], Verdict]:
    return partial(run, dies=at(number))


def _seed(seed: int) -> Checked:
    verdict = run(draw(seed))
    return seed, verdict.complaints, verdict.hours


def _crash(number: int) -> Checked:
    verdict = run(day(), dies=at(number))
    return number, verdict.complaints, verdict.hours


def _many(
    jobs: int,
    what: str,
    check: Callable[[int], Checked],
    numbers: Iterable[int],
    plan_of: Callable[[int], Plan],
    run_of: Callable[[int], Callable[[Plan], Verdict]],
) -> int:
    """Run them all; the first that fails is cut down and told, the others are named."""
    numbers, failed, hours = list(numbers), list[int](), 0.0
    for number, complaints, more in _checked(jobs, what, check, numbers):
        hours += more
        if complaints:
            failed.append(number)
            console.print(f"{what[:-1]} {number} fails: {complaints[0]}", markup=False)
    console.print(f"{len(numbers)} {what}, {hours / 24:,.0f} days of calendar time.")
    if not failed:
        return 0
    console.print(f"{len(failed)} failed: {failed}")
    return _tell(plan_of(failed[0]), run_of(failed[0]))


def _checked(
    jobs: int, what: str, check: Callable[[int], Checked], numbers: list[int]
) -> Iterator[Checked]:
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    context = multiprocessing.get_context("forkserver")
    with (
        Progress(*columns, console=console) as progress,
        context.Pool(jobs, maxtasksperchild=_RUNS_OF_A_PROCESS) as pool,
    ):
        task = progress.add_task(what, total=len(numbers))
        for found in pool.imap_unordered(check, numbers):
            progress.advance(task)
            yield found


def _tell(plan: Plan, check: Callable[[Plan], Verdict]) -> int:
    """Run a plan; where it fails, cut it down and print what is left."""
    verdict = check(plan)
    if verdict.complaints:
        plan = shrunk(plan, lambda smaller: bool(check(smaller).complaints))
        verdict = check(plan)
    for line in report(plan, verdict):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    return 1 if verdict.complaints else 0


if __name__ == "__main__":
    sys.exit(main())
