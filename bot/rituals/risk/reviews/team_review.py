"""The team review: planned monthly or for the sprint's end, and held in a thread of the channel."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot.actions import late
from bot.asking import owners, planning
from bot.asking.askable import ASKABLE
from bot.core.cadence import Cadence, instant, local_date, next_date, zone
from bot.core.sprints import sprint_of
from bot.core.states import MirrorKind, RitualState, RunState
from bot.db.tables import Person, Ritual, Run, Team, Timer
from bot.engine import mirrors, timers
from bot.engine.mirrors import Mark
from bot.engine.timers import Due, Fired
from bot.rituals.risk import loading, showing
from bot.rituals.risk.model import KIND
from bot.rituals.risk.owners import risk_owners
from bot.rituals.risk.reviews import checks_due, snapshot
from bot.rituals.risk.reviews.snapshot import review_of
from bot.rituals.risk.reviews.snapshot_model import Review
from bot.rituals.risk.reviews.team_review_model import Config, When
from bot.rituals.risk.states import CheckKind
from bot.rituals.risk.tables import Risk
from bot.rituals.risk.telling import tell
from bot.rituals.risk.values import RiskShown

PLAN, HOLD = planning.PLAN, "hold"
VIEW, CHANGES_VIEW, NEEDS_VIEW = "risk.review", "risk.review.changes", "risk.review.needs"
TOP_VIEW = showing.TOP_VIEW
_TITLE = "Risk review"
_DAY = timedelta(days=1)
_LATE = 3 * _DAY  # so long a review that could not be held in time still makes sense
_FRIDAY = 4

log = structlog.get_logger()


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
        ritual = _new(session, at, team, owner_id)
    ritual.state = RitualState.ACTIVE
    ritual.cadence = cadence.model_dump(mode="json")
    ritual.config = config.model_dump(mode="json")
    session.flush()
    _forget(session, at, ritual)
    _plan_from(session, at, ritual, team)
    return ritual


def _new(session: Session, at: datetime, team: Team, owner_id: int) -> Ritual:
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


def _zone(ritual: Ritual) -> ZoneInfo:
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
    there = _zone(ritual)
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


def hold(session: Session, at: datetime, due: Sequence[Fired]) -> None:
    """Step: show the review; of one that comes far too late, its owner is told."""
    told: set[int] = set()
    for timer in due:
        ritual = session.get(Ritual, timer.ritual_id)
        if ritual is None or ritual.state is not RitualState.ACTIVE or timer.local_date is None:
            continue
        if at - timer.due_at > _LATE:
            if _miss(session, ritual, timer.local_date) and ritual.owner_id is not None:
                told.add(ritual.owner_id)
            continue
        begin(session, at, ritual, timer.local_date)
    session.flush()
    tell(session, at, told)


def _miss(session: Session, ritual: Ritual, on: date) -> bool:
    """Note that one was not held in time; False where it, or a later one, was."""
    held = select(Run.id).where(Run.ritual_id == ritual.id, Run.local_date >= on).limit(1)
    if session.scalar(held) is not None:
        return False
    log.warning("a team review was missed", ritual=ritual.id, on=str(on))
    _note_missed(ritual, on)
    return True


def pass_on(session: Session, at: datetime) -> None:
    """Reviews that nobody looks after who is there pass to their team's risk owner, where one is.

    Nobody is on them, so the others of a ritual can't take them over.
    """
    session.flush()
    left = session.scalars(
        select(Ritual)
        .join(Person, Ritual.owner_id == Person.id)
        .where(Ritual.kind == KIND, Ritual.state != RitualState.DELETED, ~ASKABLE)
        .order_by(Ritual.id)
    ).all()
    heirs = risk_owners(session, [one.team_id for one in left]) if left else {}
    told: set[int] = set()
    for ritual in left:
        if theirs := heirs.get(ritual.team_id):
            owners.hand_on(session, at, ritual, theirs[0].id)
            told.add(theirs[0].id)
    session.flush()
    tell(session, at, told)


def _note_missed(ritual: Ritual, on: date | None) -> None:
    config = Config.model_validate(ritual.config)
    if config.missed_on != on:
        ritual.config = config.model_copy(update={"missed_on": on}).model_dump(mode="json")


def missed(session: Session, owner_id: int) -> Sequence[tuple[str, date]]:
    """What was not held in time, of an owner's reviews: its channel and date."""
    rituals = session.scalars(
        select(Ritual)
        .where(Ritual.owner_id == owner_id, Ritual.kind == KIND, Ritual.state == RitualState.ACTIVE)
        .order_by(Ritual.id)
    )
    found = [(one.channel, Config.model_validate(one.config).missed_on) for one in rituals]
    return [(channel, on) for channel, on in found if on is not None]


def begin(session: Session, at: datetime, ritual: Ritual, on: date, ordinal: int = 0) -> Run | None:
    """Hold a review, dated `on`; None where that one was held already."""
    held = (Run.ritual_id == ritual.id, Run.local_date == on, Run.ordinal == ordinal)
    if session.scalar(select(Run.id).where(*held)) is not None:
        return None
    team = session.get_one(Team, ritual.team_id)
    config = Config.model_validate(ritual.config)
    since = session.scalar(
        select(Run.closes_at)
        .where(Run.ritual_id == ritual.id)
        .order_by(Run.closes_at.desc())
        .limit(1)
    )
    is_planned = ordinal == 0
    due = is_planned and checks_due.are_due(session, ritual, config.checks_every)
    unrun = tuple(checks_due.waiting(session, ritual)) if is_planned else ()
    overdue = late.week_late(session, at, ritual, on)
    items = tuple(replace(one, details="", note="") for one in overdue)
    taken = snapshot.take(session, at, team, since, _zone(ritual), checks=due)
    taken = taken.model_copy(update={"unrun": unrun, "late_items": items})
    run = Run(
        ritual_id=ritual.id,
        local_date=on,
        ordinal=ordinal,
        channel=ritual.channel,
        state=RunState.CLOSED,
        config={"review": taken.model_dump(mode="json")},
        closes_at=at,
    )
    session.add(run)
    _note_missed(ritual, None)
    session.flush()
    late.say(session, ritual, run)
    mirrors.mark(session, at, _marks(team.workspace_id, run, taken))
    return run


def _marks(workspace_id: int, run: Run, taken: Review) -> list[Mark]:
    def mark(view: str, subject: str, parent: Mark | None = None) -> Mark:
        return Mark(
            workspace_id,
            MirrorKind.MESSAGE,
            view,
            subject,
            run.channel,
            run_id=run.id,
            parent=parent.key if parent else None,
        )

    top = mark(VIEW, str(run.id))
    replies = [mark(view, str(run.id), top) for view in (CHANGES_VIEW, NEEDS_VIEW)]
    if taken.checks:
        replies += [mark(checks_due.VIEW, f"{run.id}/{kind}", top) for kind in CheckKind]
    return [top, *replies, *(mark(TOP_VIEW, f"{run.id}/{one}") for one in taken.top)]


def unplanned(session: Session, at: datetime, team: Team, owner_id: int, tz: str) -> Ritual:
    """A review that is held by hand alone: paused, so that nothing plans it."""
    ritual = _new(session, at, team, owner_id)
    ritual.state = RitualState.PAUSED
    ritual.cadence = monthly(1, 0, time(10), tz).model_dump(mode="json")
    ritual.config = Config(when=When.NEVER).model_dump(mode="json")
    session.flush()
    return ritual


def hold_now(session: Session, at: datetime, ritual: Ritual) -> Run:
    """Hold one at once, beside those that are planned."""
    on = local_date(at, _zone(ritual))
    ordinals = session.scalars(
        select(Run.ordinal).where(Run.ritual_id == ritual.id, Run.local_date == on)
    ).all()
    run = begin(session, at, ritual, on, max([0, *ordinals]) + 1)
    assert run is not None  # noqa: S101 - its ordinal is a new one
    return run


def config_of(ritual: Ritual) -> tuple[Config, Cadence]:
    """How a review is held, and when."""
    return Config.model_validate(ritual.config), Cadence.model_validate(ritual.cadence)


def review_shown(session: Session, subject: str, _at: datetime) -> Review | None:
    """What a review shows, by its run's id; None once it is gone."""
    run = session.get(Run, int(subject))
    return None if run is None else review_of(run.config)


def top_shown(session: Session, subject: str, at: datetime) -> RiskShown | None:
    """One of the top three, by the review's run and its own id."""
    _run, _, risk_id = subject.partition("/")
    found = session.execute(
        select(Risk, Team).join(Team, Risk.team_id == Team.id).where(Risk.id == int(risk_id))
    ).first()
    if found is None:
        return None
    return loading.anybodys(session, at, *found)
