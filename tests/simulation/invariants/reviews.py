"""Reviews are asked of whoever looks after a risk when they are due, and of nobody else."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from tests.simulation.cast import ZONES, Register
from tests.simulation.evidence import Evidence, Sight
from tests.simulation.model.expected import is_holiday
from tests.simulation.model.risks import Aspect, Risk, Way
from tests.simulation.model.wall import DAY, QUIET, awake, between, instant, local_date

_KEEP = '"risk.keep"'
_USUAL, _END = time(9, 30), time(17, 45)
_AFTER_ASKING = timedelta(minutes=15)
_DRAWN = timedelta(seconds=60)  # so long before it stands somewhere a message may be drawn
_SATURDAY = 5
_ASKED_AGAIN = 2  # days on which a card says so: the first, and its reminder


def reviews_asked(evidence: Evidence) -> Iterator[str]:
    """What is surely due is on its reviewer's card, the day's first hour on; and the day after."""
    register = evidence.books.setting.register
    if register is None:
        return
    for risk in evidence.books.register.risks.values():
        day, days = evidence.books.setting.start.date() - DAY, 0
        while day <= evidence.books.setting.end.date():
            if _may_be_asked(evidence, risk, day):
                days += 1
            if 0 < days <= _ASKED_AGAIN:
                yield from _not_asked(evidence, register, risk, day)
            day += DAY


def _may_be_asked(evidence: Evidence, risk: Risk, day: date) -> bool:
    """Whether it may be due on a date, anywhere."""
    noon = instant(day, time(12), "Etc/UTC")
    days = risk.may_be_due(noon - DAY, noon + DAY)
    return any(one is not None and one <= day for one in days)


def _not_asked(evidence: Evidence, register: Register, risk: Risk, day: date) -> Iterator[str]:
    who = _reviewer(evidence, register, risk, day)
    if who is None or not _works(evidence, who, day):
        return
    zone = evidence.books.zones[who].first
    midnight = instant(day, time(), zone)
    at = max(_morning(evidence, who, day), evidence.books.setting.start)
    since = max(midnight, evidence.books.setting.start)
    due = [deed for deed in risk.deeds if Aspect.DUE in deed.says and deed.since > since]
    by = evidence.weather.deadline(at)
    if by >= min(evidence.now, instant(day, _END, zone)) or local_date(at, zone) != day:
        return
    if due and min(one.since for one in due) <= by:
        return  # it was changed meanwhile
    days = risk.may_be_due(midnight, by)
    if not days or any(one is None or one > day for one in days) or _closed(risk, midnight, by):
        return
    shown = (_shows(sight, risk) for sight in _sights(evidence, who, midnight, by))
    if not any(shown):
        yield f"{risk.title!r} was due on {day}, and is not on the card of {who} by {by}"


def _reviewer(evidence: Evidence, register: Register, risk: Risk, day: date) -> str | None:
    """Who looks at it on a date, where that is certain."""
    zones = [zone for one in evidence.books.zones.values() for zone in [one.first]]
    begins = min(instant(day, time(), zone) for zone in zones) - _DRAWN
    ends = begins + 2 * DAY
    owners = set(map(str, risk.may_be(Aspect.OWNER, begins, ends)))
    if owners == {""}:
        owners = set(_answers_for(evidence, register, risk, begins, ends))
    return owners.pop() if len(owners) == 1 else None


def _answers_for(
    evidence: Evidence, register: Register, risk: Risk, begins: datetime, ends: datetime
) -> list[str]:
    """Who may look at what nobody owns; nobody of a stand-up's team, which has named nobody."""
    here = risk.channel == register.channel
    return evidence.books.register.risk_owners.may_be(begins, ends) if here else []


def _works(evidence: Evidence, who: str, day: date) -> bool:
    """Whether somebody is surely there on a date, of which nothing about them has changed."""
    books = evidence.books
    if books.zones[who].changes or books.active[who].changes or books.statuses[who].changes:
        return False
    away = any(one.first <= day <= one.last for one in books.absences[who])
    return (
        not away
        and day.weekday() < _SATURDAY
        and not is_holiday(ZONES[books.zones[who].first], day)
    )


def _morning(evidence: Evidence, who: str, day: date) -> datetime:
    """The latest moment at which their card of a date is there, awake."""
    zone = evidence.books.zones[who].first
    setting = evidence.books.setting
    rituals = (*setting.standups, *([setting.retro] if setting.retro is not None else ()))
    asked = [
        instant(on, at, one.zone or zone) + _AFTER_ASKING
        for one in rituals
        for at in evidence.books.times[one.title].may_be(setting.start, evidence.now)
        for on in (day - DAY, day, day + DAY)
    ]
    theirs = [at for at in asked if local_date(at - _AFTER_ASKING, zone) == day]
    return awake(max([instant(day, _USUAL, zone), *theirs]), zone)


def _closed(risk: Risk, begins: datetime, ends: datetime) -> bool:
    return "closed" in risk.may_be(Aspect.STATUS, begins, ends)


def _sights(evidence: Evidence, who: str, begins: datetime, ends: datetime) -> Iterator[Sight]:
    return (one for one in evidence.sights if one.who == who and begins <= one.at <= ends)


def _shows(sight: Sight, risk: Risk) -> bool:
    """Whether a card asks for a review of it."""
    return f" · {risk.title}*" in sight.said and _KEEP in sight.said


def reviews_uncalled(evidence: Evidence) -> Iterator[str]:
    """Nobody is asked for what is not due, is closed, or is somebody else's to look at."""
    register = evidence.books.setting.register
    for sight in evidence.sights if register is not None else ():
        assert register is not None
        for risk in evidence.books.register.risks.values() if sight.who else ():
            if _asks(sight, risk) and (why := _wrong(evidence, register, sight, risk)):
                yield f"{sight.who} is asked to review {risk.title!r} at {sight.at}, {why}"


def _asks(sight: Sight, risk: Risk) -> bool:
    """Whether what stands below a risk's line asks to keep it."""
    _head, found, below = sight.said.partition(f" · {risk.title}*")
    return bool(found) and _KEEP in below.split(" · R")[0].split('"type": "section"')[0]


def _wrong(evidence: Evidence, register: Register, sight: Sight, risk: Risk) -> str:
    begins, who = sight.at - _DRAWN, sight.who
    answers = who in _answers_for(evidence, register, risk, begins, sight.at)
    if any(deed.way is Way.ESCALATED for deed in risk.deeds) and answers:
        return ""
    owners = set(map(str, risk.may_be(Aspect.OWNER, begins, sight.at)))
    gone = any(not all(evidence.books.active[one].may_be(sight.at)) for one in owners if one)
    if who not in owners and not (answers and ("" in owners or gone)):
        return f"which is of {owners}"
    zones = evidence.books.zones[who].may_be(begins, sight.at)
    latest = max(local_date(sight.at, zone) for zone in zones)
    days = risk.may_be_due(begins, sight.at)
    if not any(one is not None and one <= latest for one in days):
        return f"which is due on {days}"
    return ""


def asked_once(evidence: Evidence) -> Iterator[str]:
    """No message asks anew for the same review on the same date."""
    seen: dict[tuple[str, date, str], Sight] = {}
    titles = evidence.books.register.risks
    for sight in evidence.sights:
        title = sight.text.partition("A risk is to be reviewed: ")[2]
        if not (sight.new and sight.who and title in titles):
            continue
        if evidence.books.zones[sight.who].changes:
            continue
        day = local_date(sight.at, evidence.books.zones[sight.who].first)
        before = seen.setdefault((sight.who, day, title), sight)
        deeds = titles[title].deeds
        if before is not sight and not any(
            before.at - _DRAWN <= deed.since <= sight.at for deed in deeds
        ):
            yield f"{sight.who} is asked to review {title!r} at {before.at} and {sight.at}"


def alerts_mention_who_works(evidence: Evidence) -> Iterator[str]:
    """A monitor calls nobody by name on a weekend or in their quiet hours."""
    for sight in evidence.sights:
        for person in evidence.books.setting.people if sight.new and not sight.who else ():
            zones = evidence.books.zones[person.id].may_be(sight.at - _DRAWN, sight.at)
            asleep = all(
                (between(sight.at - _DRAWN, zone, *QUIET) and between(sight.at, zone, *QUIET))
                or local_date(sight.at, zone).weekday() >= _SATURDAY
                for zone in zones
            )
            if f"<@{person.id}>: what do we do?" in sight.said and asleep:
                yield f"{person.id} was called by an alert at {sight.at}"
