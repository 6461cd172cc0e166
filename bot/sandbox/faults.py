"""Trouble on demand: what goes wrong with the next calls of a method, or of a path of Jira's."""

from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal, cast, get_args

from bot.sandbox.errors import ControlError
from bot.sandbox.world import Json

Mode = Literal["drop_before", "drop_after", "status", "delay", "error"]
ANY_METHOD = "*"


@dataclass
class Fault:
    """One kind of trouble, for `left` more calls; None means until it is cleared.

    `method` is one of Slack's, `*` for all of those, or a path of Jira's with `*` for any part of
    it and maybe a verb before: `POST /jira/rest/api/*/issue`.
    """

    method: str
    mode: Mode
    left: int | None
    status: int = 500
    retry_after: int | None = None
    seconds: float = 0.0
    after: bool = False
    error: str = "internal_error"


class Faults:
    """The troubles in wait, oldest first."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, body: Json) -> None:
        self._waiting.append(parse(body))

    def clear(self, method: str | None = None) -> None:
        self._waiting = [each for each in self._waiting if method and each.method != method]

    def next(self, method: str) -> Fault | None:
        """The trouble for this call of Slack's, which thereby counts."""
        return self._take(lambda named: named in (method, ANY_METHOD))

    def next_at(self, verb: str, path: str) -> Fault | None:
        """The trouble for this call of Jira's, likewise."""
        return self._take(lambda named: _names(named, verb, path))

    def _take(self, fits: Callable[[str], bool]) -> Fault | None:
        for fault in self._waiting:
            if fits(fault.method):
                if fault.left is not None:
                    fault.left -= 1
                self._waiting = [each for each in self._waiting if each.left != 0]
                return fault
        return None

    def shown(self) -> list[Json]:
        return [vars(fault).copy() for fault in self._waiting]


def _names(named: str, verb: str, path: str) -> bool:
    wanted, _, pattern = named.rpartition(" ")
    return wanted in ("", verb) and pattern.startswith("/") and fnmatchcase(path, pattern)


def parse(body: Json) -> Fault:
    """The trouble that a control call asks for."""
    method, mode = body.get("method"), body.get("mode")
    if not isinstance(method, str) or not method:
        raise ControlError("a fault needs the method it is for")
    if mode not in get_args(Mode):
        raise ControlError(f"a fault's mode is one of {', '.join(get_args(Mode))}")
    count = body.get("count", 1)
    if count is not None and (not isinstance(count, int) or count < 1):
        raise ControlError("a fault's count is a whole number above 0, or null until cleared")
    fault = Fault(method, cast("Mode", mode), count, after=body.get("after") is True)
    if mode == "status":
        _parse_status(fault, body)
    if mode == "delay":
        fault.seconds = _number(body.get("seconds"), "seconds")
    if mode == "error":
        fault.error = str(body.get("error", "internal_error"))
    return fault


def _parse_status(fault: Fault, body: Json) -> None:
    fault.status = int(_number(body.get("status"), "status"))
    if not 400 <= fault.status <= 599:
        raise ControlError("a fault's status is between 400 and 599")
    if body.get("retry_after") is not None:
        fault.retry_after = int(_number(body["retry_after"], "retry_after"))


def _number(value: object, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ControlError(f"this fault needs {name}, a number")
    return float(value)
