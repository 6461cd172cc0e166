"""A run as its channel sees it: frozen values in, Block Kit out."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from slack_sdk.models.blocks import InteractiveElement

from bot.actions.model import ItemShown
from bot.actions.views.late import late_line
from bot.asking.issue_links import NO_LINKS, IssueLinks
from bot.core.content import HEADER_TEXT, MESSAGE_TEXT, Block, Message
from bot.core.text import clamp, escape, one_line, spoken_date
from bot.rituals.standup.views.blocked import BlockerShown, act_on, blocked
from bot.rituals.standup.views.lines import Line, lines
from bot.rituals.standup.views.measured import measured
from bot.rituals.standup.views.names import Named, People, bold_names, groups
from bot.rituals.standup.views.words import on_each_clock
from bot.slack import blocks

READ_ALL = "standup.read_all"
_LABEL = "Read all"
_TITLE = 110  # leaves the date its place in a header
_MORE = 50  # … and 7 more than one message holds
_ANSWERED = 1500  # characters of the names of those whose answers stand elsewhere


@dataclass(frozen=True)
class RunShown:
    """A run, as its channel sees it."""

    run_id: int
    title: str
    date: date
    closed: bool
    closes_at: datetime
    lines: tuple[Line, ...]
    """Of all who answered, in the order in which they did."""
    people: People = field(default_factory=People)
    blockers: tuple[BlockerShown, ...] = ()
    late_items: tuple[ItemShown, ...] = ()  # action items, by a week
    hidden: bool = False  # the answers wait for the close
    replies: bool = False  # the answers stand below, one message each
    deleted: bool = False  # with its stand-up, which ended it
    links: IssueLinks = NO_LINKS


def run_message(run: RunShown) -> Message | None:
    """The run's one message; None while there is nothing to read in it."""
    title = f"{clamp(one_line(run.title), _TITLE)} · {spoken_date(run.date)}"
    if not run.lines:
        return _nobody(title, run) if run.closed and run.people.missing else None
    return Message(
        text=escape(f"{title}: {count(run)}"),
        blocks=(blocks.header(title), *_body(run)),
    )


def _nobody(title: str, run: RunShown) -> Message:
    said = f"{title}: nobody answered"
    return Message(text=escape(said), blocks=(blocks.small(said), *late_line(run.late_items)))


def count(run: RunShown) -> str:
    """How many answered, of how many."""
    answered, owing = len(run.lines), len(run.people.owing)
    if owing or answered == 1:
        return f"{answered} of {answered + owing} answered"
    return f"all {answered} answered"


def _body(run: RunShown) -> list[Block]:
    top = [blocks.context(_state(run)), *blocked(run.blockers, run.date, run.links)]
    end = [*late_line(run.late_items), *_groups(run), *_buttons(run)]
    if run.hidden or run.replies:
        return [*top, _who_answered(run), *end]
    if run.blockers:  # else there is nothing to tell the answers from
        top.append(blocks.section("*Answers*"))
    room = MESSAGE_TEXT - HEADER_TEXT - blocks.size([*top, *end]) - _MORE
    return [*top, *lines(run.lines, room, run.links), *end]


def _state(run: RunShown) -> str:
    parts = [count(run), _ending(run)]
    if run.hidden and not run.deleted:
        parts.append("answers are shown at its close")
    if not run.hidden:
        parts += map(escape, measured(run.lines))
    return " · ".join(parts)


def _ending(run: RunShown) -> str:
    if run.deleted:
        return "the stand-up was deleted"
    return "closed" if run.closed else f"open until {on_each_clock(run.closes_at)}"


def _who_answered(run: RunShown) -> Block:
    names = [Named(line.name, "late" if line.late else "") for line in run.lines]
    return blocks.section(f"Answered: {bold_names(names, _ANSWERED)}")


def _groups(run: RunShown) -> Iterator[Block]:
    if said := groups(run.people):
        yield blocks.context(said)


def _buttons(run: RunShown) -> Iterator[Block]:
    if run.deleted:
        return
    made: list[InteractiveElement] = []
    if not (run.hidden or run.replies):
        reads = f"Read all answers of {spoken_date(run.date)}"
        made.append(blocks.button(_LABEL, READ_ALL, str(run.run_id), reads=reads))
    made += act_on(run.blockers, run.run_id)
    if made:
        yield blocks.actions(made)
