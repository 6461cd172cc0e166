"""When reviews are due once a team has other intervals, as far as people can reckon it."""

from collections.abc import Iterator
from datetime import date, datetime

from tests.simulation.model.risks import Days, Risk, Way
from tests.simulation.model.scores import Intervals, interval
from tests.simulation.model.wall import DAY

_LOOKS = frozenset(
    {
        *(Way.RAISED, Way.KEPT, Way.RESCORED, Way.MITIGATED, Way.ACCEPTED, Way.ESCALATED),
        Way.REOPENED,
    }
)
_A_DAY = 3
"""So many of one person's that would be late are asked on each working day, the worst first."""
_SATURDAY = 5


def replanned(
    risk: Risk, begins: datetime, ends: datetime, today: Days, days: Intervals, others: int
) -> Days:
    """When it may be due, where the intervals are changed between two instants.

    What is due by then stays so, and so does what was put off; all else is counted anew from when
    it was last looked at. `today` is where whoever looks after it is, `others` how many risks of
    theirs may be late with it.
    """
    here = sorted(one for one in today if one is not None)
    found: set[date | None] = set()
    for due in risk.may_be_due(begins, ends):
        if due is None or due <= here[-1]:
            found.add(due)  # closed, or asked for
        if due is not None and due > here[0]:
            put_off = _put_off(risk, begins, ends)
            found |= {due} if True in put_off else set()
            found |= (
                set(_anew(risk, begins, ends, here, days, others)) if False in put_off else set()
            )
    return frozenset(found)


def _anew(
    risk: Risk, begins: datetime, ends: datetime, here: list[date], days: Intervals, others: int
) -> Iterator[date]:
    for looked in _last_looks(risk, begins, ends):
        for score in risk.scores(begins, ends):
            due = looked + interval(days, score)
            if due > here[0]:
                yield due
            if due <= here[-1]:
                yield from (_workday(one, number) for one in here
                            for number in range(others // _A_DAY + 1))  # fmt: skip


def _workday(day: date, number: int) -> date:
    """The date itself, or so many working days after it."""
    while number:
        day += DAY
        number -= day.weekday() < _SATURDAY
    return day


def _last_looks(risk: Risk, begins: datetime, ends: datetime) -> set[date]:
    """The dates on which somebody may have looked at it last."""
    looks = [one for one in risk.deeds if one.way in _LOOKS and one.since <= ends]
    dated = [(one, {day for day in one.on if day is not None}) for one in looks]
    known = [min(on) for one, on in dated if one.sure is not None and one.sure <= begins]
    floor = max(known, default=date.min)
    return {day for _one, on in dated for day in on if day >= floor}


def _put_off(risk: Risk, begins: datetime, ends: datetime) -> set[bool]:
    """Whether somebody has put it off since it was last looked at; both where nobody can tell."""
    deeds = [one for one in risk.deeds if one.since <= ends]
    snoozes = [one for one in deeds if one.way is Way.SNOOZED]
    looks = [one for one in deeds if one.way in _LOOKS]
    known = [one for one in looks if one.sure is not None and one.sure <= begins]
    maybe = any(not any(two.since >= one.settled for two in known) for one in snoozes)
    sure = any(
        one.sure is not None
        and one.sure <= begins
        and not any(two.settled >= one.since for two in looks)
        for one in snoozes
    )
    return {sure, maybe}
