"""Who is to be asked when: reckoned from the setting and the books alone."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache

import holidays

from tests.simulation.cast import ZONES, Retro, Somebody, Standup
from tests.simulation.model.books import Books, Key, Status
from tests.simulation.model.history import Change
from tests.simulation.model.wall import DAY, QUIET, awake, between, instant, local_date
from tests.simulation.model.weather import Weather

_NEVER = datetime.max.replace(tzinfo=UTC)
_LATELY = timedelta(hours=48)
_MINUTE = timedelta(minutes=1)
_LATE = timedelta(minutes=15)  # who is asked later than that is not asked in quiet hours


class Asked(StrEnum):
    """Whether somebody is asked."""

    YES = "yes"
    NO = "no"
    MAYBE = "maybe"  # what decides it was changing just then


@dataclass(frozen=True)
class Moment:
    """Somebody's moment in one run. Where their zone was changing there are two of them."""

    key: Key
    due: datetime  # the earliest it may be
    latest: datetime  # the latest it may be due
    done_by: datetime  # when all that it brings must have been done
    ends: datetime  # the earliest end of their own window
    closes: datetime  # the latest
    asked: Asked
    why: str  # it is not, or maybe not


@dataclass(frozen=True)
class _Read:
    """A zone that a date is read in, and since when."""

    zone: str
    since: datetime


class Expected:
    """What the calendar and the books say."""

    def __init__(self, books: Books, weather: Weather) -> None:
        self._books = books
        self._weather = weather
        setting = books.setting
        self.moments = {one.key: one for one in self._moments(setting.standups)}
        retros = [] if setting.retro is None else [setting.retro]
        self.of_retro = {one.key: one for one in self._moments(retros)}

    def of(self, who: str) -> list[Moment]:
        """Somebody's moments."""
        return [one for one in self.moments.values() if one.key.who == who]

    def closes(self, title: str, day: date) -> tuple[datetime, datetime]:
        """The earliest and the latest end that a run may have."""
        every = (*self.moments.values(), *self.of_retro.values())
        theirs = [one for one in every if one.key[:2] == (title, day)]
        asked = [one.closes for one in theirs if one.asked is not Asked.NO]
        return min(asked, default=_NEVER), max(one.closes for one in theirs)

    def _moments(self, rituals: Iterable[Standup | Retro]) -> Iterator[Moment]:
        setting = self._books.setting
        for standup in rituals:
            for person in setting.people:
                day = setting.start.date() - DAY
                while day <= setting.end.date() + 2 * DAY:
                    if day.weekday() in standup.weekdays:
                        yield from self._moment(standup, person, day)
                    day += DAY

    def _moment(self, standup: Standup | Retro, person: Somebody, day: date) -> Iterator[Moment]:
        reads = self._reads(standup, person.id, day)
        may_be = [(at, one) for one in reads for at in self._dues(standup, day, one)]
        surely = [(at, one) for at, one in may_be if at is not None]
        last = self._books.times[standup.title].last
        dues = surely or [(instant(day, last, one.zone), one) for one in reads]
        due = min(at for at, _read in dues)
        latest = max(max(at, read.since) for at, read in dues)
        open_for = timedelta(minutes=standup.open_minutes)
        moved = {instant(day, at, one.zone) for one in reads for at in self._times(standup)}
        if latest <= self._books.setting.start:
            return
        key = Key(standup.title, day, person.id)
        done_by = self._done_by(person.id, due, latest)
        asked, why = self._asked(key, due, done_by)
        if asked is Asked.YES and self._came_late(
            standup, person.id, day, moved=self._is_by_move(standup, day, surely)
        ):
            asked, why = Asked.MAYBE, "the run may have closed before they came to be on it"
        if asked is Asked.NO and any(self._is_moved_on(standup, day, one.zone) for one in reads):
            asked = Asked.MAYBE  # what excused them at the old time may be over at the new one
        if asked is Asked.YES and self._is_unplanned(standup, person.id, day):
            asked, why = Asked.MAYBE, "never planned, so that nothing says which zone it is read in"
        if len(surely) < len(may_be) and asked is not Asked.NO:
            asked = Asked.MAYBE if surely else Asked.NO
            why = why or "its time was changed to one that was past"
        if due <= self._books.setting.start and asked is Asked.YES:
            asked, why = Asked.MAYBE, "due before it was set up"
        # Whoever said something, or was excused, is no more asked; their window may be another.
        sure = asked is Asked.YES and not self._books.answers[key].statements
        closes = max(at for at in ({at for at, _read in dues} if sure else moved)) + open_for
        yield Moment(key, due, latest, done_by, due + open_for, closes, asked, why)

    def _times(self, standup: Standup | Retro) -> list[time]:
        """All times of day at which it has been, or may have been."""
        return self._books.times[standup.title].may_be(self._books.setting.start, _NEVER)

    def _dues(self, standup: Standup | Retro, day: date, read: _Read) -> set[datetime | None]:
        """When it may be due on a date read in a zone; None: not at all.

        Whoever is due when its time is changed was asked, or will be, at the old one. Nobody is
        asked for a moment that was past by then, nor for one before it was set up.
        """
        history, start = self._books.times[standup.title], self._books.setting.start
        firsts = {instant(day, at, read.zone) for at in history.may_be(read.since)}
        found: set[datetime | None] = {
            at if at > start or read.since > start else None for at in firsts
        }
        for change in history.changes:
            if change.since <= read.since:
                continue
            due = instant(day, change.value, read.zone)
            surely = change.sure or _NEVER
            moved: set[datetime | None] = set()
            for old in found:
                if old is not None and old <= surely:
                    moved.add(old)
                if old is None or old > change.since:
                    moved |= {due} if due > change.since else set()
                    moved |= {None} if due <= surely else set()
            found = moved
        return found

    def _is_moved_on(self, standup: Standup | Retro, day: date, zone: str) -> bool:
        """Whether its time on a date was past and was changed to one that was still to come."""
        history = self._books.times[standup.title]
        before = [history.first, *(one.value for one in history.changes)]
        return any(
            instant(day, old, zone) <= (one.sure or _NEVER)
            and instant(day, one.value, zone) > one.since
            for old, one in zip(before, history.changes, strict=False)
        )

    def _is_by_move(
        self, standup: Standup | Retro, day: date, dues: Sequence[tuple[datetime, _Read]]
    ) -> bool:
        """Whether it may be due then because its time was changed."""
        changes = self._books.times[standup.title].changes
        return any(
            at > one.since and at == instant(day, one.value, read.zone)
            for at, read in dues
            for one in changes
        )

    def _is_unplanned(self, standup: Standup | Retro, who: str, day: date) -> bool:
        """Whether it was past when it was set up, and somebody has another zone since then."""
        history, zones = self._books.times[standup.title], self._books.zones[who]
        first = instant(day, history.first, zones.first)
        return bool(zones.changes) and first <= self._books.setting.start

    def _came_late(self, standup: Standup | Retro, who: str, day: date, *, moved: bool) -> bool:
        """Whether somebody came to be due when a window of others had ended already."""
        books = self._books
        length = timedelta(minutes=standup.open_minutes)
        ended = [
            instant(day, at, standup.zone or zone) + length
            for other in books.setting.people
            for zone in books.zones[other.id].may_be(books.setting.start, _NEVER)
            for at in self._times(standup)
            if other.id != who
        ]
        member = books.members[standup.title, who]
        before = [member.first, *(one.value for one in member.changes)]
        came = [
            one.since
            for one, was in zip(member.changes, before, strict=False)
            if one.value and not was
        ]
        if moved:
            came += [one.since for one in books.times[standup.title].changes]
        return bool(came) and max(came) > min(ended, default=_NEVER)

    def _done_by(self, who: str, due: datetime, latest: datetime) -> datetime:
        """When somebody has been asked; late only while they are awake, unless they never were."""
        done_by = self._weather.deadline(latest)
        zones = self._books.zones[who].may_be(due, done_by)
        if done_by - due <= _LATE or all(between(due, zone, *QUIET) for zone in zones):
            return done_by
        return max(done_by, *(self._weather.deadline(awake(done_by, zone)) for zone in zones))

    def _reads(self, standup: Standup | Retro, who: str, day: date) -> list[_Read]:
        """The zones that a date may be read in: what is today already stays in the old one.

        But whoever came to be on it, or it to run, after they changed zone has only the new one;
        and whoever has answered by then keeps the old one.
        """
        books = self._books
        answers = books.answers[Key(standup.title, day, who)]
        if standup.zone:
            return [_Read(standup.zone, books.setting.start)]
        came = [*books.members[standup.title, who].changes, *books.running[standup.title].changes]
        found = [_Read(books.zones[who].first, books.setting.start)]
        changes = books.zones[who].changes
        for number, change in enumerate(changes):
            new = _Read(change.value, change.sure or change.since)
            anew = any(one.since > change.since for one in came)
            if anew or answers.maybe_by(change.since) or self._is_unplanned(standup, who, day):
                found = [*found, new]
            else:
                after = [read for old in found for read in _after(old, new, change, day)]
                found = [*found, *after] if _is_overtaken(changes, number) else after
        return found

    def _asked(self, key: Key, begins: datetime, ends: datetime) -> tuple[Asked, str]:
        books, (title, _day, who) = self._books, key
        needed = {
            "on it": books.members[title, who],
            "running": books.running[title],
            "active": books.active[who],
        }
        maybe = ""
        for name, history in needed.items():
            values = history.may_be(begins, ends)
            if not any(values):
                return Asked.NO, f"not {name}"
            if not all(values):
                maybe = f"maybe not {name}"
        surely, perhaps = self._excused(key, begins, ends)
        if surely:
            return Asked.NO, surely
        if books.answers[key].sure_by(begins):
            return Asked.NO, "answered before"
        if any(one.since > begins - _LATELY for one in books.running[title].changes):
            maybe = maybe or "paused lately: a run may have closed with those who were asked"
        if perhaps or books.answers[key].maybe_by(ends) or books.may_be_loose(who, ends):
            maybe = maybe or perhaps or "maybe answered before"
        return (Asked.MAYBE, maybe) if maybe else (Asked.YES, "")

    def _excused(self, key: Key, begins: datetime, ends: datetime) -> tuple[str, str]:
        """What keeps somebody from being asked: for sure, and maybe."""
        perhaps = ""
        for name, values in self._excuses(key, begins, ends):
            if all(values):
                return name, ""
            if any(values):
                perhaps = f"maybe {name}"
        return "", perhaps

    def _excuses(
        self, key: Key, begins: datetime, ends: datetime
    ) -> Iterator[tuple[str, list[bool]]]:
        _title, day, who = key
        for one in self._books.absences[who]:
            if one.first <= day <= one.last:
                yield "away", one.stands.may_be(begins, ends)
        zones = self._books.zones[who].may_be(begins, ends)
        yield "a holiday", [is_holiday(ZONES[zone], day) for zone in zones]
        statuses = self._books.statuses[who].may_be(begins, ends)
        yield (
            "on leave",
            [
                _on_leave(status, at, day, zone)
                for status in statuses
                for zone in zones
                for at in (begins, ends)
            ],
        )


def _is_overtaken(changes: Sequence[Change[str]], number: int) -> bool:
    """Whether the next change may have come first, so that nobody believed this one."""
    one, later = changes[number], changes[number + 1 :]
    return bool(later) and (one.sure is None or later[0].since <= one.sure)


def _after(old: _Read, new: _Read, change: Change[str], day: date) -> Iterable[_Read]:
    """How `day` may be read after somebody's zone changed."""
    if local_date(change.since, old.zone) >= day:
        return (old,)
    if change.sure is not None and local_date(change.sure, old.zone) < day:
        return (new,)
    return (old, new)


def _on_leave(status: Status | None, at: datetime, day: date, zone: str) -> bool:
    """Whether a status at that instant says that somebody is away to the end of the day."""
    if status is None:
        return False
    last = max(day, local_date(at, zone))
    if status.until is None:
        return last == local_date(at, zone)
    return status.until > at and status.until >= instant(last + DAY, time(), zone) - _MINUTE


@cache
def is_holiday(country: str, day: date) -> bool:
    """Whether a date is a public holiday of a country."""
    if country not in holidays.list_supported_countries(include_aliases=False):
        return False
    return day in holidays.country_holidays(country, years=day.year, expand=False)
