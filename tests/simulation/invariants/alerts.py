"""Alerts: each is counted once, all of one name are one thread, and what is decided is kept."""

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import func, select

from bot.db.tables import Person
from bot.rituals.risk.states import Act
from bot.rituals.risk.tables import Alert, Change, Decision
from tests.simulation.evidence import Evidence, Sight


def only_its_monitor(evidence: Evidence) -> Iterator[str]:
    """What is signed is taken; what is forged, or comes again, is not."""
    yield from evidence.books.register.wrong


def alerts_counted(evidence: Evidence) -> Iterator[str]:
    """Of each that was taken there is one row, in which it is counted once."""
    rows = {one.fingerprint: one for one in evidence.session.scalars(select(Alert))}
    told = evidence.books.register.told
    for name in {one.name for one in told}:
        firing = [one for one in told if one.name == name and one.firing]
        least, most = sum(one.sure is not None for one in firing), len(firing)
        times = rows[name].times if name in rows else 0
        if not least <= times <= most:
            yield f"{name!r} was told of {least} to {most} times, and is counted {times} times"
    for name in rows.keys() - {one.name for one in told}:
        yield f"no monitor told of {name!r}"


def alerts_shown(evidence: Evidence) -> Iterator[str]:
    """Each has one message in its channel; and what began anew is a reply in its thread."""
    setting, books = evidence.books.setting.register, evidence.books
    if setting is None:
        return
    new = [one for one in evidence.sights if one.new and one.channel == setting.channel]
    for name in {one.name for one in books.register.told}:
        theirs = [one for one in new if one.text.startswith(f"{name}: ")]
        tops = [one for one in theirs if not one.is_reply]
        told = [one for one in books.register.told if one.name == name and one.firing]
        taken = [one.sure for one in told if one.sure is not None]
        if len(tops) > 1:
            yield f"{name!r} has {len(tops)} messages"
        if taken and not _by(evidence, tops, evidence.weather.deadline(min(taken))):
            yield f"{name!r} was told of at {min(taken)}, and has no message in time"
        if len(theirs) - len(tops) > max(0, len(told) - 1):
            yield f"{name!r} began anew {len(told) - 1} times at most: {theirs}"


def _by(evidence: Evidence, sights: list[Sight], by: object) -> bool:
    return by >= evidence.now or any(one.at <= by for one in sights)  # type: ignore[operator]


def decisions_kept(evidence: Evidence) -> Iterator[str]:
    """Whatever was acknowledged is kept; the first of those about one beginning counts."""
    rows = evidence.session.execute(
        select(Alert.fingerprint, Decision.verdict, Decision.episode, Person.slack_id)
        .join(Alert, Decision.alert_id == Alert.id)
        .join(Person, Decision.decided_by == Person.id)
    ).all()
    decided = evidence.books.register.decided
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
