"""The parts of setup screens that are the same for every kind, and what follows them."""

from collections.abc import Iterator, Sequence
from typing import Any

from slack_sdk.models.blocks import ButtonElement

from bot.asking.upkeep.kinds import Kind
from bot.asking.upkeep.model import F, SetupShown, Started
from bot.asking.upkeep.words import moment
from bot.core.content import Block
from bot.core.text import escape
from bot.slack import blocks


def setup_modal(
    kind: Kind, shown: SetupShown[F], made: Sequence[Block], metadata: str
) -> dict[str, Any]:
    """The one screen that starts a ritual, or changes it, with what a kind asks on it."""
    settings = shown.place.ritual_id is not None
    return blocks.modal(
        f"{kind.title} settings" if settings else f"New {kind.one}",
        made,
        callback=kind.setup,
        submit="Save" if settings else "Start",
        close="Cancel",
        metadata=metadata,
    )


def barred(kind: Kind, shown: SetupShown[F]) -> Iterator[Block]:
    """Why the chosen channel won't do, and what to do."""
    if shown.refusal:
        again = blocks.button("Look again", kind.look_again, "again")
        yield blocks.section(f":warning: {shown.refusal}", again)
    if shown.taken is not None:
        button = blocks.button("Its settings", kind.settings, str(shown.taken))
        told = f":warning: <#{shown.place.barred}> has a {kind.one} already."
        yield blocks.section(told, button)


def life(kind: Kind, shown: SetupShown[F]) -> Iterator[ButtonElement]:
    """Buttons for the ritual as a whole, where it runs already."""
    if shown.place.ritual_id is None:
        return
    value = str(shown.place.ritual_id)
    if shown.paused:
        yield blocks.button("Resume", kind.resume, value)
    else:
        yield blocks.button("Pause", kind.pause, value)
    yield blocks.button("Delete …", kind.delete, value)


def exists_modal(kind: Kind, channel: str, owner: str, ritual_id: int) -> dict[str, Any]:
    """Somebody was quicker: whose it is, and its settings."""
    told = (
        f"<#{channel}> has a {kind.one} since a moment ago: {escape(owner)} looks after it. What "
        "you chose was not saved."
    )
    button = blocks.button("Its settings", kind.settings, str(ritual_id))
    return blocks.modal(kind.title, [blocks.section(told, button)])


def started_modal(kind: Kind, channel: str, started: Started) -> dict[str, Any]:
    """It runs: what happens next."""
    what = f"The {kind.one} is changed." if started.changed else f"The {kind.one} starts."
    who = "1 person is" if started.people == 1 else f"{started.people} people are"
    first = started.first_asked
    mine = f" You are asked first on *{moment(first)}*." if first else ""
    if started.paused:
        mine = " It is paused still: nobody is asked until it is resumed."
    note = f"\n\n{escape(started.note)}" if started.note else ""
    return blocks.notice(
        "Done",
        f"{what} {who} asked by direct message, and the answers come together in <#{channel}>."
        f"{mine}{note}",
    )
