"""Words about action items that several places say."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import assert_never

from bot.actions.model import Gone, ItemShown, NotTheirs, Refusal, Settled
from bot.core.states import ItemState
from bot.core.text import clamp, escape, escape_clamped, isolated, one_line, spoken_date
from bot.slack import blocks
from bot.slack.blocks import Words

DONE, REOPEN = "actions.done", "actions.reopen"
REASSIGN, MOVE, DROP = "actions.reassign", "actions.move", "actions.drop"
EDIT, MORE = "actions.edit", "actions.more"
LIST, ADD = "actions.list", "actions.add"
FROM_BLOCKER, ACT_ON = "actions.from_blocker", "actions.act_on"
FROM_MESSAGE = "actions.from_message"
MAKE = "Make an action item"
TITLE = "Action item"
NAME = 60
_REASON = 120
_SOON = timedelta(days=180)


def name(item: ItemShown, limit: int = NAME) -> str:
    """Who does it, as it can be shown: never empty."""
    return clamp(one_line(item.owner), limit) or "nobody yet"


def day(on: date, today: date) -> str:
    """A day as people say it, with its year where that isn't plain."""
    far = abs(on - today) > _SOON
    return f"{spoken_date(on)} {on.year}" if far else spoken_date(on)


def past_day(on: date, today: date) -> str:
    """A day that is over: 20 March."""
    year = f" {on.year}" if today - on > _SOON else ""
    return f"{on.day} {on:%B}{year}"


def by_when(item: ItemShown) -> str:
    """By Fri 3 April; without a day, nothing."""
    return f"by {day(item.due, item.today)}" if item.due is not None else ""


def state(item: ItemShown) -> str:
    """Where it stands: done, in progress, dropped and why; of one that is just open, nothing."""
    match item.state:
        case ItemState.OPEN:
            return ""
        case ItemState.IN_PROGRESS:
            return "in progress"
        case ItemState.DONE:
            return "✓ done"
        case ItemState.DROPPED:
            why = clamp(one_line(item.reason), _REASON)
            return f"dropped: {why}" if why else "dropped"
        case _:
            assert_never(item.state)


def arrow(item: ItemShown, limit: int = NAME) -> Iterator[Words]:
    """Who does it by when and where it stands, behind what it came from: → Lena, by Fri 3 April."""
    yield blocks.words(" → ")
    yield blocks.words(isolated(name(item, limit)), bold=True)
    if when := by_when(item):
        yield blocks.words(f", {when}")
    if item.issue_key:
        yield blocks.words(" · ")
        yield ticket(item)
    if stands := state(item):
        mark = " " if item.state is ItemState.DONE else " · "
        yield blocks.words(f"{mark}{stands}", italic=True)


def ticket(item: ItemShown) -> Words:
    """The key of its ticket, which is a link where one knows what to."""
    if item.issue_url:
        return blocks.link(item.issue_url, item.issue_key)
    return blocks.words(item.issue_key)


def ticket_mrkdwn(key: str, url: str) -> str:
    """The same in mrkdwn."""
    return blocks.anchor(url, key) if url else escape(key)


def arrow_text(item: ItemShown) -> str:
    """The same as plain text."""
    return "".join(part["text"] for part in arrow(item))


def noted(item: ItemShown, *, new: bool = False) -> str:
    """It is as somebody wished, in mrkdwn."""
    what = escape_clamped(one_line(item.what), 300)
    who = f"*{escape(name(item))}*"
    when = f", {by_when(item)}" if item.due is not None else ""
    head = "Noted" if new else "Changed"
    if item.state is ItemState.DONE:
        return f"✓ Done: {what}"
    if item.state is ItemState.DROPPED:
        return f"Dropped: {what}"
    return f"{head}: {what} → {who}{when}{_stands(item)}"


def _stands(item: ItemShown) -> str:
    return f" · {state(item)}" if item.state is ItemState.IN_PROGRESS else ""


def refusal(refused: Refusal) -> str:
    """Why it can't be as they wish, in plain text; nothing was changed."""
    match refused:
        case Gone():
            return "That is no longer there."
        case NotTheirs(owner):
            who = clamp(one_line(owner), NAME)
            whose = f"{who}, whoever raised it" if who else "Whoever raised it"
            return (
                f"{whose}, the people of its team and workspace admins can change it, and in its "
                "own channel whoever is there; you are none of them."
            )
        case Settled(item) if item.state is ItemState.DONE:
            return "It was done meanwhile, so nothing was changed. Reopen it first."
        case Settled(item):
            return f"It was {state(item)}. Nothing was changed; reopen it first."
        case _:
            assert_never(refused)


def escaped_refusal(refused: Refusal) -> str:
    """The same in mrkdwn."""
    return escape(refusal(refused))
