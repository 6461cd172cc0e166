"""Nobody gets more than two notifying messages a day, but for what the design exempts."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from tests.simulation.evidence import Evidence, Sight
from tests.simulation.invariants.twice import is_reply
from tests.simulation.model.wall import instant, local_date

_MOST = 2
_PAST_MIDNIGHT = timedelta(minutes=2)
_SENDING = timedelta(seconds=5)  # from when a card is counted until it is there


def two_a_day(evidence: Evidence) -> Iterator[str]:
    """Beyond replies to their own action, and being named to unblock somebody."""
    for person in evidence.books.setting.people:
        counted = [one for one in evidence.notices(person.id) if not _is_exempt(one)]
        days: dict[date, list[Sight]] = {}
        for one in counted:
            for day in _only_day(evidence, person.id, one.at):
                days.setdefault(day, []).append(one)
        for day, sights in days.items():
            returns = _returns(evidence, person.id, [one.at for one in sights])
            if len(sights) - returns > _MOST:
                texts = [f"{one.at:%d %H:%M:%S} {one.text}" for one in sights]
                yield f"{person.id} got {len(sights)} messages on {day}, {returns} put off: {texts}"


def _is_exempt(sight: Sight) -> bool:
    return is_reply(sight.text) or "named you" in sight.text


def _only_day(evidence: Evidence, who: str, at: datetime) -> Iterator[date]:
    """The date that a message counts for; none where it may have been held up past midnight.

    Nor where the bot may not have known yet of a flight to another date, when it began to send.
    """
    zones = evidence.books.zones[who].may_be(at - _SENDING, at)
    zone, day = zones[-1], local_date(at, zones[-1])
    if any(local_date(at, one) != day for one in zones):
        return
    if at > evidence.weather.deadline(instant(day, time(), zone) - _PAST_MIDNIGHT):
        yield day


def _returns(evidence: Evidence, who: str, at: list[datetime]) -> int:
    """How many of these may be returns of what they had put off themselves."""
    wishes = [
        wish
        for key, theirs in evidence.books.wishes.items()
        if key.who == who
        for wish in theirs
        if wish.back is not None
    ]
    return sum(
        any(wish.since < one <= evidence.weather.deadline(wish.back) for one in at)
        for wish in wishes
        if wish.back is not None
    )
