"""The scores of a risk: as it is now, without its mitigations, and once they all are done.

As long as nothing is done against a risk, what it is now is what it is without mitigations:
another score is a better guess of the same. Once something is done, a lower score is what that
took away, and what it was is kept.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.rituals.risk.model import score
from bot.rituals.risk.states import MitigationState, Status
from bot.rituals.risk.tables import Mitigation, Risk

Pair = tuple[int, int]
"""Likelihood and impact."""


def inherent(risk: Risk) -> Pair:
    """Likelihood and impact without mitigations."""
    if risk.inherent_likelihood is None or risk.inherent_impact is None:
        return risk.likelihood, risk.impact
    return risk.inherent_likelihood, risk.inherent_impact


def residual(risk: Risk) -> Pair | None:
    """Likelihood and impact once it is mitigated, where both are said."""
    if risk.residual_likelihood is None or risk.residual_impact is None:
        return None
    return risk.residual_likelihood, risk.residual_impact


def rescore(session: Session, risk: Risk, likelihood: int, impact: int) -> None:
    """Set what it is now."""
    if (risk.likelihood, risk.impact) == (likelihood, impact):
        return
    was = inherent(risk)
    risk.likelihood, risk.impact = likelihood, impact
    is_less = _something_is_done(session, risk) and score(*was) > score(likelihood, impact)
    risk.inherent_likelihood, risk.inherent_impact = was if is_less else (None, None)


def _something_is_done(session: Session, risk: Risk) -> bool:
    if risk.status is Status.MITIGATING:
        return True
    done = select(Mitigation.id).where(
        Mitigation.risk_id == risk.id, Mitigation.state == MitigationState.DONE
    )
    session.flush()
    return session.scalar(done.limit(1)) is not None
