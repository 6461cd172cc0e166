"""What is written down when a risk changes: a line of its history, and the audit."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking import cards
from bot.db.tables import Audit, Person
from bot.rituals.risk.states import Act
from bot.rituals.risk.tables import Change, Mitigation, Risk

_AUDITED = (
    "title",
    "category",
    "model",
    "owner_id",
    "status",
    "likelihood",
    "impact",
    "inherent_likelihood",
    "inherent_impact",
    "residual_likelihood",
    "residual_impact",
    "response",
    "cause",
    "consequence",
    "links",
    "next_review",
)


@contextmanager
def changing(
    session: Session,
    at: datetime,
    risk: Risk,
    actor: Person | None,
    act: Act,
    *,
    why: str = "",
    review: bool = False,
) -> Iterator[None]:
    """Note what the block changes of a risk: where nothing, and none was reviewed, nothing."""
    # Only an edit touches mitigations; the others need not read them.
    read = _with_mitigations if act is Act.EDITED else _of_itself
    before, was = read(session, risk), (risk.likelihood, risk.impact, risk.status)
    yield
    after = read(session, risk)
    detail = {name: [before[name], now] for name, now in after.items() if now != before[name]}
    if not detail and act is Act.EDITED:
        return
    audit(session, at, actor, f"risk.{act}", risk, detail | ({"why": why} if why else {}))
    session.add(
        Change(
            risk_id=risk.id,
            team_id=risk.team_id,
            at=at,
            on_date=at.date() if actor is None else cards.today(actor, at),
            actor_id=None if actor is None else actor.id,
            act=act,
            was_likelihood=was[0],
            was_impact=was[1],
            was_status=was[2],
            likelihood=risk.likelihood,
            impact=risk.impact,
            status=risk.status,
            review=review,
            why=why,
        )
    )


def raised(session: Session, at: datetime, risk: Risk, actor: Person) -> None:
    """Note that a risk is new."""
    audit(session, at, actor, "risk.raised", risk, _with_mitigations(session, risk))
    session.add(
        Change(
            risk_id=risk.id,
            team_id=risk.team_id,
            at=at,
            on_date=cards.today(actor, at),
            actor_id=actor.id,
            act=Act.RAISED,
            was_likelihood=risk.likelihood,
            was_impact=risk.impact,
            was_status=risk.status,
            likelihood=risk.likelihood,
            impact=risk.impact,
            status=risk.status,
        )
    )


def audit(
    session: Session,
    at: datetime,
    actor: Person | None,
    action: str,
    risk: Risk,
    detail: Mapping[str, Any],
) -> None:
    """A line of the audit."""
    session.add(
        Audit(
            at=at,
            actor_id=None if actor is None else actor.id,
            action=action,
            subject=f"risk:{risk.id}",
            detail=dict(detail),
        )
    )


def _of_itself(_session: Session, risk: Risk) -> dict[str, Any]:
    """What of a risk is audited, as JSON takes it."""
    return {name: _plain(getattr(risk, name)) for name in _AUDITED}


def _with_mitigations(session: Session, risk: Risk) -> dict[str, Any]:
    texts = session.scalars(
        select(Mitigation.text).where(Mitigation.risk_id == risk.id).order_by(Mitigation.id)
    )
    return _of_itself(session, risk) | {"mitigations": list(texts)}


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value
