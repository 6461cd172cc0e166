"""Loads from SQL what an alert's messages show."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.tables import Person
from bot.rituals.risk.alerts import STORM
from bot.rituals.risk.alerts_model import AlertMessage
from bot.rituals.risk.loading import line, reviewers
from bot.rituals.risk.tables import Alert, Decision, Risk


def message_shown(session: Session, subject: str, at: datetime) -> AlertMessage | None:
    """An alert as its channel sees it, by its id; None once it is gone."""
    alert = session.get(Alert, int(subject))
    if alert is None:
        return None
    risk = session.get(Risk, alert.risk_id) if alert.risk_id is not None else None
    row = session.execute(
        select(Decision, Person.name)
        .outerjoin(Person, Decision.decided_by == Person.id)
        .where(Decision.alert_id == alert.id, Decision.episode == alert.episode)
    ).first()
    who = reviewers(session, [risk]).get(risk.id) if risk is not None else None
    return AlertMessage(
        id=alert.id,
        name=alert.name,
        source=alert.source,
        severity=alert.severity,
        value=alert.value,
        link=alert.link,
        firing=alert.firing,
        times=alert.times,
        since=alert.first_at,
        last_at=alert.last_at,
        storm=alert.fingerprint == STORM,
        risk=None if risk is None else line(session, at, risk),
        asked="" if who is None else who.name,
        verdict=None if row is None else row[0].verdict,
        decided_by="" if row is None else row[1] or "",
        decided_on=None if row is None else row[0].decided_on,
    )


def again_shown(session: Session, subject: str, at: datetime) -> AlertMessage | None:
    """An alert that began anew, by its id and which time it is."""
    return message_shown(session, subject.partition("/")[0], at)
