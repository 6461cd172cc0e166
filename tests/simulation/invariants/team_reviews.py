"""Team reviews are held when they are due, and when somebody asks for one; each once."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tests.simulation.cast import Register
from tests.simulation.evidence import Evidence, Sight
from tests.simulation.model.wall import DAY, instant

_JUST_BEFORE = timedelta(minutes=2)


@dataclass(frozen=True)
class _Due:
    """A review that is to come in a span of time."""

    at: datetime
    by: datetime
    surely: bool
    day: date | None  # of the plan; None: held by hand


def team_reviews_held(evidence: Evidence) -> Iterator[str]:
    """Each that is surely due came in time; each that came was due, or asked for."""
    register, books = evidence.books.setting.register, evidence.books
    if register is None or books.writable[register.channel].changes:
        return
    came = [one.at for one in _posted(evidence, register) if one.text.startswith("Risk review · ")]
    due = sorted(_due(evidence, register), key=lambda one: (not one.surely, one.by))
    planned: set[date] = set()
    for one in due:
        if one.day is not None and one.day in planned:
            continue  # one was held on that date, though its time was changed since
        first = next((at for at in came if one.at <= at <= one.by), None)
        if first is not None:
            came.remove(first)
            planned |= {one.day} if one.day is not None else set()
        elif one.surely and one.by < evidence.now:
            yield f"the team review of {one.at} was not held by {one.by}"
    for at in came:
        yield f"a team review was held at {at}, and is due at {[one.at for one in due]}"


def worst_asked(evidence: Evidence) -> Iterator[str]:
    """Each review asks about three risks at most, and about each of them once."""
    register = evidence.books.setting.register
    if register is None:
        return
    posted = list(_posted(evidence, register))
    held = sum(one.text.startswith("Risk review · ") for one in posted)
    asked = Counter(one.text for one in posted if one.text.endswith(": what do we do about it?"))
    if asked.total() > 3 * held or any(times > held for times in asked.values()):
        yield f"{held} reviews asked what to do about {asked}"


def _posted(evidence: Evidence, register: Register) -> Iterator[Sight]:
    return (one for one in evidence.sights if one.new and one.channel == register.channel)


def _due(evidence: Evidence, register: Register) -> Iterator[_Due]:
    for one in evidence.books.register.by_hand:
        by = evidence.weather.deadline(one.sure or one.since)
        yield _Due(one.since, by, one.sure is not None, None)
    setting = evidence.books.setting
    plans = evidence.books.register.plan
    day = setting.start.date() - DAY
    while day <= setting.end.date() + DAY:
        for plan in {plans.first, *(one.value for one in plans.changes)}:
            if plan is None or not plan.holds(day):
                continue
            at = instant(day, plan.at, register.zone)
            by = evidence.weather.deadline(at)
            may_be = plans.may_be(at - _JUST_BEFORE, by)
            if setting.start < at < evidence.now and plan in may_be:
                yield _Due(at, by, set(may_be) == {plan}, day)
        day += DAY
