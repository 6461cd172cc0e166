"""What benchmarks say, as a table for the terminal and for docs/benchmarks.md."""

import os
import platform
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Row:
    """One figure; `ratio` is against the reference, as the aim counts it."""

    name: str
    what: str
    figure: str
    reference: str = "-"
    ratio: str = "-"
    aim: str = "-"
    met: bool | None = None  # None: it has no aim

    @property
    def verdict(self) -> str:
        return "" if self.met is None else ("yes" if self.met else "no")

    def cells(self) -> tuple[str, ...]:
        return (
            self.name,
            self.what,
            self.figure,
            self.reference,
            self.ratio,
            self.aim,
            self.verdict,
        )


HEAD = ("benchmark", "work", "figure", "reference", "ratio", "aim", "met")


def from_json(rows: Sequence[dict[str, Any]]) -> list[Row]:
    return [Row(**row) for row in rows]


def to_json(rows: Sequence[Row]) -> list[dict[str, Any]]:
    return [asdict(row) for row in rows]


def markdown(rows: Sequence[Row]) -> str:
    """The table as it stands in docs/benchmarks.md."""
    lines = [HEAD, tuple("---" for _ in HEAD), *(row.cells() for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def machine(on: date) -> str:
    """What machine this is, and when."""
    return (
        f"{on.isoformat()}, {os.cpu_count()} cores ({_processor()}), {platform.system()} "
        f"{platform.release().split('-')[0]}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}"
    )


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as info:
            names = [line.split(":")[1].strip() for line in info if line.startswith("model name")]
    except OSError:
        names = []
    return names[0] if names else platform.machine()


def middle(values: Sequence[float]) -> float:
    return median(values)


def percentile(values: Sequence[float], part: float) -> float:
    """The value below which `part` (0 to 1) of them lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"
