"""The stages of a retro, as its channel sees them: in order, none twice, each in time."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

from tests.simulation.cast import Retro
from tests.simulation.evidence import Evidence, Sight
from tests.simulation.model.expected import Asked
from tests.simulation.model.retros import Way
from tests.simulation.model.wall import DAY, instant, local_date

_COLLECT, _SORT, _VOTE, _DISCUSS, _CLOSED = range(5)
SHOWN, OVER = _SORT, _CLOSED
"""The stages from which on notes are shown, and nothing is said any more."""
_SAYS = {
    "add your notes": _COLLECT,
    "topics are shown": _SORT,
    "to look at": _SORT,
    "choose what to talk about": _VOTE,
    "say what you think in the threads": _DISCUSS,
    "what came of it": _CLOSED,
    "so it is closed": _CLOSED,
    "was deleted": _CLOSED,
}
_NEVER = datetime.max.replace(tzinfo=UTC)
_BEGIN, _END = time(9), time(18)
_SATURDAY = 5


def stages_in_order(evidence: Evidence) -> Iterator[str]:
    """A retro goes on, and never back."""
    seen = list(_seen(evidence))
    for (earlier, before), (later, after) in pairwise(seen):
        if after < before:
            yield f"a retro that said {earlier.text!r} says {later.text!r} at {later.at}"


def stages_in_time(evidence: Evidence) -> Iterator[str]:
    """It begins when its people are asked, and each stage ends when its time is up."""
    retro = evidence.books.setting.retro
    if retro is None or evidence.books.writable[retro.channel].changes:
        return
    if not evidence.books.running[retro.title].last or (retro.channel in _deleted(evidence)):
        return
    seen = list(_seen(evidence))
    if not seen:
        yield from _not_begun(evidence)
        return
    for stage in (_COLLECT, _SORT, _VOTE, _DISCUSS):
        since = next((sight.at for sight, there in seen if there == stage), None)
        if since is None or (stage == _COLLECT and retro.anonymous):
            continue  # it may wait for its facilitator, as too few took part
        by = evidence.weather.deadline(_ends(evidence, retro, stage, since))
        if by < evidence.now and not any(there > stage and at.at <= by for at, there in seen):
            yield f"the retro's stage {stage} began by {since}, and is not over by {by}"


def begun(evidence: Evidence, stage: int) -> datetime:
    """When a retro was first seen in a stage, or in a later one; after all time, if never."""
    return min((one.at for one, there in _seen(evidence) if there >= stage), default=_NEVER)


def _seen(evidence: Evidence) -> Iterator[tuple[Sight, int]]:
    retro = evidence.books.setting.retro
    for sight in evidence.sights if retro is not None else ():
        assert retro is not None
        if sight.channel == retro.channel and sight.text.startswith(f"{retro.title} · "):
            yield sight, next(stage for words, stage in _SAYS.items() if words in sight.text)


def _deleted(evidence: Evidence) -> set[str]:
    return {channel for channel, _ts in evidence.books.deleted}


def _not_begun(evidence: Evidence) -> Iterator[str]:
    for one in evidence.expected.of_retro.values():
        if one.asked is Asked.YES and one.done_by < min(one.ends, evidence.now):
            yield f"{one.key} was to be asked at {one.due}, and the retro has not begun"


def _ends(evidence: Evidence, retro: Retro, stage: int, since: datetime) -> datetime:
    """The latest instant at which a stage is over that began by then."""
    given = [one for one in evidence.books.retro.led if one.way is Way.EXTEND]
    extended = sum((one.by for one in given), start=timedelta())
    if stage == _COLLECT:
        days = {one.day for one in evidence.expected.of_retro}
        closes = [evidence.expected.closes(retro.title, day)[1] for day in days]
        within = [one for one in closes if one > since]
        return min(within, default=max(closes)) + extended
    minutes = (retro.sort_minutes, retro.vote_minutes, retro.discuss_minutes)[stage - 1]
    works = max(
        _works(since, zone)
        for person in evidence.books.setting.people
        for zone in evidence.books.zones[person.id].may_be(since, evidence.now)
    )
    return works + timedelta(minutes=minutes) + extended


def _works(at: datetime, zone: str) -> datetime:
    """When somebody works next who lives there."""
    day = local_date(at, zone)
    while True:
        begins, ends = instant(day, _BEGIN, zone), instant(day, _END, zone)
        if day.weekday() < _SATURDAY and at < ends:
            return max(begins, at)
        day += DAY
