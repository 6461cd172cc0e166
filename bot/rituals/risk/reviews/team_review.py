"""The team review: held in a thread of the channel, once for each date that it is planned for."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import late
from bot.asking import owners
from bot.asking.askable import ASKABLE
from bot.core.cadence import Cadence, local_date
from bot.core.states import MirrorKind, RitualState, RunState
from bot.db.tables import Person, Ritual, Run, Team
from bot.engine import mirrors
from bot.engine.mirrors import Mark
from bot.engine.timers import Fired
from bot.rituals.risk import loading, showing
from bot.rituals.risk.model import KIND
from bot.rituals.risk.owners import risk_owners
from bot.rituals.risk.reviews import checks_due, schedule, snapshot
from bot.rituals.risk.reviews.snapshot import review_of
from bot.rituals.risk.reviews.snapshot_model import Review
from bot.rituals.risk.reviews.team_review_model import Config, When
from bot.rituals.risk.states import CheckKind
from bot.rituals.risk.tables import Risk
from bot.rituals.risk.telling import tell
from bot.rituals.risk.values import RiskShown

VIEW, CHANGES_VIEW, NEEDS_VIEW = "risk.review", "risk.review.changes", "risk.review.needs"
TOP_VIEW = showing.TOP_VIEW
_DAY = timedelta(days=1)
_LATE = 3 * _DAY  # so long a review that could not be held in time still makes sense

log = structlog.get_logger()


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
    taken = snapshot.take(session, at, team, since, schedule.zone_of(ritual), checks=due)
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
    ritual = schedule.new_ritual(session, at, team, owner_id)
    ritual.state = RitualState.PAUSED
    ritual.cadence = schedule.monthly(1, 0, time(10), tz).model_dump(mode="json")
    ritual.config = Config(when=When.NEVER).model_dump(mode="json")
    session.flush()
    return ritual


def hold_now(session: Session, at: datetime, ritual: Ritual) -> Run:
    """Hold one at once, beside those that are planned."""
    on = local_date(at, schedule.zone_of(ritual))
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
