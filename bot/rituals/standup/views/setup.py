"""The screen that sets a stand-up up and changes it, and what follows it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.core.content import Block
from bot.core.text import escape
from bot.rituals.standup.model import Started
from bot.rituals.standup.questions import TEMPLATES
from bot.rituals.standup.setup_form import Form
from bot.rituals.standup.views import setup_fields as fields
from bot.rituals.standup.views.words import moment
from bot.slack import blocks

SETUP = "standup.setup"
TRY, MORE, LOOK_AGAIN = "standup.setup.try", "standup.setup.more", "standup.setup.again"
PAUSE, RESUME, DELETE = "standup.pause", "standup.resume", "standup.delete"
SETTINGS, STATUS = "standup.settings", "standup.status"
MINE, SET_UP = "standup.mine", "standup.set_up"


@dataclass(frozen=True)
class Place:
    """Which stand-up a screen is about; it travels with the screen."""

    key: str  # of the screen: a second submit of it changes what the first one made
    channel: str = ""  # "" while none is chosen
    channel_name: str = ""
    ritual_id: int | None = None  # whose settings these are; None: a new one
    picks: bool = False  # the channel is chosen on the screen
    barred: str = ""  # the one that is chosen there, and won't do
    more: bool = False  # the long form


@dataclass(frozen=True)
class SetupShown:
    """What the setup screen is filled with."""

    place: Place
    form: Form
    note: str = ""  # about the time
    refusal: str = ""  # why the chosen channel won't do, in mrkdwn
    taken: int | None = None  # the stand-up that the chosen channel has already
    owner: str = ""  # of settings: a Slack id
    paused: bool = False
    said: str = ""  # what has just been done, in mrkdwn


def setup_modal(shown: SetupShown, metadata: str) -> dict[str, Any]:
    """The one screen that starts a stand-up, or changes it."""
    settings = shown.place.ritual_id is not None
    form = _long(shown) if shown.place.more else _short(shown)
    return blocks.modal(
        "Stand-up settings" if settings else "New stand-up",
        [*_head(shown), *form],
        callback=SETUP,
        submit="Save" if settings else "Start",
        close="Cancel",
        metadata=metadata,
    )


def _head(shown: SetupShown) -> Iterator[Block]:
    if shown.said:
        yield blocks.section(shown.said)
    if shown.place.picks:
        yield fields.channel(shown.place.channel or shown.place.barred)
    else:
        yield blocks.section(
            f"In <#{shown.place.channel}> each person is asked by direct message, and the answers "
            "come together in the channel."
        )
    if shown.refusal:
        again = blocks.button("Look again", LOOK_AGAIN, "again")
        yield blocks.section(f":warning: {shown.refusal}", again)
    if shown.taken is not None:
        button = blocks.button("Its settings", SETTINGS, str(shown.taken))
        told = f":warning: <#{shown.place.barred}> has a stand-up already."
        yield blocks.section(told, button)


def _short(shown: SetupShown) -> Iterator[Block]:
    form = shown.form
    yield fields.members(form, shown.place.channel if shown.place.picks else "")
    yield fields.days(form)
    yield fields.time(form, more=False)
    yield fields.asked(form)
    more = blocks.button("More options", MORE, "more")
    yield blocks.actions([_try(), more], "actions")


def _long(shown: SetupShown) -> Iterator[Block]:
    form = shown.form
    yield fields.members(form, shown.place.channel if shown.place.picks else "")
    yield fields.days(form)
    yield fields.time(form, more=True)
    yield fields.zone(form)
    if shown.note:
        yield blocks.small(f"ℹ️ {shown.note}")  # noqa: RUF001 - the sign for information
    yield from fields.recurring(form)
    yield from fields.window(form)
    yield blocks.header("Questions")
    yield from fields.questions(form)
    if form.template in TEMPLATES:
        yield fields.asked(form)
    yield blocks.header("In the channel")
    yield from fields.shown(form)
    if shown.owner:
        yield fields.owner(shown.owner)
    yield blocks.actions([_try(), *_life(shown)], "actions")


def _try() -> Any:
    return blocks.button("Try it on me now", TRY, "try")


def _life(shown: SetupShown) -> Iterator[Any]:
    """Buttons for the stand-up as a whole, where it runs already."""
    if shown.place.ritual_id is None:
        return
    value = str(shown.place.ritual_id)
    if shown.paused:
        yield blocks.button("Resume", RESUME, value)
    else:
        yield blocks.button("Pause", PAUSE, value)
    yield blocks.button("Delete …", DELETE, value)


def exists_modal(channel: str, owner: str, ritual_id: int) -> dict[str, Any]:
    """Somebody was quicker: whose it is, and its settings."""
    told = (
        f"<#{channel}> has a stand-up since a moment ago: {escape(owner)} looks after it. What "
        "you chose was not saved."
    )
    button = blocks.button("Its settings", SETTINGS, str(ritual_id))
    return blocks.modal("Stand-up", [blocks.section(told, button)])


def started_modal(channel: str, started: Started) -> dict[str, Any]:
    """It runs: what happens next."""
    what = "The stand-up is changed." if started.changed else "The stand-up starts."
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
