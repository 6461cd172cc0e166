"""The messages of runs in their channels, for whatever changes what they say of people."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from bot.db.tables import Mirror
from bot.engine import mirrors
from bot.engine.mirrors import Urgency


def refresh(
    session: Session, run_ids: Collection[int], urgency: Urgency = Urgency.PROGRESS
) -> None:
    """Let the messages of these runs show what is true now, where there are any.

    The replies below them say nothing but what was answered.
    """
    if not run_ids:
        return
    of_runs = Mirror.run_id.in_(run_ids) & Mirror.parent_id.is_(None)
    mirrors.touch(session, of_runs, urgency)
