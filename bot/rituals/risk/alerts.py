"""Use cases of alerts: a monitor tells, the owner decides. An alert never changes a score.

Of one fingerprint there is one thread in the team's channel, and one of all that come at once
beyond a few.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking import cards
from bot.db.tables import Person, Team
from bot.engine import mirrors
from bot.engine.mirrors import Mark, Urgency
from bot.rituals.risk import chasing, history
from bot.rituals.risk.alerts_model import Decided, NotYours
from bot.rituals.risk.alerts_rows import FLAPS, STORM, mark, plan_quiet, rows_of
from bot.rituals.risk.categories import Category, propose
from bot.rituals.risk.history import changing
from bot.rituals.risk.loading import reviewers
from bot.rituals.risk.payloads import Told
from bot.rituals.risk.rights import may_change, may_settle, person_of
from bot.rituals.risk.states import LIVE, Act, Verdict
from bot.rituals.risk.tables import Alert, Change, Decision, Risk
from bot.rituals.risk.values import Gone

VIEW, AGAIN_VIEW = chasing.ALERT_VIEW, "risk.alert.again"


def take(session: Session, at: datetime, team_id: int, told: Sequence[Told]) -> None:
    """Monitors tell of these."""
    team = session.get_one(Team, team_id)
    rows = rows_of(session, at, team_id, told)
    marks: list[Mark] = []
    for one in told:
        if one.fingerprint in rows:
            marks += _heard(session, at, team, rows[one.fingerprint], one)
        elif one.firing:
            marks += _counted(session, at, team, rows[STORM])
    mirrors.mark(session, at, {one.key: one for one in marks}.values())


def _heard(session: Session, at: datetime, team: Team, alert: Alert, told: Told) -> list[Mark]:
    """Note what was told; answers what is to be shown anew."""
    flaps = alert.episode > 0 and at - alert.last_at < FLAPS
    begins = told.firing and not alert.firing and not flaps
    ends = not told.firing and alert.firing
    goes_on = told.firing and not alert.firing and flaps
    alert.severity, alert.value, alert.link = told.severity, told.value, told.link
    alert.source, alert.name = told.source, told.name
    alert.times += told.firing
    alert.last_at, alert.firing = at, told.firing
    if begins:
        alert.episode += 1
        _point_at_risk(session, at, alert, told)
    elif ends or goes_on:
        _show_risk(session, at, alert.risk_id)
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


def _point_at_risk(session: Session, at: datetime, alert: Alert, told: Told) -> None:
    """Mark the risk that it is about, and pull that one's review forward to today."""
    risk, before = _matching(session, alert, told), alert.risk_id
    alert.risk_id = None if risk is None else risk.id
    if before != alert.risk_id:
        _show_risk(session, at, before)
    if risk is None:
        return
    who = reviewers(session, [risk]).get(risk.id)
    today = at.date() if who is None else cards.today(who, at)
    forward = risk.next_review is None or risk.next_review > today
    why = f"{told.name} ({told.source})"
    if not _is_noted(session, at, risk, why):
        with changing(session, at, risk, None, Act.ALERTED, why=why):
            risk.next_review = today if forward else risk.next_review
    elif forward:
        detail = {"next_review": [risk.next_review and risk.next_review.isoformat(), str(today)]}
        history.audit(session, at, None, f"risk.{Act.ALERTED}", risk, detail | {"why": why})
        risk.next_review = today
    chasing.plan(session, at, [risk])
    chasing.refresh(session, at, risk, who)


def _show_risk(session: Session, at: datetime, risk_id: int | None) -> None:
    """Show anew whether a risk is alerting, wherever it stands."""
    risk = session.get(Risk, risk_id) if risk_id is not None else None
    if risk is not None:
        chasing.refresh(session, at, risk, reviewers(session, [risk]).get(risk.id))


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


def _matching(session: Session, alert: Alert, told: Told) -> Risk | None:
    """The live risk that an alert is about, if one is.

    That is the one it names, the one it was about before, one that has the alert's name in its
    title or links, or one of the same model: first of the category that its words speak of. Of
    several it is the worst.
    """
    risks = session.scalars(
        select(Risk)
        .where(Risk.team_id == alert.team_id, Risk.status.in_(LIVE))
        .order_by((Risk.likelihood * Risk.impact).desc(), Risk.id)
    ).all()
    name, model = told.name.casefold(), told.model.casefold()
    category = propose(f"{told.name} {told.summary}") or Category.DRIFT
    rules = (
        lambda one: one.id == told.risk_id,
        lambda one: one.id == alert.risk_id,
        lambda one: name in f"{one.title}\n{one.links}".casefold(),
        lambda one: bool(model) and one.model.casefold() == model and one.category == category,
        lambda one: bool(model) and one.model.casefold() == model,
    )
    return next((one for rule in rules for one in risks if rule(one)), None)


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
        if risk is not None:
            _note(session, at, risk, actor, alert, verdict)
            chasing.refresh(session, at, risk, actor)
    mirrors.mark(session, at, [mark(team, VIEW, str(alert.id), Urgency.CLICKED)])
    return Decided(made.verdict, by_me=made.decided_by == actor.id)


def _note(
    session: Session, at: datetime, risk: Risk, actor: Person, alert: Alert, verdict: Verdict
) -> None:
    with changing(session, at, risk, actor, Act.DECIDED, why=f"{verdict}: {alert.name}"):
        pass
    history.audit(
        session,
        at,
        actor,
        "risk.alert.decided",
        risk,
        {"alert": alert.id, "verdict": verdict.value},
    )


def _may_decide(session: Session, team: Team, risk: Risk | None, actor: Person) -> bool:
    """Whoever may change its risk; without one, or where nobody owns it, whoever settles things."""
    if risk is not None and may_change(session, risk, actor):
        return True
    owned = risk is not None and risk.owner_id is not None
    return not owned and may_settle(session, team.id, actor)


def _owner(session: Session, risk: Risk | None) -> str:
    owner = session.get(Person, risk.owner_id) if risk is not None and risk.owner_id else None
    return owner.name if owner is not None else ""
