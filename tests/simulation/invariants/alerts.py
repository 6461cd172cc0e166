"""Alerts: each is counted once, all of one name are one thread, and what is decided is kept."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select

from bot.db.tables import Person
from bot.rituals.risk.states import Act
from bot.rituals.risk.tables import Alert, Change, Decision
from tests.simulation.evidence import Evidence, Sight
from tests.simulation.model.alerts import AT_ONCE, BEGUN, MANY, OVER, WHILE, may_find_no_place

_STORM = "meridian:many"


def only_its_monitor(evidence: Evidence) -> Iterator[str]:
    """What is signed is taken; what is forged, or comes again, is not."""
    yield from evidence.books.register.wrong


def alerts_counted(evidence: Evidence) -> Iterator[str]:
    """Of each that was taken there is one row, in which it is counted once.

    What comes beyond a few at once is counted in the row of the many, once as well.
    """
    rows = {_called(one.fingerprint): one for one in evidence.session.scalars(select(Alert))}
    told = [one for one in evidence.books.register.told if one.firing]
    names = {one.name for one in evidence.books.register.told}
    for name in names:
        firing = [one for one in told if one.name == name]
        least, most = sum(one.sure is not None for one in firing), len(firing)
        times = rows[name].times if name in rows else 0
        if may_find_no_place(told, name):
            least = 0
        if not least <= times <= most:
            yield f"{name!r} was told of {least} to {most} times, and is counted {times} times"
    for name in rows.keys() - names - {MANY}:
        yield f"no monitor told of {name!r}"
    counted = sum(one.times for one in rows.values())
    if not sum(one.sure is not None for one in told) <= counted <= len(told):
        yield f"of {len(told)} alerts {counted} are counted"
    if MANY in rows and not any(may_find_no_place(told, name) for name in names):
        yield "alerts are counted with the many, and there were few"


def _called(fingerprint: str) -> str:
    """The name of what monitors tell of is its fingerprint; the many have one of their own."""
    return MANY if fingerprint == _STORM else fingerprint


def few_threads(evidence: Evidence) -> Iterator[str]:
    """So many begin within a while, and where none ended meanwhile, fewer."""
    query = select(Alert.first_at).where(Alert.fingerprint != _STORM).order_by(Alert.first_at)
    begun = evidence.session.scalars(query).all()
    ended = [one for one in evidence.books.register.told if not one.firing]
    for most in (AT_ONCE, BEGUN):
        for first, last in zip(begun, begun[most:], strict=False):
            meanwhile = any(one.since <= last and one.settled >= first for one in ended)
            if last - first < WHILE and not (meanwhile and most == AT_ONCE):
                yield f"more than {most} alerts got a thread from {first} to {last}"


def alerts_shown(evidence: Evidence) -> Iterator[str]:
    """Each has one message in its channel; and what began anew is a reply in its thread."""
    setting, books = evidence.books.setting.register, evidence.books
    if setting is None:
        return
    new = [one for one in evidence.sights if one.new and one.channel == setting.channel]
    rows = {_called(one.fingerprint): one for one in evidence.session.scalars(select(Alert))}
    all_told = books.register.told
    for name in {one.name for one in all_told} | {MANY}:
        theirs = [one for one in new if one.text.startswith(f"{name}: ")]
        tops = [one for one in theirs if not one.is_reply]
        told = [one for one in all_told if one.firing and name in (one.name, MANY)]
        taken = [one.sure for one in told if one.sure is not None]
        if len(tops) > 1:
            yield f"{name!r} has {len(tops)} messages"
        if len(theirs) - len(tops) > max(0, len(told) - 1):
            yield f"{name!r} began anew {len(told) - 1} times at most: {theirs}"
        if name == MANY or (name not in rows and may_find_no_place(all_told, name)):
            continue
        begun = min(taken, default=evidence.now)
        if may_find_no_place(all_told, name):
            begun = max(begun, rows[name].first_at)  # it was one of the many before
        if taken and not _by(evidence, tops, evidence.weather.deadline(begun)):
            yield f"{name!r} was told of at {begun}, and has no message in time"


def many_shown(evidence: Evidence) -> Iterator[str]:
    """Who found no place is told of in one message, which says in time that they are over."""
    setting, told = evidence.books.setting.register, evidence.books.register.told
    if setting is None:
        return
    rows = {one.fingerprint: one for one in evidence.session.scalars(select(Alert))}
    lost = [one.sure for one in told if one.firing and one.sure and one.name not in rows]
    states = (f"{MANY}: alerting", f"{MANY}: over")
    said = [one for one in evidence.sights
            if one.channel == setting.channel and one.text in states]  # fmt: skip
    if lost and not _by(evidence, said, evidence.weather.deadline(min(lost))):
        yield f"alerts found no place from {min(lost)} on, and nobody was told"
    if _STORM not in rows or evidence.books.writable[setting.channel].changes:
        return
    last = max(one.settled for one in told if one.firing)
    over = evidence.weather.deadline(last + OVER) < evidence.now
    if over and said and not said[-1].text.endswith(": over"):
        yield f"the last of many alerts was told of at {last}, and they are not over: {said[-1]}"


def _by(evidence: Evidence, sights: list[Sight], by: datetime) -> bool:
    return by >= evidence.now or any(one.at <= by for one in sights)


def decisions_kept(evidence: Evidence) -> Iterator[str]:
    """Whatever was acknowledged is kept; the first of those about one beginning counts."""
    found = evidence.session.execute(
        select(Alert.fingerprint, Decision.verdict, Decision.episode, Person.slack_id)
        .join(Alert, Decision.alert_id == Alert.id)
        .join(Person, Decision.decided_by == Person.id)
    ).all()
    decided = evidence.books.register.decided
    rows = [(_called(row[0]), *row[1:]) for row in found]
    for (name, episode), times in Counter((row[0], row[2]) for row in rows).items():
        if times > 1:
            yield f"{times} decisions are kept of the {episode}. beginning of {name!r}"
    for name, verdict, _episode, who in rows:
        if not any((one.name, one.verdict, one.who) == (name, verdict, who) for one in decided):
            yield f"{who} never decided {verdict} about {name!r}"
    for one in decided:
        if one.sure is not None and not any(row[0] == one.name for row in rows):
            yield f"{one.who} decided {one.verdict} about {one.name!r}, and it is not kept"


def scores_left_alone(evidence: Evidence) -> Iterator[str]:
    """Neither an alert nor a decision about one changes a score."""
    was, now = (
        Change.was_likelihood * 10 + Change.was_impact,
        Change.likelihood * 10 + Change.impact,
    )
    changed = select(func.count()).where(Change.act.in_([Act.ALERTED, Act.DECIDED]), was != now)
    if evidence.session.scalar(changed):
        yield "an alert changed a score"
    alerted = select(Change.risk_id, Change.on_date, func.count()).where(Change.act == Act.ALERTED)
    for risk_id, on, times in evidence.session.execute(
        alerted.group_by(Change.risk_id, Change.on_date, Change.why)
    ):
        if times > 1:
            yield f"the history of R{risk_id} says {times} times on {on} that a monitor told of it"
