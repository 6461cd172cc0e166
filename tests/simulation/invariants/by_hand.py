"""Retros begun by hand: by who may, one at a time, and its people are asked when they work."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from tests.simulation.cast import ZONES, Retro
from tests.simulation.evidence import Evidence, Sight
from tests.simulation.invariants.asked import notices_left
from tests.simulation.invariants.retro_sights import OVER, SORT, Told, told
from tests.simulation.invariants.stages import may_be_planned, works
from tests.simulation.model.expected import is_holiday
from tests.simulation.model.retros import Answer, Begun
from tests.simulation.model.wall import QUIET, between, local_date

_ABOUT = timedelta(minutes=2)
_DATE = re.compile(r"<!date\^(\d+)")
_OPENS = "retro.open"  # on whose card something of it is owed, or was done and is open yet


def begun_as_told(evidence: Evidence) -> Iterator[str]:
    """Whoever is told that it begins sees it in the channel, one each; and no other begins."""
    retro, left = evidence.books.setting.retro, told(evidence)
    if retro is None:
        return
    for begun in sorted(evidence.books.retro.begun, key=lambda one: one.since):
        until = evidence.weather.deadline(begun.answered or begun.since)
        theirs = [one for one in left if begun.since <= one.first.at <= until]
        if begun.answer is Answer.BEGUN:
            if not theirs and until < evidence.now:
                yield f"{begun.who} began a retro at {begun.since}, and none is seen by {until}"
            elif theirs:
                left.remove(_likeliest(evidence, retro, theirs))
            if not _may_begin(evidence, retro, begun.who):
                yield f"{begun.who} began a retro at {begun.since}, and has no right to"
    for one in left:
        may = any(begun.answer is Answer.NONE for begun in evidence.books.retro.begun)
        if not may and not may_be_planned(evidence, retro, one):
            yield f"nobody began the retro that is seen from {one.first.at} on"


def _likeliest(evidence: Evidence, retro: Retro, theirs: list[Told]) -> Told:
    """Where one of the timetable begins just then too, the one that can't be that."""
    by_hand = [one for one in theirs if not may_be_planned(evidence, retro, one)]
    return (by_hand or theirs)[0]


def _may_begin(evidence: Evidence, retro: Retro, who: str) -> bool:
    """An admin, the facilitator, and whoever looks after it, which others do for who has left."""
    admins = [one.id for one in evidence.books.setting.people if one.is_admin]
    left = bool(evidence.books.active[retro.owner].changes)
    return left or who in (retro.owner, retro.facilitator, *admins)


def refused_rightly(evidence: Evidence) -> Iterator[str]:
    """Nobody is told that one is under way, or that it is not theirs to begin, where that isn't so.

    And whoever is told that theirs begins had none before them that went on.
    """
    retro = evidence.books.setting.retro
    for begun in evidence.books.retro.begun if retro is not None else ():
        assert retro is not None
        match begun.answer:
            case Answer.UNDER_WAY:
                wrong = not _may_be_under_way(evidence, begun)
            case Answer.NOT_THEIRS:
                admin = evidence.books.setting.person(begun.who).is_admin
                wrong = admin or begun.who in (retro.facilitator, retro.owner)
            case Answer.PAUSED:
                running = evidence.books.running[retro.title]
                wrong = all(running.may_be(begun.since, begun.answered))
            case Answer.GONE:
                wrong = retro.title not in evidence.books.ended
            case Answer.BEGUN:
                wrong = any(_was_open(evidence, one, begun.since) for one in told(evidence))
            case _:
                wrong = False
        if wrong:
            yield f"{begun.who} began a retro at {begun.since}, and was told {begun.answer!r}"


def _may_be_under_way(evidence: Evidence, begun: Begun) -> bool:
    until = evidence.weather.deadline(begun.answered or begun.since)
    retros = told(evidence)
    return any(one.first.at <= until and one.begun(OVER) > begun.since for one in retros)


def _was_open(evidence: Evidence, one: Told, at: datetime) -> bool:
    """Whether a retro was surely under way then: it had said so, and nothing ended it lately."""
    before = [(sight, stage) for sight, stage in one.sights if sight.at <= at]
    books, lately = evidence.books.retro, at - _ABOUT
    if not before or before[-1][1] >= OVER or not evidence.weather.fair(lately, at):
        return False
    times = [
        *(led.at for led in books.led),
        *(when for _who, when in books.done),
        *(choice.since for choices in books.choices.values() for choice in choices),
        *(datetime.fromtimestamp(int(when), UTC) for when in _DATE.findall(before[-1][0].said)),
    ]
    return not any(lately <= when <= at for when in times)


def one_at_a_time(evidence: Evidence) -> Iterator[str]:
    """With the next the one before it is over."""
    for before, after in pairwise(told(evidence)):
        by = evidence.weather.deadline(after.first.at)
        if by < evidence.now and before.begun(OVER) > by:
            yield f"{before.first.text!r} goes on after {by}, beside {after.first.text!r}"


def asked_once_each(evidence: Evidence) -> Iterator[str]:
    """No card asks for two rounds of a retro, and none asks whoever is on none."""
    retro = evidence.books.setting.retro
    for sight in evidence.sights if retro is not None else ():
        assert retro is not None
        asks = [
            one
            for one in sight.items
            if one.title.startswith(f"{retro.title}: ") and _OPENS in one.elements
        ]
        if len(asks) > 1:
            yield f"{sight.who} is asked twice at {sight.at}: {[one.title for one in asks]}"
        if asks and not _was_on_it(evidence, retro, sight):
            yield f"{sight.who} is asked {asks[0].title!r} at {sight.at}, and is not on it"


def _was_on_it(evidence: Evidence, retro: Retro, sight: Sight) -> bool:
    """Whether they may have been on it by then, and so be asked still."""
    on_it = evidence.books.members[retro.title, sight.who]
    return any(on_it.may_be(evidence.books.setting.start, sight.at))


def asked_when_they_work(evidence: Evidence) -> Iterator[str]:
    """Who is on a retro that begins by hand finds it on their card when they work next."""
    retro = evidence.books.setting.retro
    for begun in evidence.books.retro.begun if retro is not None else ():
        assert retro is not None
        if begun.answer is not Answer.BEGUN or begun.answered is None:
            continue
        until = evidence.weather.deadline(begun.answered)
        theirs = [one for one in told(evidence) if begun.since <= one.first.at <= until]
        for who in retro.members if len(theirs) == 1 else ():
            yield from _not_asked(evidence, retro, begun, theirs[0], who)


def _not_asked(
    evidence: Evidence, retro: Retro, begun: Begun, one: Told, who: str
) -> Iterator[str]:
    zone = evidence.books.zones[who].first
    at = works(begun.answered or begun.since, zone)
    by = evidence.weather.deadline(at)
    if by >= min(evidence.now, one.begun(SORT)) or between(by, zone, *QUIET):
        return
    if not _is_steady(evidence, retro, who) or is_holiday(ZONES[zone], local_date(at, zone)):
        return
    if any(each == who and when >= begun.since for each, when in evidence.books.retro.done):
        return
    seen = [
        sight
        for sight in evidence.sights
        if sight.who == who and begun.since <= sight.at <= by
        for item in sight.items
        if item.title == f"{retro.title}: notes" and _OPENS in item.elements
    ]
    if not seen:
        yield f"{who} works at {at}, and is not asked for notes by {by}"
    elif not any(sight.new for sight in seen) and notices_left(evidence, who, _first(seen), by):
        yield f"{who} is asked for notes at {_first(seen)} without a notice, and had one left"


def _first(seen: list[Sight]) -> datetime:
    return seen[0].at


def _is_steady(evidence: Evidence, retro: Retro, who: str) -> bool:
    """Whether nothing changed that would excuse somebody, or move their hours."""
    books = evidence.books
    return not (
        books.zones[who].changes
        or books.statuses[who].changes
        or books.active[who].changes
        or books.absences[who]
        or books.members[retro.title, who].changes
        or books.running[retro.title].changes
    )
