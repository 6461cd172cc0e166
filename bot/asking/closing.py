"""When a run closes: with the last person's window."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from bot.asking import cards, channel
from bot.core.states import PromptState, RunState
from bot.db.tables import Prompt, Run
from bot.engine import timers
from bot.engine.timers import Due

CLOSE = "close"


def keeps_open() -> ColumnElement[bool]:
    """Whether a prompt keeps its run open: who is excused may come back, or answer all the same."""
    return (Prompt.state != PromptState.SKIPPED) | Prompt.excuse.is_not(None)


def close_timer(kind: str, run: Run) -> Due:
    """The timer that closes a run."""
    return Due(
        kind,
        CLOSE,
        run.closes_at,
        run.ritual_id,
        run.id,
        local_date=run.local_date,
        ordinal=run.ordinal,
    )


def close_with_last(session: Session, at: datetime, kind: str, run: Run) -> None:
    """Let a run close with the last person's window; whatever says when that is says it anew."""
    session.flush()
    last = session.scalar(
        select(func.max(Prompt.closes_at)).where(Prompt.run_id == run.id, keeps_open())
    )
    if last is None or last == run.closes_at:
        return
    run.closes_at = last
    timers.move(session, close_timer(kind, run))
    show(session, at, run)


def show(session: Session, at: datetime, run: Run) -> None:
    """Let whatever says when an open run ends say it anew."""
    if run.state is not RunState.OPEN:
        return
    session.flush()
    asked = session.execute(
        select(Prompt.person_id, Prompt.asked_on).where(
            Prompt.run_id == run.id, Prompt.state == PromptState.ASKED
        )
    )
    cards.refresh(session, at, [(person_id, on) for person_id, on in asked if on is not None])
    channel.refresh(session, [run.id])
