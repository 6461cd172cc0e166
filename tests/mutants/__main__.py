"""`python -m tests.mutants`: change each module a little, and see whether its tests notice."""

import argparse
import multiprocessing
import os
import sys
import time
from importlib import import_module

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from tests.mutants.changes import Change, changes
from tests.mutants.explained import EXPLAINED
from tests.mutants.subjects import SUBJECTS, Subject
from tests.mutants.trial import Fate, file_of, tried, unchanged

_LONGEST_SECONDS = 600.0
_TIMES, _SECONDS = 4, 20.0  # a trial may take so many times what the tests take, and that much more

Tried = tuple[Change, Fate]

console = Console()


def main() -> int:
    words = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    words.add_argument("modules", nargs="*", help="these alone, such as bot.core.cadence")
    words.add_argument("--line", type=int, help="the changes on this line alone")
    words.add_argument("--jobs", type=int, default=multiprocessing.cpu_count())
    said = words.parse_args()
    os.nice(19)
    _load()
    subjects = [one for one in SUBJECTS if not said.modules or one.module in said.modules]
    found = {one.module: _judge(one, said.jobs, said.line) for one in subjects}
    return _tell(found)


def _load() -> None:
    """What is not the project's own is loaded once, for all trials."""
    for name in ("slack_bolt.async_app", "sqlalchemy.orm", "alembic.command", "pydantic"):
        import_module(name)


def _judge(subject: Subject, jobs: int, line: int | None) -> list[Tried]:
    began = time.monotonic()
    ((_, fate),) = tried([unchanged(subject.module)], subject.tests, _LONGEST_SECONDS, 1)
    if fate is not Fate.SURVIVED:
        raise SystemExit(f"The tests of {subject.module} fail before anything is changed.")
    seconds = _SECONDS + _TIMES * jobs * (time.monotonic() - began)
    made = [
        one
        for one in changes(subject.module, file_of(subject.module).read_text(), subject.only)
        if line is None or one.line == line
    ]
    found = list[Tried]()
    columns = (TextColumn(subject.module), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    # It draws when it is told to: a process is not forked while a thread of ours is at work.
    with Progress(*columns, console=console, auto_refresh=False) as progress:
        task = progress.add_task(subject.module, total=len(made))
        for one in tried(made, subject.tests, seconds, jobs):
            found.append(one)
            progress.advance(task)
            progress.refresh()
    return sorted(found, key=lambda one: (one[0].line, one[0].what))


def _tell(found: dict[str, list[Tried]]) -> int:
    table = Table("module", "changes", "noticed", "explained", "gaps", "score")
    gaps = 0
    for module, fates in found.items():
        noticed = sum(fate is not Fate.SURVIVED for _, fate in fates)
        unnoticed, left = len(fates) - noticed, len(_gaps(fates))
        gaps += left
        score = f"{noticed / max(1, len(fates)):.0%}"
        table.add_row(module, *map(str, (len(fates), noticed, unnoticed - left, left)), score)
    console.print(table)
    for change in (one for fates in found.values() for one in _gaps(fates)):
        console.print(_named(change), markup=False, highlight=False, soft_wrap=True)
    return 1 if gaps else 0


def _gaps(fates: list[Tried]) -> list[Change]:
    """The changes that no test noticed, and nobody has explained."""
    survived = (change for change, fate in fates if fate is Fate.SURVIVED)
    return [one for one in survived if (one.module, one.what) not in EXPLAINED]


def _named(change: Change) -> str:
    return f"{file_of(change.module).name}:{change.line} {change.what}"


if __name__ == "__main__":
    sys.exit(main())
