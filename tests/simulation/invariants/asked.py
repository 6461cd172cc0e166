"""Everybody is asked when they are due, and nobody else; runs are shown; reminders come."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from tests.simulation.evidence import Evidence, Sight
from tests.simulation.model.expected import Asked, Moment
from tests.simulation.model.wall import QUIET, between, local_date, spoken

_AT_ONCE = timedelta(seconds=3)
_MOST = 2


def nobody_missing(evidence: Evidence) -> Iterator[str]:
    """Who is due to be asked finds it on their card, and is notified while the day allows it."""
    for one in evidence.expected.moments.values():
        if one.asked is not Asked.YES or one.done_by >= evidence.now:
            continue
        if one.done_by >= one.ends - _AT_ONCE:
            continue  # it may have been too late: see `told.owners_told`
        seen = [sight for sight in _seen(evidence, one) if one.due <= sight.at <= one.done_by]
        if not seen:
            yield f"{one.key} was due at {one.due}, and is on no card by {one.done_by}"
        elif not any(sight.new for sight in seen) and notices_left(
            evidence, one.key.who, one.due, one.done_by
        ):
            yield f"{one.key} came at {seen[0].at} without a notice, though the day had one left"


def _seen(evidence: Evidence, moment: Moment) -> list[Sight]:
    title, day, who = moment.key
    return [
        sight
        for sight in evidence.sights
        if sight.who == who
        for item in sight.items
        if (item.title, item.date) == (title, spoken(day))
    ]


def notices_left(evidence: Evidence, who: str, begins: datetime, ends: datetime) -> bool:
    """Whether fewer than two messages had surely notified somebody on the date of an interval.

    Each counts for the date on their clock when it came, wherever they were then.
    """
    zones = evidence.books.zones[who]
    today = {local_date(at, zone) for at in (begins, ends) for zone in zones.may_be(begins, ends)}
    counted = [
        one
        for one in evidence.notices(who)
        if one.at < ends and today & {local_date(one.at, zone) for zone in zones.may_be(one.at)}
    ]
    return len(counted) < _MOST


def nobody_uncalled(evidence: Evidence) -> Iterator[str]:
    """What stands on a card as owed was due, and its reader is to be asked it."""
    titles = {one.title for one in evidence.books.setting.standups}
    for sight in evidence.sights:
        for item in sight.items if sight.who else ():
            if item.title not in titles:
                continue
            moment = next(
                (
                    one
                    for one in evidence.expected.of(sight.who)
                    if (one.key.title, spoken(one.key.day)) == (item.title, item.date)
                ),
                None,
            )
            if moment is None:
                yield f"{sight.who} is asked {item.title} of {item.date}, which is no date of it"
            elif item.owed and sight.at < moment.due - _AT_ONCE:
                yield f"{moment.key} is asked at {sight.at}, before {moment.due}"
            elif item.owed and moment.asked is Asked.NO and _never_after(evidence, moment):
                yield f"{moment.key} is asked at {sight.at}, though {moment.why}"


def _never_after(evidence: Evidence, moment: Moment) -> bool:
    """Whether nothing changed after a moment that would have them asked all the same."""
    books = evidence.books
    ends = [one.value.until for one in books.statuses[moment.key.who].changes if one.value]
    return not (
        any(at is not None and at > moment.due for at in ends)
        or any(
            change.sure is None or change.sure > moment.due
            for change in books.changes_of(moment.key)
        )
    )


def runs_shown(evidence: Evidence) -> Iterator[str]:
    """A run in which anybody was asked is told of in its channel at its close, if it may be."""
    told = {(one.channel, one.text.split(":")[0]) for one in evidence.sights if not one.who}
    for standup in evidence.books.setting.standups:
        days = {one.key.day for one in evidence.expected.moments.values()}
        for day in sorted(days):
            asked = [
                one
                for one in evidence.expected.moments.values()
                if one.key[:2] == (standup.title, day)
                and one.asked is Asked.YES
                and _owes(evidence, one, evidence.now)
            ]
            if not asked:
                continue
            closes = evidence.expected.closes(standup.title, day)[1]
            by = evidence.weather.deadline(closes)
            in_time = [one for one in asked if one.done_by < one.closes]
            if by >= evidence.now or not in_time or not _is_open(evidence, standup.channel):
                continue
            if not all(evidence.books.running[standup.title].may_be(closes, by)):
                continue
            if (standup.channel, f"{standup.title} · {spoken(day)}") not in told:
                yield f"{standup.title} of {day} closed by {closes}, and its channel was not told"


def _is_open(evidence: Evidence, channel: str) -> bool:
    """Whether a channel could be written to all the time."""
    return not evidence.books.writable[channel].changes


def reminders(evidence: Evidence) -> Iterator[str]:
    """Who owes an answer for sure is reminded before their window ends, awake and once."""
    books = evidence.books
    for standup in books.setting.standups:
        if not 0 < standup.remind_minutes < standup.open_minutes:
            continue
        for one in evidence.expected.moments.values():
            if one.key.title != standup.title or one.asked is not Asked.YES:
                continue
            at = one.closes - timedelta(minutes=standup.remind_minutes)
            by = evidence.weather.deadline(at)
            if one.due != one.latest or not evidence.weather.fair(one.due, by):
                continue
            if by >= min(one.closes, evidence.now) or not _owes(evidence, one, by):
                continue
            if _may_sleep(evidence, one, at) or not notices_left(evidence, one.key.who, at, at):
                continue
            if not any(at <= sight.at <= by for sight in evidence.notices(one.key.who)):
                yield f"{one.key} owed an answer at {at}, and was not reminded by {by}"


def _owes(evidence: Evidence, moment: Moment, by: datetime) -> bool:
    """Whether somebody who was asked surely owes an answer still, and did not put it off."""
    books = evidence.books
    return not (
        books.answers[moment.key].maybe_by(by)
        or books.may_be_loose(moment.key.who, by)
        or any(wish.since <= by for wish in books.wishes[moment.key])
        or any(change.since <= by for change in books.changes_of(moment.key))
        or any(change.since <= by for change in books.zones[moment.key.who].changes)
    )


def _may_sleep(evidence: Evidence, moment: Moment, at: datetime) -> bool:
    return any(
        between(when, zone, *QUIET)
        for zone in evidence.books.zones[moment.key.who].may_be(at)
        for when in (at - _AT_ONCE, at + _AT_ONCE)
    )
