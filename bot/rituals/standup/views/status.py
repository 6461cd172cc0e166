"""How a stand-up stands just now, for whoever asks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.asking.upkeep.forms import TITLE_INPUT
from bot.core import spoken
from bot.core.cadence import Cadence
from bot.core.content import Block
from bot.core.text import escape, escape_clamped, one_line, spoken_date
from bot.rituals.standup.views.channel import RunShown, count
from bot.rituals.standup.views.names import groups
from bot.rituals.standup.views.setup import SETTINGS
from bot.rituals.standup.views.words import moment, on_each_clock
from bot.slack import blocks

TITLE = "Status"


@dataclass(frozen=True)
class StatusShown:
    """A stand-up, its runs of these days, and what comes next."""

    ritual_id: int
    title: str
    channel: str
    owner: str
    cadence: Cadence
    paused: bool
    may_change: bool
    runs: tuple[RunShown, ...]  # open, or else the last one
    next: date | None  # the date of the next run
    mine: datetime | None  # when who asks is asked next, on their own clock


def status_modal(shown: StatusShown) -> dict[str, Any]:
    """Who has answered, who hasn't, and when it goes on."""
    return blocks.modal(TITLE, list(_lines(shown)))


def _lines(shown: StatusShown) -> Iterator[Block]:
    title = escape_clamped(one_line(shown.title), TITLE_INPUT)
    label = "Settings" if shown.may_change else "Look"
    button = blocks.button(label, SETTINGS, str(shown.ritual_id), reads="Its settings")
    recurs = escape(spoken.cadence(shown.cadence))
    yield blocks.section(f"*{title}* · <#{shown.channel}>\n{recurs}", button)
    if shown.paused:
        yield blocks.section(":double_vertical_bar: It is paused: nobody new is asked.")
    for run in shown.runs:
        yield from _run(run)
    if not shown.runs:
        yield blocks.section("Nobody has been asked yet.")
    yield blocks.context("\n".join(_ahead(shown)))


def _run(run: RunShown) -> Iterator[Block]:
    ending = "closed" if run.closed else f"open until {on_each_clock(run.closes_at)}"
    yield blocks.section(f"*{spoken_date(run.date)}*: {count(run)} · {ending}")
    if said := groups(run.people):
        yield blocks.context(said)


def _ahead(shown: StatusShown) -> Iterator[str]:
    if shown.next is not None:
        yield f"Next: {spoken_date(shown.next)}."
    if shown.mine is not None:
        yield f"You are asked next on *{moment(shown.mine)}*."
    yield f"{escape(one_line(shown.owner))} looks after it."


def standing(answered: int, asked: int, closes_at: datetime) -> str:
    """An open run in a few words, in mrkdwn."""
    return f"{answered} of {asked} answered · open until {on_each_clock(closes_at)}"
