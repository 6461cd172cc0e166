"""What Slack tells of the setup screen, read into typed values; and what travels with it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.asking.upkeep import state
from bot.asking.upkeep.state import block_of, channel_of, owner_of, packed, place_of
from bot.rituals.standup.model import Layout, Reveal
from bot.rituals.standup.questions import Template
from bot.rituals.standup.setup_form import Form
from bot.rituals.standup.views.setup_fields import TEMPLATE, ZONE

__all__ = ["block_of", "channel_of", "form_of", "owner_of", "packed", "place_of"]


def form_of(view: Mapping[str, Any]) -> Form:
    """What stands in a screen; what it doesn't ask is as usual."""
    return replace(Form(), **state.read(view, FIELDS))


FIELDS: state.Fields = {
    "members": ("members", "members", state.users),
    "weekdays": ("days", "days", state.numbers),
    "at": ("at", "at", state.time),
    "title": ("title", "title", state.text),
    "zone": ("zone", ZONE, state.text),
    "every": ("every", "every", state.chosen(int)),
    "nth": ("nth", "nth", state.numbers),
    "open_minutes": ("open", "open", state.chosen(int)),
    "remind_minutes": ("remind", "remind", state.chosen(int)),
    "template": ("template", TEMPLATE, state.chosen(Template)),
    "questions": ("questions", "questions", state.text),
    "reveal": ("reveal", "reveal", state.chosen(Reveal)),
    "layout": ("layout", "layout", state.chosen(Layout)),
}
"""Where each field of a form stands, and how it is read."""
