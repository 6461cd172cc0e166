"""`python -m tests.simulation`: many seeds on all cores, or a kill at every point of a day."""

import argparse
import multiprocessing
import sys
from collections.abc import Callable, Sequence
from functools import partial

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tests.simulation import many
from tests.simulation.crashes import DAYS, at, points
from tests.simulation.many import Check, Checked
from tests.simulation.plan import Plan, draw
from tests.simulation.report import report
from tests.simulation.run import Verdict, run
from tests.simulation.shrink import shrunk

Run = Callable[[Plan], Verdict]

console = Console()


def main() -> int:
    words = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    words.add_argument("--seeds", type=int, default=1000, help="how many")
    words.add_argument("--first", type=int, default=1, help="the first of them")
    words.add_argument("--seed", type=int, help="this one alone, with all that happened")
    words.add_argument("--crashes", action="store_true", help="a kill at every point of a day")
    words.add_argument("--day", choices=DAYS, help="with --crashes: this one alone")
    words.add_argument("--point", type=int, help="with --crashes: this point alone")
    words.add_argument("--jobs", type=int, default=multiprocessing.cpu_count())
    said = words.parse_args()
    if said.point is not None:
        return _tell(DAYS[said.day or "usual"](), _dying_at(said.point))
    if said.seed is not None:
        return _tell(draw(said.seed), run)
    if said.crashes:
        return max(_crashes(said.jobs, name) for name in DAYS if said.day in (name, None))
    seeds = range(said.first, said.first + said.seeds)
    failed = _failed(said.jobs, "seeds", many.seed, seeds)
    return _tell(draw(failed[0]), run) if failed else 0


def _crashes(jobs: int, name: str) -> int:
    """Kill it at every point of a day."""
    plan = DAYS[name]()
    what = f"points of the day {name!r}"
    failed = _failed(jobs, what, partial(many.point, name), points(plan))
    return _tell(plan, _dying_at(failed[0])) if failed else 0


def _dying_at(point: int) -> Run:
    return partial(run, dies=at(point))


def _failed(jobs: int, what: str, check: Check, numbers: Sequence[int]) -> list[int]:
    """Check them all; answers those that failed, each of which is named as it comes."""
    found = list[Checked]()
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(what, total=len(numbers))
        for one in many.checked(jobs, check, numbers):
            found.append(one)
            progress.advance(task)
            if one.complaints:
                console.print(f"{one.number} fails: {one.complaints[0]}", markup=False)
    days = sum(one.hours for one in found) / 24
    failed = sorted(one.number for one in found if one.complaints)
    console.print(f"{len(found):,} {what}, {days:,.0f} days: {len(failed)} failed. {failed or ''}")
    return failed


def _tell(plan: Plan, check: Run) -> int:
    """Run a plan; where it fails, cut it down. Print all that happened in what is left."""
    verdict = check(plan)
    if verdict.complaints:
        console.print("Cutting it down …")
        plan = shrunk(plan, lambda smaller: bool(check(smaller).complaints))
        verdict = check(plan)
    for line in report(plan, verdict):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    return 1 if verdict.complaints else 0


if __name__ == "__main__":
    sys.exit(main())
