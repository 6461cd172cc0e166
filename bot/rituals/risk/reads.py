"""What is looked up for the register's modals."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.rituals.risk import loading
from bot.rituals.risk.rights import look
from bot.rituals.risk.values import Gone, RiskShown


def shown_of(
    session: Session, at: datetime, workspace_id: int, slack_id: str, risk_id: int, here: str
) -> RiskShown | Gone:
    """A risk for somebody who looks at it."""
    found = look(session, at, workspace_id, slack_id, risk_id, here)
    return found if isinstance(found, Gone) else loading.shown(session, at, found)
