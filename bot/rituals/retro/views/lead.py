"""The facilitator's screens: move on, give time, merge like notes, close."""

from collections.abc import Iterator, Mapping
from typing import Any, assert_never

from slack_sdk.models.blocks import (
    ButtonElement,
    ConfirmObject,
    InteractiveElement,
    StaticMultiSelectElement,
    StaticSelectElement,
)
from slack_sdk.models.blocks import Option as Choice

from bot.asking.upkeep.words import on_each_clock
from bot.core.content import Block
from bot.core.text import clamp, escape, one_line
from bot.rituals.retro.model import FEWEST, Stage
from bot.rituals.retro.views import words
from bot.rituals.retro.views.setup import span
from bot.rituals.retro.views.shown import Led, Table
from bot.slack import blocks

NEXT, FEW, EXTEND, CLOSE = "retro.next", "retro.few", "retro.extend", "retro.close"
MERGE, MERGED, PART = "retro.merge", "retro.merged", "retro.part"
TITLE, MERGE_TITLE = "Facilitate", "Merge like notes"
SPANS = (60, 4 * 60, 24 * 60, 48 * 60)  # minutes
TWO = "Choose at least two that say the same."
_IN_MENU = 100
_OPTION = 75
_PARTED = 40
_NEXT = {
    Stage.COLLECT: "Show the notes now",
    Stage.SORT: "Begin the vote now",
    Stage.VOTE: "End the vote now",
    Stage.DISCUSS: "Close with a summary",
}


def lead_modal(shown: Led) -> dict[str, Any]:
    """Where it is, and what whoever leads it may do."""
    return blocks.modal(TITLE, list(_lines(shown)), metadata=str(shown.retro_id))


def _lines(shown: Led) -> Iterator[Block]:
    if shown.said:
        yield blocks.section(shown.said)
    about = f"*{escape(clamp(one_line(shown.title), 80))}* in <#{shown.channel}>"
    if shown.stage is Stage.CLOSED:
        yield blocks.section(f"{about} is closed.")
        return
    until = f", until {on_each_clock(shown.ends)}" if shown.ends and not shown.held else ""
    yield blocks.section(f"{about} is {words.stage(shown.stage)}{until}.\n{_then(shown)}")
    yield blocks.actions(_actions(shown))
    yield blocks.context(f"{escape(words.name(shown.leader))} leads it.")


def _then(shown: Led) -> str:
    """What comes by itself, in mrkdwn."""
    if shown.held:
        return (
            f"Fewer than {FEWEST} people have said that they are done, or there are fewer than "
            f"{FEWEST} notes, so they could tell who wrote them. Give it more "
            "time, or show them and say so openly. Until you choose, people can go on adding notes."
        )
    match shown.stage:
        case Stage.COLLECT:
            return "Then, or once all are done, the notes are shown together."
        case Stage.SORT:
            return "Merge like notes meanwhile; then the vote begins by itself."
        case Stage.VOTE:
            return "Then, or once all have voted, the first three topics get a thread each."
        case Stage.DISCUSS:
            return "Then, or once all are done, its message becomes the summary."
        case Stage.CLOSED:
            return ""
        case _:
            assert_never(shown.stage)


def _actions(shown: Led) -> Iterator[InteractiveElement]:
    value = f"{shown.retro_id} {shown.stage}"
    if shown.stage is Stage.SORT and shown.topics > 1:
        yield blocks.button("Merge like notes", MERGE, value, primary=True)
    if shown.held:
        yield _confirmed(
            blocks.button("Show them, and say so", FEW, value),
            f"Fewer than {FEWEST} took part, or wrote: it may be plain who wrote what. "
            "The message says so.",
            "Show them",
        )
    else:
        yield blocks.button(_NEXT[shown.stage], NEXT, value)
    options = [
        Choice(value=f"{value} {one}", label=f"{span(one).capitalize()} more") for one in SPANS
    ]
    yield StaticSelectElement(action_id=EXTEND, placeholder="Give more time", options=options)
    if shown.stage is not Stage.DISCUSS:
        yield _confirmed(
            blocks.button("Close …", CLOSE, value),
            _closing(shown),
            "Close it",
        )


def _closing(shown: Led) -> str:
    """What comes of it if it is closed now. Before the deadline nobody learns whether few wrote."""
    if shown.held:
        return "It ends now, and the notes are deleted unread: nobody will ever see them."
    told = "It ends now, without what would have come next; its message becomes the summary."
    if shown.stage is Stage.COLLECT and shown.anonymous:
        few = f"with fewer than {FEWEST} people done, or fewer than {FEWEST} notes"
        return f"{told} But {few}, the notes are deleted unread."
    return told


def _confirmed(button: ButtonElement, asked: str, yes: str) -> ButtonElement:
    button.confirm = ConfirmObject(title="Are you sure?", text=asked, confirm=yes, deny="Not yet")
    return button


def merge_modal(table: Table, said: str = "") -> dict[str, Any]:
    """Choose what says the same; parted again with a button each."""
    made: list[Block] = [blocks.section(said)] if said else []
    made.append(
        blocks.section("Choose notes that say the same: they become one topic to vote for.")
    )
    made += _menus(table)
    made += _merged(table)
    return blocks.modal(
        MERGE_TITLE,
        made,
        callback=MERGED,
        submit="Merge",
        close="Done",
        metadata=str(table.retro_id),
    )


def _menus(table: Table) -> Iterator[Block]:
    # Of other topics other blocks: what was chosen before the last merging is chosen no more.
    of = sum(one.parts for one in table.options)
    for number, title in enumerate(table.columns):
        mine = [one for one in table.options if one.column == number]
        for start in range(0, len(mine), _IN_MENU):
            options = [
                Choice(value=str(one.id), label=_label(one.text, one.parts))
                for one in mine[start : start + _IN_MENU]
            ]
            label = title if start == 0 else f"{title}, continued"
            menu = StaticMultiSelectElement(
                action_id="topics", options=options, placeholder="Choose notes"
            )
            name = f"topics:{number}:{start}:{len(table.options)}:{of}"
            yield blocks.input_block(name, label, menu, optional=True)


def _label(text: str, parts: int) -> str:
    alike = f" (+{parts})" if parts else ""
    return f"{clamp(one_line(text), _OPTION - len(alike)) or '…'}{alike}"


def _merged(table: Table) -> Iterator[Block]:
    merged = [one for one in table.options if one.parts]
    if merged:
        yield blocks.divider()
    for one in merged[:_PARTED]:
        text = escape(clamp(one_line(one.text), 200))
        button = blocks.button("Take apart", PART, f"{table.retro_id} {one.id}")
        yield blocks.section(f"{text} _(+{one.parts} alike)_", button)


def entered(view: Mapping[str, Any]) -> tuple[list[int], str]:
    """The ids of what is chosen, and the first block with something chosen; else the first."""
    values = view["state"]["values"]
    chosen = {
        block: [int(option["value"]) for option in actions["topics"].get("selected_options") or []]
        for block, actions in values.items()
    }
    here = next((block for block, ids in chosen.items() if ids), next(iter(values), ""))
    return [one for ids in chosen.values() for one in ids], here
