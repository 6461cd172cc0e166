"""Loads from SQL what the message to whoever can unblock shows."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions.loading import of_blockers
from bot.actions.origins import BLOCKER_MESSAGE
from bot.asking.known_keys import issue_links
from bot.core.states import BlockerState, MirrorKind
from bot.db.tables import Blocker, Mirror, Person, Ritual
from bot.rituals.standup.views.unblock import Asked, AskedOf

VIEW = BLOCKER_MESSAGE


def subject(blocker_id: int, person_id: int | str) -> str:
    """One for each who is told of a blocker: the next who is named reads something else."""
    return f"{blocker_id}/{person_id}"


def unblock_shown(session: Session, about: str, at: datetime) -> Asked | None:
    """What a person is told of a blocker; None where it is gone, or there is no need to tell."""
    blocker_id, person_id = map(int, about.split("/"))
    row = session.execute(
        select(Blocker, Person, Ritual)
        .join(Person, Blocker.owner_id == Person.id)
        .join(Ritual, Blocker.ritual_id == Ritual.id)
        .where(Blocker.id == blocker_id)
    ).first()
    if row is None:
        return None
    blocker, owner, ritual = row
    state = _state(blocker, person_id)
    if state is not AskedOf.OPEN and not _stands(session, about):
        return None
    resolver = session.get(Person, blocker.resolved_by) if blocker.resolved_by else None
    return Asked(
        blocker_id=blocker.id,
        owner=owner.name,
        text=blocker.text,
        since=blocker.raised_on,
        channel=ritual.channel,
        state=state,
        item=of_blockers(session, at, [blocker.id]).get(blocker.id),
        by="" if resolver is None or resolver.id == person_id else resolver.name,
        links=issue_links(session, owner.workspace_id),
    )


def _state(blocker: Blocker, person_id: int) -> AskedOf:
    if blocker.state is BlockerState.RESOLVED:
        return AskedOf.RESOLVED
    if blocker.state is BlockerState.WITHDRAWN:
        return AskedOf.WITHDRAWN
    return AskedOf.OPEN if blocker.unblocker_id == person_id else AskedOf.NOT_ASKED


def _stands(session: Session, about: str) -> bool:
    """Whether they have the message already; else there is nothing to correct in it."""
    return bool(
        session.scalar(
            select(Mirror.id).where(
                Mirror.kind == MirrorKind.MESSAGE,
                Mirror.view == VIEW,
                Mirror.subject == about,
                Mirror.remote_id.is_not(None),
            )
        )
    )
