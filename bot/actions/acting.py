"""Use cases of doing action items: start, finish, take up again, drop, hand on, move the date."""

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.actions import loading
from bot.actions.items import edit, note
from bot.actions.model import Gone, Noted, NotTheirs, Settled, Typed, Wrong
from bot.actions.problems import of_reason
from bot.actions.rights import Found, find
from bot.core.states import LIVE_ITEMS, ItemState
from bot.core.text import one_line

Came = Noted | Gone | NotTheirs | Settled
Act = Callable[[Session, datetime, int, str, int, str], Came]
"""At an instant, in a workspace, somebody does it to an item, in a channel ("" elsewhere)."""


def start(
    session: Session, at: datetime, workspace_id: int, slack_id: str, item_id: int, here: str = ""
) -> Came:
    """Somebody is at it."""
    return _become(session, at, workspace_id, slack_id, item_id, here, ItemState.IN_PROGRESS)


def finish(
    session: Session, at: datetime, workspace_id: int, slack_id: str, item_id: int, here: str = ""
) -> Came:
    """It is done."""
    return _become(session, at, workspace_id, slack_id, item_id, here, ItemState.DONE)


def _become(
    session: Session,
    at: datetime,
    workspace_id: int,
    slack_id: str,
    item_id: int,
    here: str,
    state: ItemState,
) -> Came:
    found = find(session, workspace_id, slack_id, item_id, here)
    if not isinstance(found, Found):
        return found
    item = found.item
    if item.state is state:
        return Noted(loading.shown(session, at, [item])[0])
    if item.state not in LIVE_ITEMS:
        return Settled(loading.shown(session, at, [item])[0])
    item.state = state
    item.closed_at = None if state in LIVE_ITEMS else at
    return Noted(note(session, at, item, found.actor))


def reopen(
    session: Session, at: datetime, workspace_id: int, slack_id: str, item_id: int, here: str = ""
) -> Came:
    """It is to be done after all, or nobody is at it any more."""
    found = find(session, workspace_id, slack_id, item_id, here)
    if not isinstance(found, Found):
        return found
    item = found.item
    if item.state is ItemState.OPEN:
        return Noted(loading.shown(session, at, [item])[0])
    item.state, item.reason, item.closed_at = ItemState.OPEN, None, None
    return Noted(note(session, at, item, found.actor))


def drop(
    session: Session,
    at: datetime,
    workspace_id: int,
    slack_id: str,
    item_id: int,
    reason: str,
    here: str = "",
) -> Came | Wrong:
    """It will not be done, and why."""
    found = find(session, workspace_id, slack_id, item_id, here)
    if not isinstance(found, Found):
        return found
    item = found.item
    if item.state not in LIVE_ITEMS:
        return Settled(loading.shown(session, at, [item])[0])
    if wrong := of_reason(reason):
        return Wrong({"reason": wrong})
    item.state, item.reason, item.closed_at = ItemState.DROPPED, one_line(reason), at
    return Noted(note(session, at, item, found.actor))


def reassign(
    session: Session,
    at: datetime,
    workspace_id: int,
    slack_id: str,
    item_id: int,
    owner: str,
    here: str = "",
) -> Came | Wrong:
    """Somebody else does it, by their Slack id."""
    typed = Typed(what="", owner=owner, due=None)
    return edit(session, at, workspace_id, slack_id, item_id, typed, {"owner"}, here)


def move(
    session: Session,
    at: datetime,
    workspace_id: int,
    slack_id: str,
    item_id: int,
    due: date | None,
    here: str = "",
) -> Came | Wrong:
    """It is due on another day, on its owner's clock; None for no day."""
    typed = Typed(what="", owner="", due=due)
    return edit(session, at, workspace_id, slack_id, item_id, typed, {"due"}, here)
