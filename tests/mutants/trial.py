"""One changed module on trial: its tests run in a process of their own until one fails."""

import importlib.abc
import importlib.machinery
import importlib.util
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from types import CodeType, ModuleType

import pytest

from tests.mutants.changes import Change

ROOT = Path(__file__).parents[2]
_LOOK_SECONDS = 0.02


class Fate(StrEnum):
    """What became of a change."""

    KILLED = "killed"  # a test failed
    TIMED_OUT = "timed out"  # none ended in time, which a person would have noticed too
    SURVIVED = "survived"


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the changed module in the other's place."""

    def __init__(self, name: str, code: CodeType) -> None:
        self._name = name
        self._code = code

    def find_spec(
        self, fullname: str, path: object, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._name:
            return None
        return importlib.util.spec_from_loader(fullname, self, origin=str(file_of(fullname)))

    def exec_module(self, module: ModuleType) -> None:
        module.__file__ = str(file_of(self._name))
        exec(self._code, module.__dict__)  # noqa: S102 - the project's own code


def file_of(module: str) -> Path:
    """The file of a module of this project."""
    return ROOT / f"{module.replace('.', '/')}.py"


def tried(
    changes: Sequence[Change], tests: Sequence[str], seconds: float, jobs: int
) -> Iterator[tuple[Change, Fate]]:
    """Whether the tests notice each change, within so many seconds; in the order they end."""
    waiting, running = list(reversed(changes)), dict[int, tuple[Change, float]]()
    while waiting or running:
        while waiting and len(running) < jobs:
            change = waiting.pop()
            running[_begin(change, tests)] = change, time.monotonic() + seconds
        for child, (change, until) in list(running.items()):
            fate = _fate(child, until)
            if fate is not None:
                del running[child]
                yield change, fate
        time.sleep(_LOOK_SECONDS)


def _begin(change: Change, tests: Sequence[str]) -> int:
    """The process that tries a change: one of its own, in which nothing of ours is loaded yet."""
    child = os.fork()
    if child:
        return child
    os.setsid()  # with whatever its tests start
    code = compile(change.tree(), str(file_of(change.module)), "exec")
    sys.meta_path.insert(0, _Changed(change.module, code))
    os._exit(_run(tests))


def _fate(child: int, until: float) -> Fate | None:
    """What became of a trial; None while nobody knows."""
    done, status = os.waitpid(child, os.WNOHANG)
    if done:
        return Fate.SURVIVED if status == 0 else Fate.KILLED
    if time.monotonic() < until:
        return None
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return Fate.TIMED_OUT


def unchanged(module: str) -> Change:
    """A module as it is: its tests must pass before any of its changes is tried."""
    return Change(module, file_of(module).read_text())


def _run(tests: Sequence[str]) -> int:
    """The tests' exit status; what they print goes nowhere."""
    os.chdir(ROOT)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    options = ["-x", "-q", "-p", "no:xdist", "-p", "no:cacheprovider", "--no-header"]
    return int(pytest.main([*options, *tests]))
