"""The stages of a retro, as its channel sees them: in order, none twice, each in time."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from tests.simulation.cast import Retro
from tests.simulation.evidence import Evidence
from tests.simulation.invariants.retro_sights import COLLECT, DISCUSS, SORT, VOTE, Told, told
from tests.simulation.model.expected import Asked
from tests.simulation.model.retros import Way
from tests.simulation.model.wall import DAY, instant, local_date, spoken

_BEGIN, _END = time(9), time(18)
_SATURDAY = 5
_UNTIL_KNOWN = timedelta(seconds=3)


def stages_in_order(evidence: Evidence) -> Iterator[str]:
    """A retro goes on, and never back."""
    for one in told(evidence):
        for (earlier, before), (later, after) in pairwise(one.sights):
            if after < before:
                yield f"a retro that said {earlier.text!r} says {later.text!r} at {later.at}"


def stages_in_time(evidence: Evidence) -> Iterator[str]:
    """It begins when its people are asked, and each stage ends when its time is up."""
    retro = evidence.books.setting.retro
    if retro is None or evidence.books.writable[retro.channel].changes:
        return
    if not evidence.books.running[retro.title].last or (retro.channel in _deleted(evidence)):
        return
    yield from _not_begun(evidence, retro)
    for one in told(evidence):
        for stage in (COLLECT, SORT, VOTE, DISCUSS):
            since = next((sight.at for sight, there in one.sights if there == stage), None)
            if since is None or (stage == COLLECT and retro.anonymous):
                continue  # it may wait for its facilitator, as too few took part
            by = evidence.weather.deadline(_ends(evidence, retro, one, stage, since))
            if by < evidence.now and one.begun(stage + 1) > by:
                yield f"the retro's stage {stage} began by {since}, and is not over by {by}"


def _deleted(evidence: Evidence) -> set[str]:
    return {channel for channel, _ts in evidence.books.deleted}


def _not_begun(evidence: Evidence, retro: Retro) -> Iterator[str]:
    """One by the timetable has a message, first seen once somebody was due."""
    for one in evidence.expected.of_retro.values():
        if one.asked is not Asked.YES or one.done_by >= min(one.ends, evidence.now):
            continue
        heading = f"{retro.title} · {spoken(one.key.day)}:"
        firsts = [each.first for each in told(evidence) if each.first.text.startswith(heading)]
        begins = _begins(evidence, one.key.day) - _UNTIL_KNOWN
        if not any(first.at >= begins for first in firsts):
            yield f"{one.key} was to be asked at {one.due}, and the retro has not begun"


def _begins(evidence: Evidence, day: date) -> datetime:
    """The earliest at which the retro of a date may begin by the timetable."""
    of_day = [one for one in evidence.expected.of_retro.values() if one.key.day == day]
    return min(one.due for one in of_day)


def may_be_planned(evidence: Evidence, retro: Retro, one: Told) -> bool:
    """Whether a retro may be one of the timetable's, by its date and when it began."""
    days = {
        moment.key.day
        for moment in evidence.expected.of_retro.values()
        if moment.asked is not Asked.NO
        and one.first.text.startswith(f"{retro.title} · {spoken(moment.key.day)}:")
    }
    return any(one.first.at >= _begins(evidence, day) - _UNTIL_KNOWN for day in days)


def may_be_by_hand(evidence: Evidence, one: Told) -> bool:
    """Whether somebody may have begun it."""
    return any(begun.may_be and begun.since <= one.first.at for begun in evidence.books.retro.begun)


def _ends(evidence: Evidence, retro: Retro, one: Told, stage: int, since: datetime) -> datetime:
    """The latest instant at which a stage is over that began by then."""
    given = [each for each in evidence.books.retro.led if each.way is Way.EXTEND]
    extended = sum((each.by for each in given), start=timedelta())
    minutes = {
        COLLECT: retro.open_minutes,
        SORT: retro.sort_minutes,
        VOTE: retro.vote_minutes,
        DISCUSS: retro.discuss_minutes,
    }[stage]
    all_work = max(
        works(since, zone)
        for person in evidence.books.setting.people
        for zone in evidence.books.zones[person.id].may_be(since, evidence.now)
    )
    after = all_work + timedelta(minutes=minutes)
    if stage == COLLECT and may_be_planned(evidence, retro, one):
        days = {moment.day for moment in evidence.expected.of_retro}
        closes = [evidence.expected.closes(retro.title, day)[1] for day in days]
        planned = min((each for each in closes if each > since), default=max(closes))
        after = max(after, planned) if may_be_by_hand(evidence, one) else planned
    return after + extended


def works(at: datetime, zone: str) -> datetime:
    """When somebody works next who lives there."""
    day = local_date(at, zone)
    while True:
        begins, ends = instant(day, _BEGIN, zone), instant(day, _END, zone)
        if day.weekday() < _SATURDAY and at < ends:
            return max(begins, at)
        day += DAY
