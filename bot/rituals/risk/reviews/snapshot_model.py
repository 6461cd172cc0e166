"""A team's register at one moment, as it is kept and drawn."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from bot.actions.model import ItemShown
from bot.rituals.risk.states import CheckKind


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Told(_Kept):
    """A risk as a review speaks of it."""

    id: int
    title: str
    said: str  # what of it, in plain text
    who: str = ""


class Arrow(_Kept):
    """What a risk is without its mitigations, and with all of them: likelihood and impact."""

    id: int
    title: str
    was: tuple[int, int]
    now: tuple[int, int]


class Point(_Kept):
    """How many there were of each band on a date."""

    on: date
    counts: dict[str, int]


class Listed(_Kept):
    """Some risks, and how many more there are."""

    risks: tuple[Told, ...] = ()
    more: int = 0


class Review(_Kept):
    """A team's register at one moment."""

    team: str
    on: date
    since: date | None = None  # of the review before
    total: int = 0
    counts: dict[str, int] = {}
    cells: tuple[tuple[int, int, int], ...] = ()  # likelihood, impact, how many
    arrows: tuple[Arrow, ...] = ()
    moved: Listed = Listed()
    new: Listed = Listed()
    closed: Listed = Listed()
    overdue: Listed = Listed()
    unowned: Listed = Listed()
    unmitigated: Listed = Listed()
    top: tuple[int, ...] = ()
    points: tuple[Point, ...] = ()
    checks: bool = False  # the checks of the gates are due with it
    unrun: tuple[CheckKind, ...] = ()  # those that an earlier one asked for in vain
    late_items: tuple[ItemShown, ...] = ()  # action items, by a week
