"""What the register adds to the messages of other rituals' runs, in its team's channel."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking import channel
from bot.asking.closing import keeps_open
from bot.core.content import Block
from bot.core.states import BlockerState
from bot.db.tables import Blocker, Prompt, Ritual, Run
from bot.engine.mirrors import Urgency
from bot.rituals.risk.loading import lines
from bot.rituals.risk.states import LIVE, Chased
from bot.rituals.risk.tables import Risk
from bot.rituals.risk.views.on_runs import run_blocks

_MOST = 20


def on_run(session: Session, at: datetime, run_id: int) -> Sequence[Block]:
    """Reviews that nobody has done, in one line; and blockers that may be risks."""
    row = session.execute(
        select(Run, Ritual).join(Ritual, Run.ritual_id == Ritual.id).where(Run.id == run_id)
    ).first()
    if row is None:
        return ()
    run, ritual = row
    worst = (Risk.likelihood * Risk.impact).desc()
    overdue = session.scalars(
        select(Risk)
        .where(
            Risk.team_id == ritual.team_id,
            Risk.status.in_(LIVE),
            Risk.chased == Chased.CHANNEL,
        )
        .order_by(worst, Risk.id)
    ).all()
    made = select(Risk.blocker_id).where(Risk.blocker_id.is_not(None))
    # Those that the message itself shows as open on its date: it is drawn anew for no others.
    later = (Blocker.state == BlockerState.RESOLVED) & (Blocker.resolved_on > run.local_date)
    on_it = select(Prompt.person_id).where(Prompt.run_id == run.id, keeps_open())
    blockers = session.execute(
        select(Blocker.id, Blocker.text)
        .where(
            Blocker.ritual_id == ritual.id,
            (Blocker.state == BlockerState.OPEN) | later,
            Blocker.raised_on <= run.local_date,
            Blocker.id.not_in(made),
            Blocker.owner_id.in_(on_it),
        )
        .order_by(Blocker.raised_on, Blocker.id)
        .limit(_MOST)
    )
    return run_blocks(lines(session, at, overdue), {row.id: row.text for row in blockers})


def show_made(session: Session, blocker_id: int) -> None:
    """A risk was made of a blocker: the messages that may offer it, of each day since, do no more.

    At once, as for all that is done to a blocker: another would make a second risk of it.
    """
    blocker = session.get(Blocker, blocker_id)
    if blocker is None:
        return
    since = Run.local_date >= blocker.raised_on
    runs = session.scalars(select(Run.id).where(Run.ritual_id == blocker.ritual_id, since)).all()
    channel.refresh(session, runs, Urgency.CLOSING)
