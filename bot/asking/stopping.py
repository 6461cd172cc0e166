"""A ritual rests or ends: what is planned of it is taken back, and what is open stays or closes."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from bot.asking import cards, channel, closing, deck, home, planning
from bot.core.states import PromptState, RunState
from bot.db.tables import Participant, Person, Prompt, Ritual, Run, Timer
from bot.engine.mirrors import Urgency

PAUSED = "it is paused"
DELETED = "it was deleted"


def rest(session: Session, at: datetime, ritual: Ritual) -> None:
    """Plan and ask nothing more. Who was asked may answer until it closes, and is reminded.

    Planned runs keep their rows, though nobody is asked in them: somebody may have a prompt open.
    """
    _forget(session, ritual, Timer.step.in_([planning.PLAN, planning.ASK]))
    runs = _live_runs(session, ritual)
    _skip(session, runs, [PromptState.WAITING], PAUSED)
    for run in runs:
        closing.close_with_last(session, at, ritual.kind, run)
    _show(session, at, ritual, runs, Urgency.PROGRESS)


def show(session: Session, at: datetime, ritual: Ritual) -> None:
    """It rests no more, or is called otherwise: whatever says so says it anew."""
    _show(session, at, ritual, _live_runs(session, ritual), Urgency.PROGRESS)


def end(session: Session, at: datetime, ritual: Ritual) -> None:
    """Ask nothing more, and close at once what is open: quietly, without a message of its own."""
    _forget(session, ritual)
    runs = _live_runs(session, ritual)
    _skip(session, runs, planning.OWING, DELETED)
    for run in runs:
        run.state, run.closes_at = RunState.CLOSED, at
    session.flush()
    _show(session, at, ritual, runs, Urgency.CLOSING)


def _live_runs(session: Session, ritual: Ritual) -> Collection[Run]:
    return session.scalars(planning.live_runs(ritual)).all()


def _forget(session: Session, ritual: Ritual, *which: ColumnElement[bool]) -> None:
    mine = (Timer.ritual_id == ritual.id, Timer.consumed_at.is_(None))
    session.execute(delete(Timer).where(*mine, *which))


def _skip(
    session: Session, runs: Collection[Run], states: Collection[PromptState], reason: str
) -> None:
    session.execute(
        update(Prompt)
        .where(Prompt.run_id.in_([run.id for run in runs]), Prompt.state.in_(states))
        .values(state=PromptState.SKIPPED, reason=reason, excuse=None)
        .execution_options(synchronize_session=False)
    )


def _show(
    session: Session, at: datetime, ritual: Ritual, runs: Collection[Run], urgency: Urgency
) -> None:
    ids = [run.id for run in runs]
    channel.refresh(session, ids, urgency)
    asked = session.execute(
        select(Prompt.person_id, Prompt.asked_on).where(
            Prompt.run_id.in_(ids), Prompt.asked_on.is_not(None)
        )
    )
    owner = session.get_one(Person, ritual.owner_id)  # may have been told something of it
    shown = {(person_id, on) for person_id, on in asked if on is not None}
    cards.refresh(session, at, shown | deck.last_days(session, [owner.slack_id]))
    on_it = select(Participant.person_id).where(Participant.ritual_id == ritual.id)
    home.refresh(session, at, [*session.scalars(on_it), ritual.owner_id])
