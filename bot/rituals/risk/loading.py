"""Loads from SQL what the register's views draw."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.db.tables import Person, Team
from bot.rituals.risk.owners import reviewers, today
from bot.rituals.risk.registers import category_names
from bot.rituals.risk.rights import Found
from bot.rituals.risk.scoring import inherent, residual
from bot.rituals.risk.states import Chased, Verdict
from bot.rituals.risk.tables import Alert, Change, Decision, Mitigation, Risk
from bot.rituals.risk.values import (
    AlertShown,
    ChangeShown,
    MitigationShown,
    Named,
    RiskLine,
    RiskShown,
)

_HISTORY = 8
_ALERTS = 3


def lines(session: Session, at: datetime, risks: Sequence[Risk]) -> list[RiskLine]:
    """Risks as a list shows them, in the order given."""
    if not risks:  # as of most people on most days: each card that is drawn asks several times
        return []
    names = category_names(session, {one.category for one in risks})
    who = reviewers(session, risks)
    teams = {
        team.id: team
        for team in session.scalars(select(Team).where(Team.id.in_({one.team_id for one in risks})))
    }
    firing = _alerting(session, [one.id for one in risks])
    return [
        RiskLine(
            id=one.id,
            title=one.title,
            category=names.get(one.category, "?"),
            owner=_owner(one, who.get(one.id)),
            status=one.status,
            likelihood=one.likelihood,
            impact=one.impact,
            was_score=one.was_score,
            next_review=one.next_review,
            today=today(who.get(one.id), at),
            asked=one.chased is not Chased.NOBODY,
            away=one.chased in (Chased.RISK_OWNER, Chased.CHANNEL) and one.asked_id is None,
            alerting=one.id in firing,
            model=one.model,
            channel=teams[one.team_id].channel,
            team=teams[one.team_id].name,
            team_id=one.team_id,
        )
        for one in risks
    ]


def _alerting(session: Session, risk_ids: Collection[int]) -> set[int | None]:
    """Those of which a monitor tells just now, and nobody has called it a false alarm."""
    false_alarm = (
        select(Decision.id)
        .where(
            Decision.alert_id == Alert.id,
            Decision.episode == Alert.episode,
            Decision.verdict == Verdict.FALSE_ALARM,
        )
        .exists()
    )
    telling = select(Alert.risk_id).where(Alert.risk_id.in_(risk_ids), Alert.firing, ~false_alarm)
    return set(session.scalars(telling))


def line(session: Session, at: datetime, risk: Risk) -> RiskLine:
    """One risk as a list shows it."""
    session.flush()
    return lines(session, at, [risk])[0]


def anybodys(session: Session, at: datetime, risk: Risk, team: Team) -> RiskShown:
    """The same as a channel's message shows it."""
    nobody = Found(risk, team, Person(id=0), may_change=False)
    return shown(session, at, nobody)


def shown(session: Session, at: datetime, found: Found) -> RiskShown:
    """A risk with all that is known of it, for somebody."""
    risk = found.risk
    history, more = _history(session, risk.id)
    shown_line = line(session, at, risk)
    return RiskShown(
        line=shown_line,
        category_key=risk.category,
        inherent=inherent(risk),
        residual=residual(risk),
        response=risk.response,
        cause=risk.cause,
        consequence=risk.consequence,
        links=risk.links,
        mitigations=mitigations(session, risk.id),
        history=history,
        more_history=more,
        alerts=_alerts(session, risk.id),
        decisions=decisions(session, risk.id),
        may_change=found.may_change,
        may_take=shown_line.owner is None,
    )


def mitigations(session: Session, risk_id: int) -> tuple[MitigationShown, ...]:
    """What is done against a risk, in the order in which it was written down."""
    rows = session.scalars(
        select(Mitigation).where(Mitigation.risk_id == risk_id).order_by(Mitigation.id)
    )
    return tuple(MitigationShown(one.id, one.text, one.state) for one in rows)


def _history(session: Session, risk_id: int) -> tuple[tuple[ChangeShown, ...], int]:
    mine = Change.risk_id == risk_id
    rows = session.execute(
        select(Change, Person.name)
        .outerjoin(Person, Change.actor_id == Person.id)
        .where(mine)
        .order_by(Change.id.desc())
        .limit(_HISTORY)
    ).all()
    total = session.scalar(select(func.count()).select_from(Change).where(mine)) or 0
    return tuple(changed(one, name) for one, name in rows), max(0, total - len(rows))


def changed(one: Change, name: str | None) -> ChangeShown:
    """A line of history as people see it."""
    return ChangeShown(
        on=one.on_date,
        who=name or "",
        act=one.act,
        was=(one.was_likelihood, one.was_impact),
        now=(one.likelihood, one.impact),
        why=one.why,
    )


def _alerts(session: Session, risk_id: int) -> tuple[AlertShown, ...]:
    rows = session.scalars(
        select(Alert)
        .where(Alert.risk_id == risk_id)
        .order_by(Alert.last_at.desc(), Alert.id)
        .limit(_ALERTS)
    )
    return tuple(
        AlertShown(one.name, one.source, one.last_at, one.firing, one.times) for one in rows
    )


def decisions(session: Session, risk_id: int) -> tuple[str, ...]:
    """What was decided about its alerts, in words."""
    rows = session.execute(
        select(Decision, Alert.name, Person.name)
        .join(Alert, Decision.alert_id == Alert.id)
        .outerjoin(Person, Decision.decided_by == Person.id)
        .where(Decision.risk_id == risk_id)
        .order_by(Decision.id.desc())
        .limit(_ALERTS)
    )
    return tuple(
        f"{one.decided_on.isoformat()} · {who or 'somebody'}: {one.verdict} ({alert})"
        for one, alert, who in rows
    )


def _owner(risk: Risk, reviewer: Person | None) -> Named | None:
    if reviewer is None or reviewer.id != risk.owner_id:
        return None
    return Named(reviewer.slack_id, reviewer.name)
