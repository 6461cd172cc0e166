"""When a team's review is held: by what cadence, and the timers that see to it."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot.asking import planning
from bot.core.cadence import Cadence, instant, local_date, next_date, zone
from bot.core.sprints import sprint_of
from bot.core.states import RitualState
from bot.db.tables import Ritual, Team, Timer
from bot.engine import timers
from bot.engine.timers import Due, Fired
from bot.rituals.risk.model import KIND
from bot.rituals.risk.reviews.team_review_model import Config, When

PLAN, HOLD = planning.PLAN, "hold"
_TITLE = "Risk review"
_DAY = timedelta(days=1)
_FRIDAY = 4


def ritual_of(session: Session, team_id: int) -> Ritual | None:
    """The review that a team has set up."""
    return session.scalars(
        select(Ritual)
        .where(Ritual.team_id == team_id, Ritual.kind == KIND, Ritual.state != RitualState.DELETED)
        .order_by(Ritual.id)
    ).first()


def set_up(
    session: Session,
    at: datetime,
    team: Team,
    owner_id: int,
    config: Config,
    cadence: Cadence | None,
) -> Ritual | None:
    """Hold a team's review by a cadence from now on; without one, no more."""
    ritual = ritual_of(session, team.id)
    if cadence is None:
        if ritual is not None:
            # It rests: one may still be held by hand, and tells what moved since the last.
            ritual.state = RitualState.PAUSED
            ritual.config = config.model_dump(mode="json")
            _forget(session, at, ritual)
        return None
    if ritual is None:
        ritual = new_ritual(session, at, team, owner_id)
    ritual.state = RitualState.ACTIVE
    ritual.cadence = cadence.model_dump(mode="json")
    ritual.config = config.model_dump(mode="json")
    session.flush()
    _forget(session, at, ritual)
    _plan_from(session, at, ritual, team)
    return ritual


def new_ritual(session: Session, at: datetime, team: Team, owner_id: int) -> Ritual:
    """The review of a team that had none, without a cadence yet."""
    ritual = Ritual(
        team_id=team.id,
        kind=KIND,
        title=_TITLE,
        channel=team.channel,
        owner_id=owner_id,
        cadence={},
        config={},
        origin=f"risk-review-{team.id}-{at.isoformat()}",
        created_at=at,
    )
    session.add(ritual)
    return ritual


def _forget(session: Session, at: datetime, ritual: Ritual) -> None:
    """Take back what was planned. What is due already is left to the next tick."""
    session.flush()
    planned = (Timer.ritual_id == ritual.id) & (Timer.due_at > at)
    session.execute(delete(Timer).where(planned, Timer.consumed_at.is_(None)))


def monthly(nth: int, weekday: int, at: time, tz: str) -> Cadence:
    """The nth such weekday of each month, by the team's clock."""
    return Cadence(weekdays=(weekday,), nth=(nth,), at=at, zone=tz)


def at_sprints_end(team: Team, at: time, tz: str, today: date) -> Cadence | None:
    """The last working day of each sprint; None for a team without sprints."""
    days = sprint_of(team, today)
    if days is None or not team.sprint_weeks:
        return None
    last = days[1]
    while last.weekday() > _FRIDAY:
        last -= _DAY
    weeks = team.sprint_weeks
    return Cadence(weekdays=(last.weekday(),), every_weeks=weeks, anchor=last, at=at, zone=tz)


def zone_of(ritual: Ritual) -> ZoneInfo:
    """In which it is dated: the team's, or where that has none, of whoever set it up."""
    return zone(Cadence.model_validate(ritual.cadence).zone or "UTC")


def _cadence(ritual: Ritual, team: Team, today: date) -> Cadence:
    """By the sprints as they are now, where it follows them."""
    kept = Cadence.model_validate(ritual.cadence)
    if Config.model_validate(ritual.config).when is not When.SPRINT:
        return kept
    return at_sprints_end(team, kept.at, kept.zone or "UTC", today) or kept


def _plan_from(
    session: Session, at: datetime, ritual: Ritual, team: Team, since: date | None = None
) -> None:
    """Set what `at` has come to, and the next planning; `since` a date, what was slept through."""
    there = zone_of(ritual)
    cadence = _cadence(ritual, team, local_date(at, there))
    ritual.cadence = cadence.model_dump(mode="json")
    day = next_date(cadence, (since or local_date(at, there)) - _DAY)
    due: list[Due] = []
    while planning.planning_time(day) <= at:
        when = instant(day, cadence.at, there)
        if when > at or since is not None:
            due.append(Due(KIND, HOLD, when, ritual.id, local_date=day))
        day = next_date(cadence, day)
    due.append(Due(KIND, PLAN, planning.planning_time(day), ritual.id, local_date=day))
    timers.reset(session, due)


def plan(session: Session, at: datetime, due: Sequence[Fired]) -> None:
    """Step: set the moment of a date's review, and the next planning."""
    for timer in due:
        ritual = session.get(Ritual, timer.ritual_id)
        if ritual is None or ritual.state is not RitualState.ACTIVE or timer.local_date is None:
            continue
        team = session.get_one(Team, ritual.team_id)
        _plan_from(session, at, ritual, team, timer.local_date)


def plan_anew(session: Session, at: datetime, ritual_id: int) -> None:
    """Plan a review whose planning had stopped, from the date at which it did."""
    ritual = session.get_one(Ritual, ritual_id)
    stopped = session.scalar(
        select(func.max(Timer.local_date)).where(
            Timer.ritual_id == ritual.id, Timer.step == PLAN, Timer.parked_at.is_not(None)
        )
    )
    _plan_from(session, at, ritual, session.get_one(Team, ritual.team_id), stopped)


def follow_sprints(session: Session, at: datetime) -> None:
    """Each night: what is held at a sprint's end is planned by the sprints as they are now.

    They may be shorter than when it was planned, and end sooner.
    """
    rows = session.execute(
        select(Ritual, Team)
        .join(Team, Ritual.team_id == Team.id)
        .where(Ritual.kind == KIND, Ritual.state == RitualState.ACTIVE)
        .order_by(Ritual.id)
    ).all()
    for ritual, team in rows:
        if Config.model_validate(ritual.config).when is When.SPRINT:
            _forget(session, at, ritual)
            _plan_from(session, at, ritual, team)
