"""`python -m tests.benchmarks [name …]`: each in a process of its own, then one table."""

import argparse
import gc
import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.core.clock import SystemMachine
from tests.benchmarks.report import HEAD, Row, from_json, machine, markdown, to_json

NAMES = (
    "bolt_ack",
    "answer",
    "action_item_ack",
    "ticket",
    "poll",
    "tick_due",
    "growth",
    "relay",
    "render",
    "risks",
    "retros",
    "busy",
    "start",
)
_MARK = "figures: "
_PAGE = Path("docs/benchmarks.md")
_BEGIN, _END = "<!-- figures -->", "<!-- end of figures -->"


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("names", nargs="*", metavar="name", help=", ".join(NAMES))
    words.add_argument("--quick", action="store_true", help="a tenth of the work, to see it run")
    words.add_argument("--write", action="store_true", help=f"put the table into {_PAGE}")
    words.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    said = words.parse_args()
    if unknown := [one for one in said.names if one not in NAMES]:
        words.error(f"there is no benchmark {', '.join(unknown)}; there are {', '.join(NAMES)}")
    names = said.names or NAMES
    if said.here:
        for name in names:
            print(_MARK + json.dumps(to_json(_run_here(name, quick=said.quick))))
        return
    rows = [row for name in names for row in _run(name, quick=said.quick)]
    on = machine(SystemMachine().utc().date())
    _show(rows, on)
    if said.write:
        _write(rows, on)


def _run_here(name: str, *, quick: bool) -> list[Row]:
    run = import_module(f"tests.benchmarks.{name}").run
    gc.collect()
    gc.freeze()  # as the bot does once it is ready
    found: list[Row] = run(quick=quick)
    return found


def _run(name: str, *, quick: bool) -> list[Row]:
    """In a process of its own: what one leaves in memory slows no other down."""
    print(f"{name} …", file=sys.stderr, flush=True)
    words = [sys.executable, "-m", "tests.benchmarks", name, "--here"]
    done = subprocess.run(
        [*words, "--quick"] if quick else words, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        return [Row(name, "failed; its error stands above", "-")]
    said = next(line for line in done.stdout.splitlines() if line.startswith(_MARK))
    return from_json(json.loads(said.removeprefix(_MARK)))


def _show(rows: list[Row], on: str) -> None:
    table = Table(*HEAD, title=on, title_justify="left")
    for row in rows:
        table.add_row(*row.cells())
    Console().print(table)


def _write(rows: list[Row], on: str) -> None:
    page = _PAGE.read_text(encoding="utf-8")
    before, rest = page.split(_BEGIN)
    after = rest.split(_END)[1]
    table = f"{_BEGIN}\n{on}\n\n{markdown(rows)}\n{_END}"
    _PAGE.write_text(f"{before}{table}{after}", encoding="utf-8")


main()
