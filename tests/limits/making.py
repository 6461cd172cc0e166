"""Values of whatever type a view takes, as long as asked: made from its annotations."""

import dataclasses
import itertools
import types
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

_DAY, _AT = date(2026, 3, 30), datetime(2026, 3, 30, 7, 30, tzinfo=UTC)
_WITHIN = 3  # elements of a list within a list
_LISTS = (list, Sequence, Iterable, Collection, Iterator)

Given = Mapping[str | type, Any]
"""Values by class and field, by field, or by type; a function makes one."""


@dataclass
class Size:
    """How much of everything."""

    text: int  # characters
    many: int  # elements of a list
    filler: str = "x"
    choice: int = 0  # which of an enum's members or of a union's types
    given: Given = field(default_factory=dict)
    longest: Mapping[str, int] = field(default_factory=dict)  # by class and field
    most: Mapping[str, int] = field(default_factory=dict)
    least: Mapping[str, int] = field(default_factory=dict)
    count: Iterator[int] = field(default_factory=itertools.count)

    def number(self) -> int:
        """A number that nothing else has."""
        return next(self.count)

    def words(self, limit: int | None = None) -> str:
        """A text that nothing else has."""
        length = self.text if limit is None else min(self.text, limit)
        mark = f"{self.number()}"
        return (mark + self.filler * length)[:length] if length > len(mark) else mark[:length]


class CannotMake(TypeError):  # noqa: N818 - it names what happened
    """Nobody has said how such a value is made."""


def arguments(view: Callable[..., Any], size: Size) -> dict[str, Any]:
    """What to call a view with."""
    hints = get_type_hints(view, include_extras=True)
    hints.pop("return", None)
    return {name: make(hint, size, f"{view.__name__}.{name}") for name, hint in hints.items()}


def make(hint: Any, size: Size, place: str) -> Any:
    """A value of a type; `place` is the class and the field that it is for."""
    name = place.rpartition(".")[2]
    for key in (place, name):
        if key in size.given:
            found = size.given[key]
            return found(size) if isinstance(found, types.FunctionType) else found
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return make(args[0], size, place)
    if isinstance(hint, TypeVar):
        raise CannotMake(f"{place}: {hint}")
    if origin in (Union, types.UnionType):
        kinds = [one for one in args if one is not types.NoneType]
        nothing = types.NoneType in args
        chosen = size.choice % (len(kinds) + nothing)
        return None if chosen >= len(kinds) else make(kinds[chosen], size, place)
    if origin is Literal:
        return args[size.choice % len(args)]
    if origin in (tuple, frozenset, set, Mapping, dict, *_LISTS):
        return _several(origin, args, size, place)
    return _plain(origin or hint, size, place)


def _several(origin: Any, args: Any, size: Size, place: str) -> Any:
    many = max(size.least.get(place, 0), min(size.many, size.most.get(place, size.many)))
    # Lists of long lists of long lists would take all the time there is.
    size = replace(size, many=min(many, _WITHIN))
    if origin is tuple and len(args) == 2 and args[1] is Ellipsis:
        return tuple(make(args[0], size, place) for _ in range(many))
    if origin is tuple:
        return tuple(make(one, size, place) for one in args)
    if origin in _LISTS:
        return [make(args[0], size, place) for _ in range(many)]
    if origin in (frozenset, set):
        return frozenset(make(args[0], size, place) for _ in range(many))
    return {make(args[0], size, place): make(args[1], size, place) for _ in range(many)}


def _plain(kind: Any, size: Size, place: str) -> Any:  # noqa: C901 - one case for each type
    if kind in size.given:
        known = size.given[kind]
        return known(size) if isinstance(known, types.FunctionType) else known
    if not isinstance(kind, type):
        raise CannotMake(f"{place}: {kind}")
    if issubclass(kind, Enum):
        members = list(kind)
        return members[size.choice % len(members)]
    if issubclass(kind, bool):
        return size.choice % 2 == 0
    if issubclass(kind, str):
        return size.words(size.longest.get(place, size.longest.get(place.rpartition(".")[2])))
    if issubclass(kind, int):
        return size.number() + 1
    if issubclass(kind, float):
        return 3.5
    if issubclass(kind, datetime):
        return _AT
    if issubclass(kind, date):
        return _DAY
    if issubclass(kind, time):
        return time(9, 30)
    if issubclass(kind, timedelta):
        return timedelta(hours=2)
    if dataclasses.is_dataclass(kind) or issubclass(kind, BaseModel):
        hints = get_type_hints(kind, include_extras=True)
        names = (
            kind.model_fields
            if issubclass(kind, BaseModel)
            else [one.name for one in dataclasses.fields(kind) if one.init]
        )
        return kind(**{name: make(hints[name], size, f"{kind.__name__}.{name}") for name in names})
    raise CannotMake(f"{place}: {kind}")
