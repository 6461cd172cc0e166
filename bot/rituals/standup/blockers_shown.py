"""The blockers that a run shows: those of its people that stand on its date."""

from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from bot.actions.loading import of_blockers
from bot.core.states import BlockerState, PromptState
from bot.db.tables import Blocker, Person, Prompt, Run
from bot.rituals.standup.views.blocked import BlockerShown


def blockers_shown(session: Session, at: datetime, run: Run) -> tuple[BlockerShown, ...]:
    """What holds the people of a run up on its date, what waits longest first.

    What was resolved on that very date is shown as such, last; from the next run on it is gone.
    """
    owner, unblocker = aliased(Person), aliased(Person)
    rows = session.execute(
        select(Blocker, owner.name, unblocker.name)
        .join(owner, Blocker.owner_id == owner.id)
        .outerjoin(unblocker, Blocker.unblocker_id == unblocker.id)
        .where(
            Blocker.ritual_id == run.ritual_id,
            Blocker.raised_on <= run.local_date,
            or_(
                Blocker.state == BlockerState.OPEN,
                and_(Blocker.state == BlockerState.RESOLVED, Blocker.resolved_on >= run.local_date),
            ),
            Blocker.owner_id.in_(
                select(Prompt.person_id).where(
                    Prompt.run_id == run.id,
                    (Prompt.state != PromptState.SKIPPED) | Prompt.excuse.is_not(None),
                )
            ),
        )
        .order_by(Blocker.raised_on, Blocker.since, Blocker.id)
    ).all()
    items = of_blockers(session, at, [one.id for one, _name, _helper in rows])
    found = [
        BlockerShown(
            id=one.id,
            owner=name,
            text=one.text,
            raised_on=one.raised_on,
            unblocker=helper,
            resolved=one.resolved_on == run.local_date,
            item=items.get(one.id),
        )
        for one, name, helper in rows
    ]
    return tuple(sorted(found, key=lambda one: one.resolved))
