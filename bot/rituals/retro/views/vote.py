"""The form of votes: boxes to tick, or where there are too many for that, menus."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from slack_sdk.models.blocks import CheckboxesElement, StaticMultiSelectElement
from slack_sdk.models.blocks import Option as Choice

from bot.asking.items import open_until
from bot.core.content import Block
from bot.core.text import clamp, escape, one_line
from bot.rituals.retro.views import words
from bot.rituals.retro.views.shown import Ballot, Votable
from bot.slack import blocks

VOTES = "retro.votes"
TITLE = "Votes"
_TEXT = 75  # of an option, and as much in its second line
_BOXES, _IN_MENU = 10, 100
_TICKED = 60  # so many topics can be boxes


def vote_modal(shown: Ballot) -> dict[str, Any]:
    """What one chooses between."""
    number = "1 vote" if shown.votes == 1 else f"up to {shown.votes} votes"
    about = escape(clamp(one_line(shown.title), 80))
    told = (
        f"*{about}* in <#{shown.channel}>: you have {number}. {open_until(shown.window)}. "
        "Nobody sees how it stands before the end, and then only how many each topic has."
    )
    read_all = blocks.button("Read all", words.READ_ALL, f"{shown.retro_id} 0")
    return blocks.modal(
        TITLE,
        [blocks.section(told, read_all), *_choices(shown)],
        callback=VOTES,
        submit="Vote",
        metadata=str(shown.retro_id),
    )


def _choices(shown: Ballot) -> Iterator[Block]:
    ticked = len(shown.options) <= _TICKED
    together = _BOXES if ticked else _IN_MENU
    for number, title in enumerate(shown.columns):
        mine = [one for one in shown.options if one.column == number]
        for start in range(0, len(mine), together):
            some = mine[start : start + together]
            label = title if start == 0 else f"{title}, continued"
            element = _boxes(some, shown) if ticked else _menu(some, shown)
            yield blocks.input_block(f"votes:{number}:{start}", label, element, optional=True)


def _boxes(some: Sequence[Votable], shown: Ballot) -> CheckboxesElement:
    options = [_option(one) for one in some]
    chosen = [each for each, one in zip(options, some, strict=True) if one.id in shown.chosen]
    return CheckboxesElement(action_id="votes", options=options, initial_options=chosen or None)


def _menu(some: Sequence[Votable], shown: Ballot) -> StaticMultiSelectElement:
    options = [_option(one) for one in some]
    chosen = [each for each, one in zip(options, some, strict=True) if one.id in shown.chosen]
    return StaticMultiSelectElement(
        action_id="votes",
        options=options,
        initial_options=chosen or None,
        placeholder="Choose topics",
    )


def _option(one: Votable) -> Choice:
    """Its beginning, and in a second line how it goes on."""
    text = one_line(one.text) or "…"
    alike = f" (+{one.parts} alike)" if one.parts else ""
    first, rest = _broken(text)
    second = clamp(f"{clamp(rest, _TEXT - len(alike))}{alike}".strip(), _TEXT)
    return Choice(value=str(one.id), label=first, description=second or None)


def _broken(text: str) -> tuple[str, str]:
    """A line, and what doesn't fit into it; broken between words where there are any."""
    if len(text) <= _TEXT:
        return text, ""
    at = text.rfind(" ", 0, _TEXT)
    if at < _TEXT // 2:
        at = _TEXT
    return clamp(text[:at].rstrip(), _TEXT), text[at:].lstrip()


def entered(view: Mapping[str, Any]) -> tuple[list[int], str]:
    """The ids of what is chosen, and the block to say what is wrong under."""
    chosen, block = list[int](), ""
    for name, actions in view["state"]["values"].items():
        some = actions["votes"].get("selected_options") or []
        chosen += [int(option["value"]) for option in some]
        block = name if some or not block else block
    return chosen, block


def too_many(votes: int, chosen: int) -> str:
    """More votes than one has."""
    have = "1 vote" if votes == 1 else f"{votes} votes"
    return f"You have {have}, and chose {chosen}. Take {chosen - votes} back."
