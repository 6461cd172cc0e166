"""What can be wrong with what somebody types about an action item, as they read it."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from bot.actions.model import DETAILS, REASON, WHAT, Typed
from bot.asking import cards
from bot.asking.askable import is_askable
from bot.core.text import clamp, clean, one_line, spoken_date
from bot.db.tables import Person

NO_WHAT = "Say in a line what is to be done."
NO_OWNER = "Choose who does it."
NO_REASON = "Say in a few words why."
TOO_LONG = f"At most {WHAT} characters: put the rest into the details."
TOO_MUCH = f"At most {DETAILS} characters."
FAR = "That is more than five years away. Choose a nearer day."
_FARTHEST = timedelta(days=5 * 366)
_NAME = 60


def problems(
    typed: Typed, which: Collection[str], owner: Person | None, at: datetime
) -> dict[str, str]:
    """What is wrong with the inputs named in `which`; `owner` is whose the item will be."""
    found = {
        "what": of_what(typed.what),
        "owner": of_owner(owner),
        "due": of_day(typed.due, owner, at) if typed.due is not None else "",
        "details": TOO_MUCH if len(clean(typed.details).strip()) > DETAILS else "",
    }
    return {name: said for name, said in found.items() if said and name in which}


def of_what(what: str) -> str:
    """What is wrong with a line; "" where nothing is, as in all of these."""
    line = one_line(what)
    if not line:
        return NO_WHAT
    return TOO_LONG if len(line) > WHAT else ""


def of_owner(owner: Person | None) -> str:
    """Why somebody can't have an item."""
    if owner is None:
        return NO_OWNER
    if owner.is_bot:
        return "A bot does no action items. Choose a person."
    if owner.deleted:
        return "They have left this workspace. Choose somebody else."
    if not is_askable(owner):
        return "They belong to another organisation. Choose somebody of this workspace."
    return ""


def of_day(due: date, owner: Person | None, at: datetime) -> str:
    """Why an item can't be due on a day, which is its owner's own."""
    today = cards.today(owner, at) if owner is not None else at.date()
    if due < today:
        name = clamp(one_line(owner.name), _NAME) if owner is not None else ""
        where = f"where {name} is" if name else "in UTC"
        return f"That day is over: {where} it is {spoken_date(today)}. Choose today or later."
    return FAR if due - today > _FARTHEST else ""


def of_reason(reason: str) -> str:
    """What is wrong with why an item is dropped."""
    line = one_line(reason)
    if not line:
        return NO_REASON
    return f"At most {REASON} characters." if len(line) > REASON else ""
