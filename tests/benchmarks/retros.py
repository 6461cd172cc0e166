"""A retro of 100 people: 300 notes shown and all votes counted, from the deadline to the commit."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking.upkeep import setup
from bot.asking.upkeep.model import Plan
from bot.core.cadence import Cadence
from bot.core.clock import MovableCalendar
from bot.db.session import Database
from bot.engine.timetable import Timetable
from bot.rituals.retro import notes, settling, votes
from bot.rituals.retro.finding import ends
from bot.rituals.retro.model import KIND, TITLE, Config, Stage
from bot.rituals.retro.tables import Retro, Topic
from bot.teams.teams import team_of
from tests.benchmarks.bare import machine
from tests.benchmarks.report import Row, middle, milliseconds
from tests.benchmarks.team import database, people, timetable, workspace

_BEGIN = datetime(2026, 3, 29, 20, tzinfo=UTC)  # on a Sunday
_ASKED = datetime(2026, 3, 30, 9, tzinfo=UTC)
_VOTERS, _NOTES_EACH, _VOTES_EACH = 100, 3, 3
_ROUNDS = 3
_AIM = 0.75  # of the second that it may take, the rest is the wait for the heartbeat
_MINUTE = timedelta(minutes=1)


def run(*, quick: bool) -> list[Row]:
    voters, rounds = (_VOTERS // 10, 1) if quick else (_VOTERS, _ROUNDS)
    signed, unsigned = (
        [asyncio.run(_held(voters, anonymous=one)) for _ in range(rounds)] for one in (False, True)
    )
    number = voters * _NOTES_EACH
    return [
        _row(f"reveal of {number} notes", [reveal for reveal, _tally in signed]),
        _row(f"reveal of {number} anonymous notes", [reveal for reveal, _tally in unsigned]),
        _row(f"tally of {voters} voters", [tally for _reveal, tally in [*signed, *unsigned]]),
    ]


def _row(what: str, taken: Sequence[float]) -> Row:
    seconds = middle(taken)
    aim = f"≤ {milliseconds(_AIM)}"
    return Row("retros", f"{what}, committed", milliseconds(seconds), aim=aim, met=seconds <= _AIM)


async def _held(voters: int, *, anonymous: bool) -> tuple[float, float]:
    """The seconds from the deadline of the notes, and of the votes, to the commit."""
    with database() as opened:
        who, workspace_id = opened.write_now(_furnish, voters, anonymous)
        calendar = MovableCalendar(machine, _BEGIN, running=False)
        found = timetable(opened, calendar)
        await _at(found, calendar, _ASKED)
        opened.write_now(_write, workspace_id, who)
        reveal = await _deadline(opened, found, calendar, Stage.SORT)
        await _deadline(opened, found, calendar, Stage.VOTE)
        opened.write_now(_vote, calendar.now(), workspace_id, who)
        tally = await _deadline(opened, found, calendar, Stage.DISCUSS)
        if opened.read_now(_tallied) != voters * _VOTES_EACH:
            raise RuntimeError("not every vote was counted")
        return reveal, tally


async def _deadline(
    opened: Database, found: Timetable, calendar: MovableCalendar, then: Stage
) -> float:
    """The seconds that the end of a stage takes, with nothing else due."""
    at = opened.read_now(_ends)
    await _at(found, calendar, at - _MINUTE)
    calendar.move_to(at)
    began = machine.elapsed()
    await found.tick()
    seconds = machine.elapsed() - began
    if (now := opened.read_now(_retro).stage) is not then:
        raise RuntimeError(f"it is in {now}, not in {then}")
    return seconds


async def _at(found: Timetable, calendar: MovableCalendar, at: datetime) -> None:
    """All that is due by then is done."""
    calendar.move_to(at)
    while await found.tick():
        pass


def _retro(session: Session) -> Retro:
    return session.scalars(select(Retro)).one()


def _ends(session: Session) -> datetime:
    at = ends(session, _retro(session))
    if at is None:
        raise RuntimeError("its stage has no end")
    return at


def _tallied(session: Session) -> int:
    return sum(one or 0 for one in session.scalars(select(Topic.votes)))


def _furnish(session: Session, voters: int, anonymous: bool) -> tuple[list[str], int]:
    """A retro every Monday; one more is on it than will vote, so that it lasts to the deadline."""
    workspace_id = workspace(session)
    who = people(session, workspace_id, 0, voters + 1)
    cadence = Cadence(weekdays=(0,), at=time(9))
    config = Config(anonymous=anonymous, votes=_VOTES_EACH)
    plan = Plan("C1", "team", tuple(who), cadence, "key", TITLE, config)
    setup.start(session, _BEGIN, KIND, team_of, workspace_id, who[0], plan)
    return who[:voters], workspace_id


def _write(session: Session, workspace_id: int, who: Sequence[str]) -> None:
    retro_id = _retro(session).id
    for one in who:
        for column in range(_NOTES_EACH):
            said = f"What {one} has to say of column {column}, " + "and why. " * 20
            token = f"{one}-{column}"
            notes.put(session, _ASKED, workspace_id, one, retro_id, token, column, said)
        settling.done(session, _ASKED, workspace_id, one, retro_id)


def _vote(session: Session, at: datetime, workspace_id: int, who: Sequence[str]) -> None:
    retro_id = _retro(session).id
    topics = session.scalars(select(Topic.id).order_by(Topic.id)).all()
    for number, one in enumerate(who):
        chosen = [topics[(number + 7 * each) % len(topics)] for each in range(_VOTES_EACH)]
        votes.vote(session, at, workspace_id, one, retro_id, chosen)
