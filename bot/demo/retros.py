"""The demo team's retros: the one before, with what it decided, and the one that it is at."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from bot.actions.model import Place
from bot.asking.upkeep import setup as upkeep
from bot.asking.upkeep.model import Plan, Started
from bot.core.cadence import Cadence, instant, zone
from bot.demo.script import LAST_NOTES, LENA, NOTES, Noted
from bot.rituals.retro import acting, leading, notes, settling, votes
from bot.rituals.retro.finding import live_in
from bot.rituals.retro.model import KIND as RETRO
from bot.rituals.retro.model import Config, Moved, NoRetro, Stage
from bot.rituals.retro.templates import COLUMNS, Template
from bot.teams.teams import team_of

AT = time(14)
_OPEN = timedelta(hours=48)
_WEEKS = 2
_VOTES = 3
_BERLIN = zone("Europe/Berlin")
_LATE = time(23)  # when nobody is called to lead it on


def start(
    session: Session,
    at: datetime,
    workspace_id: int,
    channel: tuple[str, str],
    members: Sequence[str],
    day: date,
) -> Place | None:
    """A retro every two weeks, on `day` too; `channel` is its id and name.

    One is behind them: where what it decided comes from.
    """
    plan = Plan(
        channel=channel[0],
        channel_name=channel[1],
        members=tuple(members),
        cadence=Cadence(weekdays=(day.weekday(),), at=AT, every_weeks=_WEEKS, anchor=day),
        key="demo-retro",
        title="Sprint retro",
        config=Config(
            open_minutes=int(_OPEN.total_seconds()) // 60,
            anonymous=True,
            votes=_VOTES,
            template=Template.EXPERIMENTS,
            columns=COLUMNS[Template.EXPERIMENTS],
        ),
    )
    started = upkeep.start(session, at, RETRO, team_of, workspace_id, LENA, plan)
    if not isinstance(started, Started):
        return None
    before = day - timedelta(weeks=_WEEKS)
    return _hold_the_last(session, at, workspace_id, started.ritual_id, before)


def _hold_the_last(
    session: Session, at: datetime, workspace_id: int, ritual_id: int, day: date
) -> Place | None:
    """The one of `day`: notes for two days, then votes, and what was decided, until now."""
    who = workspace_id, LENA
    began = instant(day, AT, _BERLIN)
    shown = instant(day + timedelta(days=2), _LATE, _BERLIN)
    retro = leading.start(session, began, *who, ritual_id, "demo-last")
    if not isinstance(retro, Moved):
        return None
    for noted in LAST_NOTES:
        minutes = timedelta(minutes=noted.minutes)
        _note(session, began + minutes, workspace_id, retro.retro_id, noted, LAST_NOTES)
    for stage in (Stage.COLLECT, Stage.SORT):
        leading.move_on(session, shown, *who, retro.retro_id, stage)
    topics = _vote(session, shown, workspace_id, retro.retro_id)
    origin = acting.proposed(session, at, workspace_id, topics[0])
    leading.close(session, at, *who, retro.retro_id)
    return None if isinstance(origin, NoRetro) else origin.place


def _vote(session: Session, at: datetime, workspace_id: int, retro_id: int) -> Sequence[int]:
    """All vote, most of them for what was said first; the topics in that order."""
    said = [one.text for one in LAST_NOTES]
    there = sorted(votes.options(session, retro_id), key=lambda one: said.index(one.text))
    topics = [one.id for one in there]
    for number, person in enumerate({one.person: None for one in LAST_NOTES}):
        chosen = topics[: 1 + number % _VOTES]
        votes.vote(session, at, workspace_id, person, retro_id, chosen)
    return topics


def note(session: Session, at: datetime, workspace_id: int, channel: str, noted: Noted) -> None:
    """What somebody does for the retro that they are at."""
    place = live_in(session, workspace_id, channel)
    if place is not None:
        _note(session, at, workspace_id, place.retro.id, noted, NOTES)


def _note(
    session: Session,
    at: datetime,
    workspace_id: int,
    retro_id: int,
    noted: Noted,
    among: Sequence[Noted],
) -> None:
    who = workspace_id, noted.person, retro_id
    if noted.column is None:
        settling.done(session, at, *who)
    else:
        token = f"demo {retro_id} {among.index(noted)}"
        notes.put(session, at, *who, token, noted.column, noted.text)
