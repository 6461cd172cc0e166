"""A team has other intervals from now on: what is due when is counted anew."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.db.tables import Person
from bot.rituals.risk import owners, showing
from bot.rituals.risk.history import audit
from bot.rituals.risk.model import next_review, score
from bot.rituals.risk.reviews import chasing
from bot.rituals.risk.states import LIVE, Act, Chased
from bot.rituals.risk.tables import Change, Risk

_A_DAY = 3
"""So many reviews that are suddenly late are asked of one person on each working day."""
_DAY = timedelta(days=1)
_SATURDAY = 5
_LOOKS = (
    Act.RAISED,
    Act.KEPT,
    Act.RESCORED,
    Act.MITIGATED,
    Act.ACCEPTED,
    Act.ESCALATED,
    Act.REOPENED,
)


@dataclass(frozen=True)
class _Look:
    """When somebody last looked at a risk, and whether its review was put off since."""

    on: date
    put_off: bool


def replan(
    session: Session, at: datetime, team_id: int, own: Mapping[str, int], actor: Person
) -> None:
    """What is not due yet is due when the new intervals say, counted from its last look.

    What somebody put off, and what a monitor or a date has made due, stays so. What would be late
    is asked from today on, some a day, the worst first. The audit has each that moves.
    """
    worst = (Risk.likelihood * Risk.impact).desc()
    risks = session.scalars(
        select(Risk)
        .where(Risk.team_id == team_id, Risk.status.in_(LIVE), Risk.chased == Chased.NOBODY)
        .order_by(worst, Risk.next_review, Risk.id)
    ).all()
    who, looked = owners.reviewers(session, risks), _last_looks(session, [one.id for one in risks])
    late: Counter[int] = Counter()
    moved: list[Risk] = []
    for risk in risks:
        person = who.get(risk.id)
        today = owners.today(person, at)
        look = looked.get(risk.id, _Look(risk.raised_at.date(), put_off=False))
        if look.put_off or (risk.next_review is not None and risk.next_review <= today):
            continue
        due = next_review(look.on, score(risk.likelihood, risk.impact), risk.status, own)
        if due is not None and due <= today:
            whose = 0 if person is None else person.id
            due = _workday(today, late[whose] // _A_DAY)
            late[whose] += 1
        if due != risk.next_review:
            detail = {"next_review": [_text(risk.next_review), _text(due)]}
            audit(session, at, actor, "risk.replanned", risk, detail)
            risk.next_review = due
            moved.append(risk)
    chasing.plan(session, at, risks)
    showing.refresh_all(session, at, moved)


def _text(on: date | None) -> str | None:
    return None if on is None else on.isoformat()


def _workday(today: date, number: int) -> date:
    """The date itself, or so many Mondays to Fridays after it."""
    for _ in range(number):
        today += _DAY
        while today.weekday() >= _SATURDAY:
            today += _DAY
    return today


def _last_looks(session: Session, risk_ids: Collection[int]) -> Mapping[int, _Look]:
    """When somebody last raised or reviewed each of these, or changed its score."""
    session.flush()
    was, now = Change.was_likelihood * Change.was_impact, Change.likelihood * Change.impact
    look = Change.act.in_(_LOOKS) | ((Change.act == Act.EDITED) & (was != now))
    snoozed = func.coalesce(func.max(Change.id).filter(Change.act == Act.SNOOZED), 0)
    rows = session.execute(
        select(
            Change.risk_id,
            func.max(Change.on_date).filter(look),
            snoozed > func.max(Change.id).filter(look),
        )
        .where(Change.risk_id.in_(risk_ids))
        .group_by(Change.risk_id)
    )
    return {risk_id: _Look(on, put_off) for risk_id, on, put_off in rows if on is not None}
