"""Use cases of alerts: a monitor tells, the owner decides. An alert never changes a score.

Of one fingerprint there is one thread in the team's channel, and one of all that come at once
beyond a few.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking import cards
from bot.db.tables import Audit, Person, Team
from bot.engine import mirrors
from bot.engine.mirrors import Mark, Urgency
from bot.rituals.risk import history, showing
from bot.rituals.risk.alerts.alerts_model import Decided, NotYours
from bot.rituals.risk.alerts.alerts_rows import FLAPS, STORM, mark, plan_quiet, rows_of
from bot.rituals.risk.alerts.matching import LiveRisks
from bot.rituals.risk.alerts.payloads import Told
from bot.rituals.risk.history import changing
from bot.rituals.risk.owners import reviewers, today
from bot.rituals.risk.reviews import chasing
from bot.rituals.risk.rights import may_change, may_settle, person_of
from bot.rituals.risk.states import Act, Verdict
from bot.rituals.risk.tables import Alert, Change, Decision, Risk
from bot.rituals.risk.values import Gone

VIEW, AGAIN_VIEW = showing.ALERT_VIEW, "risk.alert.again"


def take(session: Session, at: datetime, team_id: int, told: Sequence[Told]) -> None:
    """Monitors tell of these."""
    team = session.get_one(Team, team_id)
    rows = rows_of(session, at, team_id, told)
    begun: list[tuple[Alert, Told]] = []
    turned: set[int] = set()
    marks: list[Mark] = []
    for one in told:
        if one.fingerprint in rows:
            marks += _heard(at, team, rows[one.fingerprint], one, begun, turned)
        elif one.firing:
            marks += _counted(session, at, team, rows[STORM])
    if begun:
        turned |= _point_at_risks(session, at, team_id, begun)
    _show_risks(session, at, turned)
    mirrors.mark(session, at, {one.key: one for one in marks}.values())


def _heard(
    at: datetime,
    team: Team,
    alert: Alert,
    told: Told,
    begun: list[tuple[Alert, Told]],
    turned: set[int],
) -> list[Mark]:
    """Note what was told; answers what is to be shown anew.

    What begins is put in `begun`, the risk of what ends or goes on after all in `turned`.
    """
    flaps = alert.episode > 0 and at - alert.last_at < FLAPS
    begins = told.firing and not alert.firing and not flaps
    ends = not told.firing and alert.firing
    goes_on = told.firing and not alert.firing and flaps
    alert.severity, alert.value, alert.link = told.severity, told.value, told.link
    alert.source, alert.name, alert.summary = told.source, told.name, told.summary
    alert.times += told.firing
    alert.last_at, alert.firing = at, told.firing
    if begins:
        alert.episode += 1
        begun.append((alert, told))
    elif (ends or goes_on) and alert.risk_id is not None:
        turned.add(alert.risk_id)
    if alert.episode == 0:
        return []  # it is over, and nobody had heard of it
    return _shown(team, alert, begins=begins, ends=ends)


def _counted(session: Session, at: datetime, team: Team, storm: Alert) -> list[Mark]:
    """Note one more of a storm. It is about no risk: of so many at once nobody can tell which."""
    begins = not storm.firing
    storm.times += 1
    storm.last_at, storm.firing = at, True
    if begins:
        storm.episode += 1
        plan_quiet(session)
    return _shown(team, storm, begins=begins)


def _shown(team: Team, alert: Alert, *, begins: bool, ends: bool = False) -> list[Mark]:
    """Its message; and a reply, where it begins anew."""
    top = mark(team, VIEW, str(alert.id), Urgency.CLOSING if begins or ends else None)
    if begins and alert.episode > 1:
        return [top, mark(team, AGAIN_VIEW, f"{alert.id}/{alert.episode}", parent=top)]
    return [top]


def _point_at_risks(
    session: Session, at: datetime, team_id: int, begun: Sequence[tuple[Alert, Told]]
) -> set[int]:
    """Mark the risks that these are about, and pull their reviews forward to today.

    Answers the risks that they were about before, and no longer are.
    """
    live = LiveRisks(session, team_id)
    about: list[tuple[Risk, Told]] = []
    left: set[int] = set()
    for alert, told in begun:
        risk, before = live.of(told, alert.risk_id), alert.risk_id
        alert.risk_id = None if risk is None else risk.id
        if before is not None and before != alert.risk_id:
            left.add(before)
        if risk is not None:
            about.append((risk, told))
    risks = tuple({risk.id: risk for risk, _told in about}.values())
    who = reviewers(session, risks)
    for risk, told in about:
        _pull_forward(session, at, risk, told, today(who.get(risk.id), at))
    chasing.plan(session, at, risks)
    showing.refresh_all(session, at, risks)
    return left


def _pull_forward(session: Session, at: datetime, risk: Risk, told: Told, today: date) -> None:
    forward = risk.next_review is None or risk.next_review > today
    why = f"{told.name} ({told.source})"
    if not _is_noted(session, at, risk, why):
        with changing(session, at, risk, None, Act.ALERTED, why=why):
            risk.next_review = today if forward else risk.next_review
    elif forward:
        detail = {"next_review": [risk.next_review and risk.next_review.isoformat(), str(today)]}
        history.audit(session, at, None, f"risk.{Act.ALERTED}", risk, detail | {"why": why})
        risk.next_review = today


def _show_risks(session: Session, at: datetime, risk_ids: Collection[int]) -> None:
    """Show anew whether risks are alerting, wherever they stand."""
    if not risk_ids:
        return
    risks = session.scalars(select(Risk).where(Risk.id.in_(risk_ids)).order_by(Risk.id)).all()
    showing.refresh_all(session, at, risks)


def _is_noted(session: Session, at: datetime, risk: Risk, why: str) -> bool:
    """Whether the history says so of this day: one line is enough, however often it begins."""
    noted = select(Change.id).where(
        Change.risk_id == risk.id,
        Change.act == Act.ALERTED,
        Change.on_date == at.date(),
        Change.why == why,
    )
    session.flush()
    return session.scalar(noted.limit(1)) is not None


def link(session: Session, at: datetime, alert_id: int, risk: Risk) -> None:
    """A risk was made of an alert: they belong together from now on."""
    alert = session.get(Alert, alert_id)
    if alert is None or alert.team_id != risk.team_id:
        return
    alert.risk_id = risk.id
    for one in session.scalars(select(Decision).where(Decision.alert_id == alert.id)):
        one.risk_id = one.risk_id or risk.id
    team = session.get_one(Team, alert.team_id)
    mirrors.mark(session, at, [mark(team, VIEW, str(alert.id), Urgency.CLICKED)])


def decide(
    session: Session,
    at: datetime,
    workspace_id: int,
    slack_id: str,
    alert_id: int,
    verdict: Verdict,
) -> Decided | NotYours | Gone:
    """Retrain, watch, or a false alarm: kept with who and when. The first decision counts."""
    row = session.execute(
        select(Alert, Team)
        .join(Team, Alert.team_id == Team.id)
        .where(Alert.id == alert_id, Team.workspace_id == workspace_id)
    ).first()
    actor = person_of(session, workspace_id, slack_id, make=True)
    if row is None or actor is None:
        return Gone()
    alert, team = row
    risk = session.get(Risk, alert.risk_id) if alert.risk_id is not None else None
    if not _may_decide(session, team, risk, actor):
        return NotYours(_owner(session, risk))
    made = session.scalar(
        select(Decision).where(Decision.alert_id == alert.id, Decision.episode == alert.episode)
    )
    if made is None:
        made = Decision(
            alert_id=alert.id,
            episode=alert.episode,
            risk_id=alert.risk_id,
            verdict=verdict,
            decided_by=actor.id,
            decided_at=at,
            decided_on=cards.today(actor, at),
        )
        session.add(made)
        session.flush()
        _audit(session, at, actor, alert, verdict)
        if risk is not None:
            with changing(session, at, risk, actor, Act.DECIDED, why=f"{verdict}: {alert.name}"):
                pass
            showing.refresh(session, at, risk, actor)
    mirrors.mark(session, at, [mark(team, VIEW, str(alert.id), Urgency.CLICKED)])
    return Decided(made.verdict)


def _audit(session: Session, at: datetime, actor: Person, alert: Alert, verdict: Verdict) -> None:
    about = f"alert:{alert.id}" if alert.risk_id is None else f"risk:{alert.risk_id}"
    detail = {"alert": alert.id, "verdict": verdict.value}
    action = "risk.alert.decided"
    session.add(Audit(at=at, actor_id=actor.id, action=action, subject=about, detail=detail))


def _may_decide(session: Session, team: Team, risk: Risk | None, actor: Person) -> bool:
    """Whoever may change its risk; without one, or where nobody owns it, whoever settles things."""
    if risk is not None and may_change(session, risk, actor):
        return True
    owned = risk is not None and risk.owner_id is not None
    return not owned and may_settle(session, team.id, actor)


def _owner(session: Session, risk: Risk | None) -> str:
    owner = session.get(Person, risk.owner_id) if risk is not None and risk.owner_id else None
    return owner.name if owner is not None else ""
