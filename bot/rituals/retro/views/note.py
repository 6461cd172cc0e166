"""The form of notes: write one after the other, change one, take one back."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from bot.asking.items import Window, open_until
from bot.core.content import Block
from bot.core.text import clamp, escape, one_line
from bot.rituals.retro.model import FEWEST, NOTE, Past, Stage
from bot.slack import blocks, inputs

NOTES, CLOSED = "retro.notes", "retro.notes.closed"
CHANGE, DROP, BACK = "retro.note.change", "retro.note.drop", "retro.note.back"
TITLE = "Notes"
MOST = 40  # notes in one window: of an anonymous retro their tokens travel with it
EMPTY = "Write something, or close this window."
_SHOWN = 300
_ROOM = 3000  # characters, of what travels with a form
_FEW_LATE = (
    f"Notes that come late are shown from {FEWEST} on: fewer could tell who wrote them, so they "
    "are dropped unread."
)
_FULL = (
    f"This window is full: it holds {MOST} notes. To add more, close it and open another. "
    "What is written here is kept, but can't be changed then."
)
_HELD = ":lock: *Anonymous.* You can change or take back these only while this window is open."


@dataclass(frozen=True)
class Carried:
    """What travels with the form. Whoever has a token may change its note, and nobody else."""

    retro_id: int
    token: str  # of the note that is being written
    tokens: tuple[str, ...] = ()  # of those written in this window, if nothing else knows whose
    late: bool = False
    turn: int = 0  # how often the note was changed before; what comes later counts
    begun: str = ""  # of another note, left half-typed to change this one
    column: int = 0  # of that one


def packed(carried: Carried) -> str:
    """The tokens above all: a begun note for which Slack leaves no room stays behind."""
    # Not escaped, for a note may be as long in escapes as all that Slack takes.
    said = json.dumps(asdict(carried), separators=(",", ":"), ensure_ascii=False)
    return said if len(said) <= _ROOM or not carried.begun else packed(replace(carried, begun=""))


def unpacked(metadata: str) -> Carried:
    found = json.loads(metadata)
    return Carried(**{**found, "tokens": tuple(found["tokens"])})


@dataclass(frozen=True)
class Written:
    """A note of one's own."""

    token: str
    column: int
    text: str


@dataclass(frozen=True)
class NotesShown:
    """What the form is filled with."""

    title: str
    channel: str
    columns: tuple[str, ...]
    anonymous: bool
    window: Window
    mine: tuple[Written, ...]
    late: bool = False


def notes_modal(shown: NotesShown, carried: Carried) -> dict[str, Any]:
    """What one has written here, and room for the next."""
    changing = next((one for one in shown.mine if one.token == carried.token), None)
    full = shown.anonymous and len(carried.tokens) >= MOST and changing is None
    made = [*_head(shown), *_mine(shown, changing)]
    if full:
        made.append(blocks.section(_FULL))
    else:
        made += _form(shown, changing, carried)
    return blocks.modal(
        TITLE,
        made,
        callback=NOTES,
        submit=None if full else "Save" if changing else "Add",
        metadata=packed(carried),
    )


def _head(shown: NotesShown) -> Iterator[Block]:
    about = escape(clamp(one_line(shown.title), 80))
    if shown.late:
        enough = f", if at least {FEWEST} notes come late" if shown.anonymous else ""
        yield blocks.section(
            f"*{about}* in <#{shown.channel}> takes no more notes for the vote. What you write "
            f"here comes up when the discussion begins{enough}."
        )
    else:
        yield blocks.section(f"*{about}* in <#{shown.channel}> · {open_until(shown.window)}")
    if shown.anonymous:
        yield blocks.context(_HELD if shown.mine else _unsigned(late=shown.late))
    elif not shown.mine:
        yield blocks.context("Hidden until time is up; then your name stands beside your notes.")


def _unsigned(*, late: bool) -> str:
    shown = (
        f"Few come late, so yours may be easier to guess. {_FEW_LATE}"
        if late
        else "It shows none before all are shown, shuffled, if at least "
        f"{FEWEST} took part and there are {FEWEST} notes."
    )
    done = (
        ""
        if late
        else " Press *I'm done* later, on your card: that is all that is kept of who took part."
    )
    return (
        f":lock: *Anonymous.* Meridian keeps neither who wrote a note nor when. {shown}\n"
        "What could still tell: Slack carries what you type here and may log it. Whoever runs "
        "Meridian and copies its live database with the log of the last hour could guess from the "
        "order of things. So could your way of writing.\n"
        f"You can change or take back a note only while this window is open.{done}"
    )


def _mine(shown: NotesShown, changing: Written | None) -> Iterator[Block]:
    if not shown.mine:
        return
    yield blocks.section("*Written here*" if shown.anonymous else "*Your notes*")
    if (earlier := len(shown.mine) - MOST) > 0:
        yield blocks.context(f"The last {MOST} of {len(shown.mine)}; the others are kept as well.")
    for number, one in enumerate(shown.mine[-MOST:], max(earlier, 0)):
        column = escape(shown.columns[one.column])
        text = f"{escape(clamp(one_line(one.text), _SHOWN))}\n_{column}_"
        if changing is not None and one.token == changing.token:
            yield blocks.section(f":pencil2: {text}")
        else:
            reads = f"Change note {number + 1}: {clamp(one_line(one.text), 40)}"
            yield blocks.section(text, blocks.button("Change", CHANGE, one.token, reads=reads))
    yield blocks.divider()


def _form(shown: NotesShown, changing: Written | None, carried: Carried) -> Iterator[Block]:
    label = "Change this note" if changing else "Another note" if shown.mine else "Note"
    begun = Written(carried.token, carried.column, carried.begun)
    yield from _inputs(shown.columns, changing or begun, carried.token, label)
    if changing is not None:
        yield blocks.actions(
            [
                blocks.button("Take it back", DROP, changing.token),
                blocks.button("Leave it as it is", BACK, "back"),
            ]
        )


def _inputs(columns: Sequence[str], filled: Written, token: str, label: str) -> Iterator[Block]:
    """Of another note in other blocks, for Slack keeps what is typed in one whose name it knows."""
    of = token[:8]
    offered = {str(number): title for number, title in enumerate(columns)}
    radio = inputs.radio("column", offered, str(filled.column))
    yield blocks.input_block(f"column:{of}", "Column", radio)
    element = blocks.text_input("note", filled.text, focus=True)
    element.max_length = NOTE
    yield blocks.input_block(f"note:{of}", label, element)


def entered(view: Mapping[str, Any]) -> tuple[int, str, str]:
    """The column, the text, and the name of the text's block."""
    column, text, block = 0, "", ""
    for name, actions in view["state"]["values"].items():
        if name.startswith("column:"):
            option = actions["column"].get("selected_option")
            column = int(option["value"]) if option else 0
        elif name.startswith("note:"):
            text, block = (actions["note"].get("value") or "").strip(), name
    return column, text, block


def too_late_modal(
    past: Past, columns: Sequence[str], written: Written, carried: Carried
) -> dict[str, Any]:
    """Time was up before this was sent: offered to the discussion, or handed back to copy."""
    if past.stage in (Stage.SORT, Stage.VOTE):
        told = (
            "Time for notes was up before you sent this, so it isn't among those to vote on. "
            "It can come up when the discussion begins."
        )
        late = replace(carried, late=True)
        made = [blocks.section(told)]
        if past.anonymous:
            made.append(blocks.context(_unsigned(late=True)))
        made += _inputs(columns, written, carried.token, "Your note")
        return blocks.modal(
            TITLE, made, callback=NOTES, submit="Bring it up", metadata=packed(late)
        )
    discussed = past.stage is Stage.DISCUSS
    where = "Say it in a topic's thread, if you like." if discussed else "This retro is closed."
    told = f"Time for notes was up before you sent this. {where} Here is your text, to copy:"
    copy = inputs.to_copy([("Your note", written.text)])
    return blocks.modal(TITLE, [blocks.section(told), *copy], callback=CLOSED, submit="OK")
