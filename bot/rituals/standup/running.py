"""A stand-up's run: its one message in the channel, and its close."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking import rounds
from bot.core.states import MirrorKind
from bot.db.tables import (
    Ritual,
    Run,
    Team,
    Timer,
)
from bot.engine import mirrors
from bot.engine.mirrors import Mark, Urgency

RUN_VIEW = "standup.run"


def close(session: Session, at: datetime, due: Sequence[Timer]) -> None:
    """Step: close runs whose last window has ended; the message becomes the summary."""
    for run in rounds.close(session, at, due):
        mark_run(session, at, run, Urgency.CLOSING)


def mark_run(session: Session, at: datetime, run: Run, urgency: Urgency) -> None:
    """Let the run's message show what is true now."""
    workspace_id = session.scalars(
        select(Team.workspace_id).join(Ritual).where(Ritual.id == run.ritual_id)
    ).one()
    mark = Mark(
        workspace_id,
        MirrorKind.MESSAGE,
        RUN_VIEW,
        str(run.id),
        run.channel,
        run_id=run.id,
        urgency=urgency,
    )
    mirrors.mark(session, at, [mark])
