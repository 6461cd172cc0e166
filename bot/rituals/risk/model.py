"""Pure rules of the register: scores, bands, how often each is looked at, and where it is going."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum

from bot.core.errors import Refused
from bot.core.text import clamp, one_line
from bot.rituals.risk.states import Band, Status

KIND = "risk"
SCALE = (1, 2, 3, 4, 5)
LIKELIHOOD: Mapping[int, str] = {
    1: "Rare",
    2: "Unlikely",
    3: "Possible",
    4: "Likely",
    5: "Almost certain",
}
IMPACT: Mapping[int, str] = {
    1: "Hardly felt",
    2: "Minor",
    3: "Moderate",
    4: "Major",
    5: "Severe",
}
LEAST: Mapping[Band, int] = {Band.CRITICAL: 15, Band.HIGH: 10, Band.MEDIUM: 5, Band.LOW: 1}
"""The least score of each band. A score is likelihood times impact: 1 to 25."""
USUAL: Mapping[Band, int] = {Band.CRITICAL: 7, Band.HIGH: 14, Band.MEDIUM: 30, Band.LOW: 90}
"""Days from one review to the next, by band; a team may change them."""
LONGEST = 366  # days between two reviews
TITLE = 150
MODEL = 80
TEXT = 1000
WHY = 500
MOST_MITIGATIONS = 20


class OffTheScale(Refused):
    """Likelihood and impact go from 1 to 5."""


class Trend(StrEnum):
    UP = "up"
    DOWN = "down"
    SAME = "same"


def score(likelihood: int, impact: int) -> int:
    """Likelihood times impact; raises OffTheScale for anything but 1 to 5."""
    if likelihood not in SCALE or impact not in SCALE:
        raise OffTheScale
    return likelihood * impact


def band(points: int) -> Band:
    """The band of a score."""
    return next(one for one, least in LEAST.items() if points >= least)


def interval(points: int, own: Mapping[str, int] | None = None) -> timedelta:
    """How long a risk of this score may go without being looked at."""
    one = band(points)
    return timedelta(days=(own or {}).get(one, USUAL[one]))


def next_review(
    on: date, points: int, status: Status, own: Mapping[str, int] | None = None
) -> date | None:
    """When a risk that was looked at `on` a date is to be looked at again; a closed one never."""
    return None if status is Status.CLOSED else on + interval(points, own)


def mitigations_of(ticked: Iterable[str], typed: str) -> list[str]:
    """What a form names against a risk: what is ticked and each line that is typed, once."""
    lines = (one_line(one.lstrip("-•* ")) for one in typed.splitlines())
    return list(dict.fromkeys(clamp(one, TEXT) for one in (*ticked, *lines) if one))


def trend(points: int, before: int | None) -> Trend:
    """Where a risk is going since it was last rescored."""
    if before is None or before == points:
        return Trend.SAME
    return Trend.UP if points > before else Trend.DOWN
