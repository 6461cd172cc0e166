"""Action items on the day's card and on App Home: a line each, with what is done most often."""

from collections.abc import Iterator, Sequence

from slack_sdk.models.blocks import ButtonElement

from bot.actions.model import DayShown, ItemShown
from bot.actions.views import words
from bot.core.content import Block
from bot.core.states import ItemState
from bot.core.text import clamp, escape, escape_clamped, one_line
from bot.slack import blocks

_WHAT = 250
_ABOUT = 60
_SAID = 100


def card_head(day: DayShown, *, is_today: bool = True) -> Block:
    """How many there are, and the way to all of them; on a day that is over, the way alone."""
    show = blocks.button("Show all", words.LIST, "mine", reads="Show all my action items")
    if not is_today:
        return blocks.section("*Action items*", show)
    counted = [f"{day.open} open"]
    late = sum(one.days_late > 0 for one in day.due)
    if today := len(day.due) - late:
        counted.append(f"{today} due today")
    if late:
        counted.append(f"{late} late")
    return blocks.section(f"*Action items* · {', '.join(counted)}", show)


def card_lines(day: DayShown, most: int) -> tuple[list[Block], int]:
    """What others left behind, what is due, what is new, and what was done of it.

    So many at most, and how many more there are: to draw a line takes a tenth of a millisecond.
    """
    found = [
        (draw, item)
        for draw, items in (
            (_left, day.left),
            (_due, day.due),
            (_new, day.new),
            (_closed, day.closed),
        )
        for item in items
    ]
    return [draw(item) for draw, item in found[:most]], len(found[most:])


def summary(day: DayShown) -> str:
    """What a notification says, in plain text; "" where there is nothing to tell."""
    if day.due:
        return _counted(day.due, "is due", "are due")
    if day.new:
        return _counted(day.new, "is new for you", "are new for you")
    if day.left:
        return _counted(day.left, "needs somebody", "need somebody")
    return ""


def _counted(items: Sequence[ItemShown], one: str, several: str) -> str:
    first = clamp(one_line(items[0].what), _SAID)
    if len(items) == 1:
        return f"An action item {one}: {first}"
    return f"{len(items)} action items {several}: {first} …"


def home_head(count: int) -> Block:
    """The heading on Home."""
    return blocks.header("My action items" if count else "Action items")


def home_lines(items: Sequence[ItemShown], left: Sequence[ItemShown]) -> list[Block]:
    """What one has to do, and what others left behind for one to give away."""
    return [*map(_left, left), *(_due(one) if one.is_due else _open(one) for one in items)]


def _due(item: ItemShown) -> Block:
    return blocks.section(_two_lines(item, f"*{late(item)}*"), _done(item))


def late(item: ItemShown) -> str:
    """Due today, or since when it is late."""
    if item.due is None:
        return ""
    days = item.days_late
    if not days:
        return "Due today"
    since = words.past_day(item.due, item.today)
    return f"{days} {'day' if days == 1 else 'days'} late, due {since}"


def _new(item: ItemShown) -> Block:
    giver = f" from {_name(item.giver)}" if item.giver else ""
    return blocks.section(_two_lines(item, f"*New*{giver}", words.by_when(item)), _done(item))


def _open(item: ItemShown) -> Block:
    return blocks.section(_two_lines(item, words.by_when(item)), _done(item))


def _closed(item: ItemShown) -> Block:
    reopen = blocks.button("Reopen", words.REOPEN, str(item.id), reads=f"Reopen {_about(item)}")
    return blocks.section(f"{_what(item)}\n{escape(_became(item))}", reopen)


def _became(item: ItemShown) -> str:
    if item.state is ItemState.DONE:
        return "✓ Done"
    why = clamp(one_line(item.reason), _SAID)
    return f"Dropped: {why}" if why else "Dropped"


def _left(item: ItemShown) -> Block:
    give = blocks.button("Reassign", words.REASSIGN, str(item.id), reads=f"Reassign {_about(item)}")
    who = f"{_name(item.owner)} can't do it any more" if item.owner else "Nobody has it"
    return blocks.section(_two_lines(item, f"*{who}*", words.by_when(item)), give)


def _done(item: ItemShown) -> ButtonElement:
    return blocks.button("Done", words.DONE, str(item.id), reads=f"Done: {_about(item)}")


def _two_lines(item: ItemShown, *parts: str) -> str:
    """What is to be done, and in a second line what is to be known of it."""
    more = list(_more(item, parts))
    return "\n".join([_what(item), *([" · ".join(more)] if more else [])])


def _more(item: ItemShown, parts: Sequence[str]) -> Iterator[str]:
    yield from filter(None, parts)
    if item.state is ItemState.IN_PROGRESS:
        yield "in progress"
    if item.issue_key:
        yield words.ticket_mrkdwn(item.issue_key, item.issue_url)
    if item.note:
        yield escape(clamp(one_line(item.note), _SAID))


def _what(item: ItemShown) -> str:
    return escape_clamped(one_line(item.what), _WHAT)


def _about(item: ItemShown) -> str:
    return clamp(one_line(item.what), _ABOUT)


def _name(name: str) -> str:
    return escape(clamp(one_line(name), words.NAME)) or "somebody"
