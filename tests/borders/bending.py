"""Bends JSON: fields that are missing, of another type, huge, odd; ids that nobody knows."""

import copy
import json
import re
from random import Random
from typing import Any

Path = tuple[str | int, ...]

ODD_TEXT = (
    "",
    " ",
    "\u0000",
    "\ud800",  # half of a pair
    "a\u0000b\udfffc",
    "\u202e\u200f\u200b",  # turns the direction, and takes no room
    "e\u0301" * 50,
    "👩\u200d👩\u200d👧\u200d👦" * 40,
    "\ufeffﷺ" * 30,
    "<!channel> <@U01MEI> & *x* {panic} [~mei] `|` :tada:",
    "=cmd|' /C calc'!A0",
    "'; DROP TABLE people; --",
    "x" * 3001,
    "ü" * 7000,
    "\n" * 5000,
    "0",
    "-1",
    "9" * 30,
    "1e309",
    "NaN",
    "٣",  # a digit, but not of ours
    "2026-02-30",
    "25:61",
    "U99NOBODY",
    "C99NOWHERE",
    "null",
    "[]",
    "{}",
)
OTHERS: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    2**63,
    10**40,
    1.5,
    [],
    {},
    [None],
    [[]],
    {"id": None},
    {"value": {"value": []}},
)
_HIGHER_UP = 0.15  # how often what is bent holds more
_NUMBER = re.compile(r"\d+")


def bent(payload: Any, chance: Random, *, most: int = 2) -> tuple[Any, list[Path]]:
    """A copy of a payload, bent in one to `most` places; and the ways to these."""
    made = copy.deepcopy(payload)
    paths = list[Path]()
    for _ in range(chance.randint(1, most)):
        path = _somewhere(made, chance)
        if path:
            _bend(made, path, chance)
            paths.append(path)
    return made, paths


def _somewhere(payload: Any, chance: Random) -> Path:
    """A place: each turn is as likely as the others, so that what is deep is no more so."""
    path: Path = ()
    at = payload
    while isinstance(at, (dict, list)) and at:
        key = chance.choice(list(at) if isinstance(at, dict) else range(len(at)))
        path, at = (*path, key), at[key]
        if chance.random() < _HIGHER_UP:
            break
    return path


def _bend(payload: Any, path: Path, chance: Random) -> None:
    parent = payload
    for key in path[:-1]:
        parent = parent[key]
    key, old = path[-1], parent[path[-1]]
    match chance.randrange(6):
        case 0:
            del parent[key]
        case 1:
            parent[key] = copy.deepcopy(chance.choice(OTHERS))
        case 2 | 3:
            parent[key] = chance.choice(ODD_TEXT)
        case 4:
            parent[key] = _other(old, chance)
        case _:
            parent[key] = _more(old, chance)


def _other(old: Any, chance: Random) -> Any:
    """The same kind of thing: another number, other JSON, some of a text."""
    if isinstance(old, bool) or not isinstance(old, (str, int)):
        return [old]
    if isinstance(old, int):
        return old + chance.choice((-1, 1, 1000, 2**31, 2**63))
    if old.startswith(("{", "[")):
        try:
            return json.dumps(bent(json.loads(old), chance)[0])
        except ValueError:
            return old[: len(old) // 2]
    if _NUMBER.search(old):
        return _NUMBER.sub(chance.choice(("0", "7", "99999", "9" * 25)), old, count=1)
    return old[: chance.randint(0, len(old))]


def _more(old: Any, chance: Random) -> Any:
    """More of it than anybody sends."""
    if isinstance(old, str):
        return (old or "x") * chance.choice((2, 20, 200))
    if isinstance(old, list):
        return old * 12
    if isinstance(old, dict):
        return old | {f"more {number}": copy.deepcopy(old) for number in range(5)}
    return [old] * 200
