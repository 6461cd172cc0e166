"""A ritual whose planning a failure ended would never ask again: it is planned anew."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

import structlog
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.asking import planning
from bot.core.states import RitualState
from bot.db.tables import Ritual, Timer
from bot.engine.ritual import PlanAnew

log = structlog.get_logger()


def replan_missing(
    session: Session, at: datetime, own: Mapping[str, PlanAnew] = MappingProxyType({})
) -> None:
    """Plan, from `at` on, every active ritual that no live timer is going to plan.

    Of the kinds in `own` each in its way.
    """
    live = select(Timer.ritual_id).where(
        Timer.step == planning.PLAN,
        Timer.ritual_id.is_not(None),
        Timer.consumed_at.is_(None),
        Timer.parked_at.is_(None),
    )
    stopped = select(Ritual).where(Ritual.state == RitualState.ACTIVE, Ritual.id.not_in(live))
    for ritual in session.scalars(stopped.order_by(Ritual.id)).all():
        ritual_id, plan_anew = ritual.id, own.get(ritual.kind)
        try:
            with session.begin_nested():
                if plan_anew is None:
                    planning.plan_from(session, at, ritual)
                else:
                    plan_anew(session, at, ritual_id)
        except OperationalError:
            raise
        except Exception:  # it may fail again; the others are planned, and the bot starts
            log.exception("a ritual could not be planned", ritual=ritual_id)
