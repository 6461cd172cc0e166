"""Each view at Slack's limits: texts one shorter, as long, and one longer; lists likewise.

The views are found by themselves: a new one is held here as soon as it is written. Where its
arguments can't be made from their types, `known.py` says how.
"""

import importlib
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.errors import SlackObjectFormationError

import bot
from bot.core.content import Beside, Home, Message
from bot.sandbox.blocks import check_message, check_view
from bot.sandbox.errors import SlackError
from tests.limits.known import LEAST, LONGEST, MOST, given_to
from tests.limits.making import Size, arguments

_TEXT = 40_000  # of a message, which Slack cuts beyond
_PLAIN = {"type": "plain_text", "text": "x"}
_EDGES = (24, 75, 150, 255, 2000, 3000)  # titles, buttons, headers, ids, fields, sections
_MANY = (10, 50, 100)  # options and lines, blocks of a message, blocks of a modal
_SURFACES = ("Block", "Mapping[str, typing.Any]", "Message", "Home", "Beside", "dict[str")
_WORDS = frozenset({"text", "link", "emoji"})  # of rich text: no blocks yet


@dataclass(frozen=True)
class View:
    """A view function."""

    module: str
    draw: Callable[..., Any]

    @property
    def is_whole(self) -> bool:
        """Whether Slack is given what it draws, and not only as a part of something."""
        made = str(inspect.signature(self.draw).return_annotation)
        return "Message" in made or "Home" in made or made.startswith("dict")

    def __str__(self) -> str:
        return f"{self.module.removeprefix('bot.')}.{self.draw.__name__}"


def views() -> Iterator[View]:
    """All that draw something: in every package `views`, and every module of views."""
    root = Path(bot.__file__).parent
    for file in sorted(root.rglob("*.py")):
        if "sandbox" in file.parts or file.name == "__init__.py":
            continue
        if file.parent.name == "views" or file.name.endswith("views.py"):
            name = ".".join(file.relative_to(root.parent).with_suffix("").parts)
            for draw in vars(importlib.import_module(name)).values():
                if inspect.isfunction(draw) and draw.__module__ == name and _draws(draw):
                    yield View(name, draw)


def _draws(function: Callable[..., Any]) -> bool:
    made = str(inspect.signature(function).return_annotation)
    return not function.__name__.startswith("_") and any(one in made for one in _SURFACES)


VIEWS = list(views())


def sizes(view: View) -> Iterator[Size]:
    """Each edge from both sides, then much of all at once; parts of a view only the latter."""
    texts = [(edge + step, 2) for edge in _EDGES for step in (-1, 0, 1)]
    lists = [(12, edge + step) for edge in _MANY for step in (-1, 0, 1)]
    edges = [(1, 1), (12, 0), *texts, *lists] if view.is_whole else []
    given = given_to(view.module)
    for text, many in edges:
        yield Size(text, many, "x", 0, given, LONGEST, MOST, LEAST)
    for choice in (0, 1):
        for text, many, filler in ((1, 1, "x"), (3000, 11, "ü\n"), (3000, 101, "&")):
            yield Size(text, many, filler, choice, given, LONGEST, MOST, LEAST)


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_slack_takes_what_a_view_draws(view: View) -> None:
    """However long the texts and lists are that it is given."""
    for size in sizes(view):
        try:
            hold(draw(view.draw, size))
        except (SlackError, SlackObjectFormationError) as error:
            about = f"{size.many} of {size.text} characters {size.filler!r}, choice {size.choice}"
            raise AssertionError(f"{about}: {error} {vars(error)}"[:600]) from error


def draw(view: Callable[..., Any], size: Size) -> Any:
    """What a view makes of arguments of a size."""
    given = arguments(view, size)
    signature = inspect.signature(view)
    several = [one.name for one in signature.parameters.values() if one.kind is one.VAR_POSITIONAL]
    more = [given.pop(name) for name in several]
    bound = signature.bind_partial(**given)
    return view(*bound.args, *more, **bound.kwargs)


def hold(made: Any) -> None:
    """Hold what was drawn against the sandbox's rules, which are Slack's."""
    match made:
        case None:
            pass
        case Message():
            assert 0 < len(made.text) <= _TEXT
            check_message(list(made.blocks))
        case Home():
            check_view({"type": "home", "blocks": list(made.blocks)}, "home")
        case Beside():
            _each([made.head, *made.lines])
        case {"type": "modal"}:
            check_view(made, "modal")
        case _:
            _hold_a_part(made)


def _hold_a_part(made: Any) -> None:
    match made:
        case {"type": "rich_text_section"}:
            _each([{"type": "rich_text", "elements": [made]}])
        case [{"type": kind}, *_] if kind in _WORDS:
            _hold_a_part({"type": "rich_text_section", "elements": made})
        case {"type": kind} if kind in _WORDS:
            _hold_a_part([made])
        case {"type": _}:
            _each([made])
        case (blocks, int()):  # with how many had no room
            _each(blocks)
        case list():
            _each(made)
        case Mapping():
            pass  # options by their values, and what was entered: nothing to be seen
        case _:
            _hold_a_part(list(made))


def _each(blocks: list[Any]) -> None:
    """Parts of something whole: how many fit is seen there."""
    for block in blocks:
        view = {"type": "modal", "title": _PLAIN, "submit": _PLAIN, "blocks": [block]}
        check_view(view, "modal")


def test_views_are_found_in_every_slice() -> None:
    """A guard of the guard: that it looks where views are."""
    found = {view.module.split(".")[1] for view in VIEWS}
    assert found == {"actions", "asking", "rituals", "teams"}
    assert len(VIEWS) > 80
