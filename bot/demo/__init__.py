"""The demo team, made by the same use cases as real ones: it meets, decides and has risks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import assert_never

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bot.actions.model import Place
from bot.app import Meridian
from bot.asking.holidays import holiday
from bot.asking.people import learn
from bot.asking.terms import Terms
from bot.core.cadence import Cadence, instant, zone
from bot.core.clock import MovableCalendar
from bot.core.states import MirrorKind
from bot.db.session import Database
from bot.db.tables import Mirror
from bot.demo import items, retros
from bot.demo.risks import furnish
from bot.demo.script import (
    AGREED,
    BECAME,
    DAYS,
    LENA,
    NOTES,
    SAID,
    Agreed,
    Became,
    Event,
    Noted,
    Said,
)
from bot.engine import mirrors, threads
from bot.engine.rates import UPDATE
from bot.rituals.standup import setup, sheets
from bot.rituals.standup.answers import Beside, submit
from bot.rituals.standup.setup import Plan
from bot.rituals.standup.sheets import Sheet
from bot.slack.gateway import Gateway

CHANNEL, _NAME = "C01CHURN", "churn-model"
_PLACE = (CHANNEL, _NAME)
OWNER = LENA
_AT = time(9, 30)
_WORKDAYS = (0, 1, 2, 3, 4)
_THURSDAY = 3
_COUNTRIES = ("BR", "DE", "IN", "JP", "PT", "US")
_BERLIN = zone("Europe/Berlin")
_EVE = time(22, tzinfo=UTC)  # when nobody has been asked yet about the day after

_TERMS = Terms()
_REMINDED_AFTER = _TERMS.open - timedelta(minutes=_TERMS.remind_minutes)
_MANY = 1000
_CALM_SECONDS = 0.15
_GLANCE_SECONDS = 0.015


@dataclass(frozen=True)
class Stop:
    """A moment to halt at, and what was said since the one before."""

    at: datetime
    said: tuple[tuple[datetime, Event], ...]


def now_of(today: date) -> datetime:
    """The demo's own present: a Thursday when Berlin has just been asked, the coming one or before.

    In its week nobody of the team has a public holiday: on one they would not have been asked.
    """
    thursday = today + timedelta(days=(_THURSDAY - today.weekday()) % 7)
    while _has_holiday(thursday):
        thursday -= timedelta(weeks=1)
    return instant(thursday, _AT, _BERLIN) + timedelta(minutes=1)


def _has_holiday(thursday: date) -> bool:
    days = [thursday - timedelta(days=ago) for ago in range(DAYS)]
    return any(holiday(country, None, day) for country in _COUNTRIES for day in days)


def begins(now: datetime) -> datetime:
    """The calendar instant at which the team starts, for a demo whose present is `now`."""
    return datetime.combine(_days(now)[0] - timedelta(days=1), _EVE)


async def play(bot: Meridian, calendar: MovableCalendar, now: datetime) -> None:
    """Set stand-up and retro up and let the team answer, from `begins` on until `now`.

    Slack's rates should be off; what remains is changes to messages, due at once.
    """
    database, workspace_id = bot.database, bot.workspace_id
    zones = await _get_to_know(database, bot.gateway, workspace_id, calendar.now())
    await database.write(_start, calendar.now(), workspace_id, list(zones))
    await database.write(furnish, calendar.now(), workspace_id, CHANNEL, _NAME)
    await database.write(_start_retros, calendar.now(), workspace_id, list(zones), _days(now))
    await _post(bot)
    for stop in _stops(now, zones):
        if stop.at > calendar.now():  # it runs on meanwhile
            calendar.move_to(stop.at)
        await database.write(_come_to, calendar.now(), bot, stop, _days(now)[-1])
        await _post(bot)
    if bot.jira is not None and (chosen := await items.project(bot.jira.gateway)) is not None:
        await database.write(items.choose, calendar.now(), workspace_id, _PLACE, chosen)
    await bot.limits.machine.sleep(_CALM_SECONDS)


def _come_to(session: Session, at: datetime, bot: Meridian, stop: Stop, today: date) -> None:
    """What was done since the last stop, and what is due; `today` is the demo's present."""
    for then, event in stop.said:
        _let(session, then, bot.workspace_id, event, today)
    while bot.timetable.run(session, at, _MANY):
        pass
    mirrors.flush_calm(session)  # all that comes at this moment is there


async def _post(bot: Meridian) -> None:
    """Wait until new messages are there, which bear the time of sending; changes to them can wait.

    Three days are a hundred changes, of which only the last to each message is ever seen.
    """
    machine = bot.limits.machine
    bot.limits.pause(UPDATE, machine.utc() + timedelta(seconds=_CALM_SECONDS))
    await machine.sleep(_GLANCE_SECONDS)
    while await bot.database.read(_unsent):
        await machine.sleep(_GLANCE_SECONDS)


def _unsent(session: Session) -> bool:
    return bool(
        session.scalar(
            select(
                exists().where(
                    Mirror.kind == MirrorKind.MESSAGE,
                    Mirror.remote_id.is_(None),
                    Mirror.shown < Mirror.wanted,
                    Mirror.outcome.is_(None),
                    threads.may_go(),
                )
            )
        )
    )


def _days(now: datetime) -> list[date]:
    """The demo's days: the last workdays before the one of `now`, and that one."""
    today = now.astimezone(_BERLIN).date()
    before = (today - timedelta(days=ago) for ago in range(1, 2 * DAYS))
    workdays = [day for day in before if day.weekday() in _WORKDAYS]
    return [*reversed(workdays[: DAYS - 1]), today]


def _stops(now: datetime, zones: Mapping[str, str]) -> list[Stop]:
    """The moments at which a new message appears, in order, and `now`.

    Somebody is asked or reminded, or is the first of the day to answer. What is said or due in
    between only changes messages, and waits for the next stop.
    """
    found: list[Stop] = []
    since: list[tuple[datetime, Event]] = []
    days = set[int]()
    for at, said in _moments(now, zones):
        if said is not None:
            since.append((at, said))
        day = said.day if isinstance(said, Said) else None
        if said is None or (day is not None and day not in days):
            found.append(Stop(at, tuple(since)))
            since = []
        if day is not None:
            days.add(day)
    return found


def _moments(now: datetime, zones: Mapping[str, str]) -> list[tuple[datetime, Event | None]]:
    """When somebody is asked or reminded (None) or does something, in order, and `now`."""
    found: list[tuple[datetime, Event | None]] = [(now, None), *_of_items(now, zones)]
    for person, tz in zones.items():
        asked = instant(_days(now)[-2], retros.AT, zone(tz))
        found.append((asked, None))
        found += [
            (asked + timedelta(minutes=one.minutes), one) for one in NOTES if one.person == person
        ]
    for number, day in enumerate(_days(now)):
        said = {one.person: one for one in SAID if one.day == number}
        for person, tz in zones.items():
            asked = instant(day, _AT, zone(tz))
            found.append((asked, None))
            if person in said:
                found.append((asked + timedelta(minutes=said[person].minutes), said[person]))
            else:
                found.append((asked + _REMINDED_AFTER, None))
    return sorted((one for one in found if one[0] <= now), key=lambda one: one[0])


def _of_items(now: datetime, zones: Mapping[str, str]) -> Iterator[tuple[datetime, Event]]:
    """When items are raised, and what becomes of them."""
    days = _days(now)
    for agreed in AGREED:
        if agreed.day is not None:
            asked = instant(days[agreed.day], _AT, zone(zones[agreed.raiser]))
            yield asked + timedelta(minutes=agreed.minutes), agreed
    for became in BECAME:
        owner = AGREED[became.which].owner
        asked = instant(days[became.day], _AT, zone(zones[owner]))
        yield asked + timedelta(minutes=became.minutes), became


async def _get_to_know(
    database: Database, gateway: Gateway, workspace_id: int, at: datetime
) -> dict[str, str]:
    """The zones of the channel's people, by Slack id; bots and guests are left out."""
    members = [await gateway.member(one) for one in await gateway.channel_members(CHANNEL)]
    people = [one for one in members if not one.is_bot and not one.is_external]
    for member in people:
        await database.write(learn, at, workspace_id, member)
    return {member.slack_id: member.tz or "Etc/UTC" for member in people}


def _start(session: Session, at: datetime, workspace_id: int, members: Sequence[str]) -> None:
    plan = Plan(
        channel=CHANNEL,
        channel_name=_NAME,
        members=tuple(members),
        cadence=Cadence(weekdays=_WORKDAYS, at=_AT),
        key="demo",
    )
    setup.start(session, at, workspace_id, OWNER, plan)


def _start_retros(
    session: Session, at: datetime, workspace_id: int, members: Sequence[str], days: Sequence[date]
) -> None:
    """People are asked for notes on the workday before the demo's present."""
    origin = retros.start(session, at, workspace_id, _PLACE, members, days[-2])
    if origin is not None:
        items.agree_in_retro(session, at, workspace_id, origin, days[-1])


def _let(session: Session, at: datetime, workspace_id: int, event: Event, today: date) -> None:
    match event:
        case Said():
            _say(session, at, workspace_id, event)
        case Noted():
            retros.note(session, at, workspace_id, CHANNEL, event)
        case Agreed():
            items.agree(session, at, workspace_id, Place(*_PLACE), today, event)
        case Became():
            items.become(session, at, workspace_id, event)
        case _:
            assert_never(event)


def _say(session: Session, at: datetime, workspace_id: int, said: Said) -> None:
    sheet = sheets.open_sheet(session, at, workspace_id, said.person, CHANNEL)
    if isinstance(sheet, Sheet):
        answers = {
            "learned": said.learned,
            "next": said.next,
            "blockers": said.blockers,
            "confidence": said.confidence,
        }
        beside = Beside(helper=said.helper)
        submit(session, at, workspace_id, said.person, sheet.prompt_id, answers, beside)
