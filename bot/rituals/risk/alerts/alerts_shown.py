"""Loads from SQL what an alert's messages show."""

from datetime import datetime, time

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.actions.mornings import next_mornings
from bot.asking import cards
from bot.core.cadence import instant, zone
from bot.db.tables import Person
from bot.rituals.risk.alerts.alerts_model import AlertMessage
from bot.rituals.risk.alerts.alerts_rows import STORM
from bot.rituals.risk.loading import line
from bot.rituals.risk.owners import reviewers, risk_owners
from bot.rituals.risk.tables import Alert, Decision, Risk

_NAMED_A_DAY = 2
"""As many as there are cards: a monitor must not call somebody more often than Meridian does."""


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
    who = _asked(session, alert, risk)
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
        summary=alert.summary,
        storm=alert.fingerprint == STORM,
        risk=None if risk is None else line(session, at, risk),
        asked="" if who is None else who.name,
        mentioned="" if who is None or not _may_be_named(session, at, alert, who) else who.slack_id,
        verdict=None if row is None else row[0].verdict,
        decided_by="" if row is None else row[1] or "",
        decided_on=None if row is None else row[0].decided_on,
    )


def _asked(session: Session, alert: Alert, risk: Risk | None) -> Person | None:
    """Who is to decide: whoever looks after its risk, or else the team's risk owner."""
    if risk is not None:
        return reviewers(session, [risk]).get(risk.id)
    return next(iter(risk_owners(session, [alert.team_id]).get(alert.team_id, ())), None)


def _may_be_named(session: Session, at: datetime, alert: Alert, who: Person) -> bool:
    """Whether an alert may notify somebody: while they work, and of the first few of their day."""
    if next_mornings(session, at, [who])[who.id] > at:
        return False
    theirs = Risk.owner_id == who.id
    if session.scalar(select(Risk.owner_id).where(Risk.id == alert.risk_id)) != who.id:
        theirs |= (Alert.team_id == alert.team_id) & Risk.owner_id.is_(None)
    today = instant(cards.today(who, at), time.min, zone(who.tz or "UTC"))
    earlier = session.scalar(
        select(func.count())
        .select_from(Alert)
        .outerjoin(Risk, Alert.risk_id == Risk.id)
        .where(theirs, Alert.first_at >= today, Alert.id < alert.id)
    )
    return (earlier or 0) < _NAMED_A_DAY


def again_shown(session: Session, subject: str, at: datetime) -> AlertMessage | None:
    """An alert that began anew, by its id and which time it is."""
    return message_shown(session, subject.partition("/")[0], at)
