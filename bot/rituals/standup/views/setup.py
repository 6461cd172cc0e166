"""The screen that sets a stand-up up and changes it, and what follows it."""

from collections.abc import Iterator
from typing import Any

from bot.asking.upkeep import fields as shared
from bot.asking.upkeep import model as upkeep
from bot.asking.upkeep import screen_views
from bot.asking.upkeep.model import Place as Place
from bot.core.content import Block
from bot.rituals.standup.model import STANDUP
from bot.rituals.standup.questions import TEMPLATES
from bot.rituals.standup.setup_form import Form
from bot.rituals.standup.views import setup_fields as fields
from bot.slack import blocks

TRY, MORE = "standup.setup.try", STANDUP.more
PAUSE, RESUME, DELETE = STANDUP.pause, STANDUP.resume, STANDUP.delete
SETTINGS, STATUS = STANDUP.settings, STANDUP.status
MINE, SET_UP = STANDUP.mine, STANDUP.set_up

SetupShown = upkeep.SetupShown[Form]
"""What the setup screen is filled with."""


def setup_modal(shown: SetupShown, metadata: str) -> dict[str, Any]:
    """The one screen that starts a stand-up, or changes it."""
    form = _long(shown) if shown.place.more else _short(shown)
    return screen_views.setup_modal(STANDUP, shown, [*_head(shown), *form], metadata)


def _head(shown: SetupShown) -> Iterator[Block]:
    if shown.said:
        yield blocks.section(shown.said)
    if shown.place.picks:
        yield shared.channel(STANDUP, shown.place.channel or shown.place.barred)
    else:
        yield blocks.section(
            f"In <#{shown.place.channel}> each person is asked by direct message, and the answers "
            "come together in the channel."
        )
    yield from screen_views.barred(STANDUP, shown)


def _short(shown: SetupShown) -> Iterator[Block]:
    form = shown.form
    yield shared.members(form.members, shown.place.channel if shown.place.picks else "")
    yield fields.days(form)
    yield shared.time(form.at, more=False)
    yield fields.asked(form)
    more = blocks.button("More options", MORE, "more")
    yield blocks.actions([_try(), more], "actions")


def _long(shown: SetupShown) -> Iterator[Block]:
    form = shown.form
    yield shared.members(form.members, shown.place.channel if shown.place.picks else "")
    yield fields.days(form)
    yield shared.time(form.at, more=True)
    yield shared.zone(STANDUP, form.zone)
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
        yield shared.owner(shown.owner)
    yield blocks.actions([_try(), *screen_views.life(STANDUP, shown)], "actions")


def _try() -> Any:
    return blocks.button("Try it on me now", TRY, "try")
