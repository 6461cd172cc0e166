"""A stand-up's run: its message in the channel, the replies below it, and its close."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import late
from bot.asking import rounds
from bot.core.states import MirrorKind, PromptState, RunState
from bot.db.tables import (
    Prompt,
    Ritual,
    Run,
    Team,
)
from bot.engine import mirrors
from bot.engine.mirrors import Mark, Urgency
from bot.engine.timers import Fired
from bot.rituals.standup.model import Config, Layout, Reveal

RUN_VIEW = "standup.run"
REPLY_VIEW = "standup.reply"


def ask(session: Session, at: datetime, due: Sequence[Fired]) -> None:
    """Step: ask people; with the first of them a run opens."""
    run_ids = {one.run_id for one in due}
    planned = select(Run.id).where(Run.id.in_(run_ids), Run.state == RunState.PLANNED)
    before = session.scalars(planned).all()
    rounds.ask(session, at, due)
    if before:
        opened = select(Run).where(Run.id.in_(before), Run.state == RunState.OPEN)
        for run in session.scalars(opened.order_by(Run.id)).all():
            late.say(session, session.get_one(Ritual, run.ritual_id), run)


def open_early(session: Session, run: Run) -> None:
    """Somebody answers before anybody is asked, or after all; the run is open."""
    begins, run.state = run.state is RunState.PLANNED, RunState.OPEN
    if begins:
        late.say(session, session.get_one(Ritual, run.ritual_id), run)


def close(session: Session, at: datetime, due: Sequence[Fired]) -> None:
    """Step: close runs whose last window has ended; the message becomes the summary.

    Answers that waited for the close are shown.
    """
    for run in rounds.close(session, at, due):
        waited = Config.model_validate(run.config).reveal is Reveal.AT_CLOSE
        answered = _answered(session, run) if waited else ()
        _mark(session, at, _workspace(session, run), run, Urgency.CLOSING, answered)


def mark_run(session: Session, at: datetime, run: Run, urgency: Urgency) -> None:
    """Let the run's message show what is true now."""
    _mark(session, at, _workspace(session, run), run, urgency)


def mark_answer(
    session: Session, at: datetime, workspace_id: int, run: Run, prompt: Prompt
) -> None:
    """Let what one person answers, or changes, be shown in the channel."""
    shown = [prompt.id] if revealed(Config.model_validate(run.config), run) else []
    _mark(session, at, workspace_id, run, Urgency.PROGRESS, shown)


def revealed(config: Config, run: Run) -> bool:
    """Whether a run's answers may be read by others yet."""
    return config.reveal is Reveal.AT_ONCE or run.state is RunState.CLOSED


def _answered(session: Session, run: Run) -> Sequence[int]:
    """The prompts that have an answer, in the order in which they were given."""
    return session.scalars(
        select(Prompt.id)
        .where(Prompt.run_id == run.id, Prompt.state == PromptState.ANSWERED)
        .order_by(Prompt.answered_at, Prompt.id)
    ).all()


def _workspace(session: Session, run: Run) -> int:
    return session.scalars(
        select(Team.workspace_id).join(Ritual).where(Ritual.id == run.ritual_id)
    ).one()


def _mark(
    session: Session,
    at: datetime,
    workspace_id: int,
    run: Run,
    urgency: Urgency,
    answers: Sequence[int] = (),
) -> None:
    """Mark the run's message stale, and where answers are replies, those of these prompts."""

    def mark(view: str, subject: int, parent: Mark | None = None) -> Mark:
        return Mark(
            workspace_id,
            MirrorKind.MESSAGE,
            view,
            str(subject),
            run.channel,
            run_id=run.id,
            urgency=urgency,
            parent=parent.key if parent else None,
        )

    top = mark(RUN_VIEW, run.id)
    replies = Config.model_validate(run.config).layout is Layout.REPLIES
    below = [mark(REPLY_VIEW, one, top) for one in answers] if replies else []
    mirrors.mark(session, at, [top, *below])
