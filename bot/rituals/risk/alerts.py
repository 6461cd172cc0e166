"""Use cases of alerts: a monitor tells, the owner decides. An alert never changes a score.

Of one fingerprint there is one row, and one thread in the team's channel. Where many that are new
come at once, those beyond a few are counted together in one row, so that a flood fills neither the
channel nor the database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot.asking import cards
from bot.core.states import MirrorKind
from bot.db.tables import Mirror, Person, Team
from bot.engine import mirrors
from bot.engine.mirrors import Mark, Urgency
from bot.rituals.risk import chasing, history
from bot.rituals.risk.alerts_model import Decided, NotYours
from bot.rituals.risk.categories import Category, propose
from bot.rituals.risk.history import changing
from bot.rituals.risk.loading import reviewers
from bot.rituals.risk.payloads import Told
from bot.rituals.risk.rights import may_change, may_settle, person_of
from bot.rituals.risk.states import LIVE, Act, Verdict
from bot.rituals.risk.tables import Alert, Change, Decision, Risk
from bot.rituals.risk.values import Gone

VIEW, AGAIN_VIEW = chasing.ALERT_VIEW, "risk.alert.again"
STORM = "meridian:many"
"""The fingerprint of the row that counts what came beyond a few at once."""
_NEW_AT_ONCE = 5
_AT_ONCE = timedelta(minutes=10)
_FLAPS = timedelta(minutes=30)  # what begins again so soon had not really ended
_MOST_ROWS = 500  # of a team; the oldest without a decision go
KEPT = timedelta(days=180)


def take(session: Session, at: datetime, team_id: int, told: Sequence[Told]) -> None:
    """Monitors tell of these."""
    team = session.get_one(Team, team_id)
    rows = _rows(session, at, team_id, told)
    marks = [
        mark
        for one in told
        for mark in _heard(session, at, team, rows.get(one.fingerprint) or rows[STORM], one)
    ]
    mirrors.mark(session, at, {mark.key: mark for mark in marks}.values())


def _rows(
    session: Session, at: datetime, team_id: int, told: Sequence[Told]
) -> Mapping[str, Alert]:
    """The rows of these, by fingerprint; those that are new amid a flood share the flood's."""
    session.flush()
    mine = Alert.team_id == team_id
    wanted = {one.fingerprint: one for one in told}
    found = {
        one.fingerprint: one
        for one in session.scalars(
            select(Alert).where(mine, Alert.fingerprint.in_([*wanted, STORM])).with_for_update()
        )
    }
    lately = select(func.count()).where(
        mine, Alert.first_at > at - _AT_ONCE, Alert.fingerprint != STORM
    )
    room = max(0, _NEW_AT_ONCE - (session.scalar(lately) or 0))
    new = [one for fingerprint, one in wanted.items() if fingerprint not in found]
    made = {one.fingerprint: _new(at, team_id, one) for one in new[:room]}
    if new[room:] and STORM not in found:
        storm = replace(new[room], fingerprint=STORM, name="Many alerts at once")
        made[STORM] = _new(at, team_id, storm)
    session.add_all(made.values())
    session.flush()
    return found | made


def _new(at: datetime, team_id: int, told: Told) -> Alert:
    return Alert(
        team_id=team_id,
        fingerprint=told.fingerprint,
        source=told.source,
        name=told.name,
        severity=told.severity,
        value=told.value,
        link=told.link,
        firing=False,
        times=0,
        episode=0,
        first_at=at,
        last_at=at,
    )


def _heard(session: Session, at: datetime, team: Team, alert: Alert, told: Told) -> list[Mark]:
    """Note what was told; answers what is to be shown anew."""
    flaps = alert.episode > 0 and at - alert.last_at < _FLAPS
    begins = told.firing and not alert.firing and not flaps
    ends = not told.firing and alert.firing
    if alert.fingerprint == STORM:
        ends = False  # of many nobody can tell
        begins = told.firing and (not alert.times or at - alert.last_at > _AT_ONCE)
    else:
        alert.severity, alert.value, alert.link = told.severity, told.value, told.link
        alert.source, alert.name = told.source, told.name
    alert.times += told.firing
    alert.last_at = at
    alert.firing = told.firing or (alert.firing and not ends)
    if begins:
        alert.episode += 1
        _point_at_risk(session, at, alert, told)
    if not told.firing and not ends and alert.episode == 0:
        return []  # it is over, and nobody had heard of it
    top = _mark(team, VIEW, str(alert.id), Urgency.CLOSING if begins or ends else None)
    if begins and alert.episode > 1:
        return [top, _mark(team, AGAIN_VIEW, f"{alert.id}/{alert.episode}", parent=top)]
    return [top]


def _mark(
    team: Team, view: str, subject: str, urgency: Urgency | None = None, parent: Mark | None = None
) -> Mark:
    return Mark(
        team.workspace_id,
        MirrorKind.MESSAGE,
        view,
        subject,
        team.channel,
        urgency=Urgency.PROGRESS if urgency is None else urgency,
        parent=parent.key if parent else None,
    )


def _point_at_risk(session: Session, at: datetime, alert: Alert, told: Told) -> None:
    """Mark the risk that it is about, and pull that one's review forward to today."""
    risk = _matching(session, alert, told)
    alert.risk_id = None if risk is None else risk.id
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
    mirrors.mark(session, at, [_mark(team, VIEW, str(alert.id), Urgency.CLICKED)])


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
    mirrors.mark(session, at, [_mark(team, VIEW, str(alert.id), Urgency.CLICKED)])
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


def forget_old(session: Session, at: datetime) -> None:
    """Forget alerts of long ago about which nothing was decided, and what is too much."""
    decided = select(Decision.alert_id)
    old = select(Alert.id).where(Alert.last_at < at - KEPT, Alert.id.not_in(decided))
    session.execute(delete(Alert).where(Alert.id.in_(old)))
    counted = select(Alert.team_id).group_by(Alert.team_id).having(func.count() > _MOST_ROWS)
    for team_id in session.scalars(counted).all():
        newest = (
            select(Alert.id)
            .where(Alert.team_id == team_id)
            .order_by(Alert.last_at.desc())
            .limit(_MOST_ROWS)
        )
        session.execute(
            delete(Alert).where(
                Alert.team_id == team_id, Alert.id.not_in(newest), Alert.id.not_in(decided)
            )
        )
    kept = select(Alert.id)
    shown = session.execute(select(Mirror.id, Mirror.subject).where(Mirror.view == VIEW)).all()
    there = set(session.scalars(kept))
    gone = [mirror_id for mirror_id, subject in shown if int(subject) not in there]
    if gone:
        session.execute(delete(Mirror).where(Mirror.parent_id.in_(gone)))
        session.execute(delete(Mirror).where(Mirror.id.in_(gone)))
