"""Checks by cadence: every so many team reviews both are due, and wait until somebody runs them."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.db.tables import Ritual, Run
from bot.rituals.risk.checks import DUE_VIEW, check_shown
from bot.rituals.risk.checks_model import CheckDue
from bot.rituals.risk.owners import risk_owners
from bot.rituals.risk.reviews.snapshot import review_of
from bot.rituals.risk.states import CheckKind
from bot.rituals.risk.tables import Check

VIEW = DUE_VIEW
_LONGEST = 12  # reviews from one such to the next


def are_due(session: Session, ritual: Ritual, every: int) -> bool:
    """Whether it is this review's turn, counted from the last planned one that asked for them."""
    if every < 1:
        return False
    before = session.scalars(_planned(ritual).limit(every - 1)).all()
    return not any(review_of(one.config).checks for one in before)


def waiting(session: Session, ritual: Ritual) -> Sequence[CheckKind]:
    """What an earlier review asked for, and nobody has run since."""
    before = session.scalars(_planned(ritual).limit(_LONGEST)).all()
    asked = next((one for one in before if review_of(one.config).checks), None)
    if asked is None:
        return ()
    run = _since(session, ritual.team_id, asked.closes_at)
    return [kind for kind in CheckKind if kind not in {one.kind for one in run}]


def _planned(ritual: Ritual) -> Select[Run]:
    mine = (Run.ritual_id == ritual.id) & (Run.ordinal == 0)
    return select(Run).where(mine).order_by(Run.local_date.desc())


def _since(session: Session, team_id: int, since: datetime) -> Collection[Check]:
    """What a team has run, the first first."""
    mine = (Check.team_id == team_id) & (Check.made_at >= since)
    return session.scalars(select(Check).where(mine).order_by(Check.id)).all()


def due_shown(session: Session, subject: str, at: datetime) -> CheckDue | None:
    """A check that a review asks for, by the review's run and the kind; and how it was run."""
    run_id, _, name = subject.partition("/")
    row = session.execute(
        select(Run, Ritual.team_id)
        .join(Ritual, Run.ritual_id == Ritual.id)
        .where(Run.id == int(run_id))
    ).first()
    if row is None:
        return None
    (run, team_id), kind = row, CheckKind(name)
    made = next((one for one in _since(session, team_id, run.closes_at) if one.kind is kind), None)
    owners = risk_owners(session, [team_id]).get(team_id, ())
    return CheckDue(
        kind=kind,
        asked=tuple(one.name for one in owners),
        done=None if made is None else check_shown(session, str(made.id), at),
    )
