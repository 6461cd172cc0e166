"""The rows of alerts: one for each fingerprint, and one for all that comes beyond a few at once.

So a flood fills neither the channel nor the database. What is over leaves its place to others, but
even then so many threads begin in a while and no more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import String, and_, cast, delete, func, select
from sqlalchemy.orm import Session

from bot.core.states import MirrorKind
from bot.db.tables import Mirror, Team
from bot.engine import mirrors, timers
from bot.engine.mirrors import Mark, Urgency
from bot.engine.timers import Due, Fired
from bot.rituals.risk.alerts.payloads import Told
from bot.rituals.risk.model import KIND
from bot.rituals.risk.showing import ALERT_VIEW
from bot.rituals.risk.tables import Alert, Decision, Risk

STORM = "meridian:many"
"""The fingerprint of the row that counts what came beyond a few at once."""
QUIET = "quiet"
FLAPS = timedelta(minutes=30)  # what begins again so soon had not really ended
KEPT = timedelta(days=180)
_AT_ONCE = timedelta(minutes=10)
_FIRING_AT_ONCE, _THREADS_AT_ONCE = 5, 15
_MOST = 500  # of a team; the oldest without a decision go


def rows_of(
    session: Session, at: datetime, team_id: int, told: Sequence[Told]
) -> Mapping[str, Alert]:
    """The rows there are of these, by fingerprint; one of a storm stands for what finds no place.

    What is over and was never heard of has none: there is nothing to say of it.
    """
    session.flush()
    mine = Alert.team_id == team_id
    wanted = {one.fingerprint for one in told}
    found = {
        one.fingerprint: one
        for one in session.scalars(
            select(Alert).where(mine, Alert.fingerprint.in_([*wanted, STORM])).with_for_update()
        )
    }
    begun = {one.fingerprint: one for one in told if one.firing}
    new = [one for fingerprint, one in begun.items() if fingerprint not in found]
    room = _room(session, at, team_id) if new else 0
    made = {one.fingerprint: _new(at, team_id, one) for one in new[:room]}
    if new[room:] and STORM not in found:
        storm = replace(new[room], fingerprint=STORM, name="Many alerts at once", summary="")
        made[STORM] = _new(at, team_id, storm)
    session.add_all(made.values())
    session.flush()
    return found | made


def _room(session: Session, at: datetime, team_id: int) -> int:
    """How many more may have a thread of their own."""
    threads, firing = session.execute(
        select(func.count(), func.count().filter(Alert.firing)).where(
            Alert.team_id == team_id, Alert.first_at > at - _AT_ONCE, Alert.fingerprint != STORM
        )
    ).one()
    return max(0, min(_FIRING_AT_ONCE - firing, _THREADS_AT_ONCE - threads))


def _new(at: datetime, team_id: int, told: Told) -> Alert:
    return Alert(
        team_id=team_id,
        fingerprint=told.fingerprint,
        source=told.source,
        name=told.name,
        severity=told.severity,
        value=told.value,
        summary=told.summary,
        link=told.link,
        firing=False,
        times=0,
        episode=0,
        first_at=at,
        last_at=at,
    )


def mark(
    team: Team, view: str, subject: str, urgency: Urgency | None = None, parent: Mark | None = None
) -> Mark:
    """A message about an alert in its team's channel."""
    return Mark(
        team.workspace_id,
        MirrorKind.MESSAGE,
        view,
        subject,
        team.channel,
        urgency=Urgency.PROGRESS if urgency is None else urgency,
        parent=parent.key if parent else None,
    )


def show_whom_they_ask(session: Session) -> None:
    """What waits for whoever answers for a register names them, who may be another one now."""
    decided = select(Decision.id).where(
        Decision.alert_id == Alert.id, Decision.episode == Alert.episode
    )
    asked = select(cast(Alert.id, String)).where(
        ~decided.exists(),
        Alert.risk_id.is_(None) | Alert.risk_id.in_(select(Risk.id).where(Risk.owner_id.is_(None))),
    )
    kind, view = Mirror.kind == MirrorKind.MESSAGE, Mirror.view == ALERT_VIEW
    session.flush()
    mirrors.touch(session, and_(kind, view, Mirror.subject.in_(asked)), Urgency.PROGRESS)


def plan_quiet(session: Session) -> None:
    """See to it that a storm is over once nothing was heard of it for a while."""
    session.flush()
    raging = select(func.min(Alert.last_at)).where(Alert.fingerprint == STORM, Alert.firing)
    last = session.scalar(raging)
    if last is not None:
        timers.reset(session, [Due(KIND, QUIET, last + FLAPS)])


def quiet(session: Session, at: datetime, _due: Sequence[Fired]) -> None:
    """Step: end the storms that are over; the others are looked at again."""
    session.flush()
    over = session.execute(
        select(Alert, Team)
        .join(Team, Alert.team_id == Team.id)
        .where(Alert.fingerprint == STORM, Alert.firing, Alert.last_at <= at - FLAPS)
    )
    marks = []
    for storm, team in over:
        storm.firing = False
        marks.append(mark(team, ALERT_VIEW, str(storm.id), Urgency.CLOSING))
    mirrors.mark(session, at, marks)
    plan_quiet(session)


def forget_old(session: Session, at: datetime) -> None:
    """Forget alerts of long ago about which nothing was decided, and what is too much."""
    decided = select(Decision.alert_id)
    old = select(Alert.id).where(Alert.last_at < at - KEPT, Alert.id.not_in(decided))
    session.execute(delete(Alert).where(Alert.id.in_(old)))
    counted = select(Alert.team_id).group_by(Alert.team_id).having(func.count() > _MOST)
    for team_id in session.scalars(counted).all():
        newest = (
            select(Alert.id)
            .where(Alert.team_id == team_id)
            .order_by(Alert.last_at.desc())
            .limit(_MOST)
        )
        session.execute(
            delete(Alert).where(
                Alert.team_id == team_id, Alert.id.not_in(newest), Alert.id.not_in(decided)
            )
        )
    kept = select(Alert.id)
    shown = session.execute(select(Mirror.id, Mirror.subject).where(Mirror.view == ALERT_VIEW))
    there = set(session.scalars(kept))
    gone = [mirror_id for mirror_id, subject in shown if int(subject) not in there]
    if gone:
        session.execute(delete(Mirror).where(Mirror.parent_id.in_(gone)))
        session.execute(delete(Mirror).where(Mirror.id.in_(gone)))
