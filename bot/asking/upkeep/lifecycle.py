"""Use cases of a ritual's life: pause it, let it go on, delete it."""

from datetime import datetime
from typing import assert_never

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bot.asking import by_hand, guests, planning, stopping
from bot.asking.owners import may_change
from bot.asking.upkeep.model import Act, Done, Gone, NotOwner
from bot.core.states import RitualState
from bot.db.tables import Audit, Person, Ritual, Team


def act(
    session: Session,
    at: datetime,
    kind: str,
    workspace_id: int,
    slack_id: str,
    ritual_id: int,
    what: Act,
) -> Done | NotOwner | Gone:
    """Pause, resume or delete a ritual of a kind; its owner and workspace admins may."""
    ritual = standing_by_id(session, kind, workspace_id, ritual_id)
    if ritual is None:
        return Gone()
    person = session.scalar(
        select(Person).where(Person.workspace_id == workspace_id, Person.slack_id == slack_id)
    )
    if person is None or not may_change(ritual, person):
        return NotOwner(session.get_one(Person, ritual.owner_id).name)
    before = ritual.state
    _do(session, at, ritual, what)
    if what is Act.DELETE:
        guests.release(session, at, workspace_id, person.id)
    done = Done(what, ritual.id, ritual.title, ritual.channel, already=ritual.state is before)
    if not done.already:
        told = {"action": _action(kind, what), "subject": _subject(ritual)}
        detail = {"title": ritual.title, "channel": ritual.channel}
        session.add(Audit(at=at, actor_id=person.id, detail=detail, **told))
    return done


def _do(session: Session, at: datetime, ritual: Ritual, what: Act) -> None:
    match what:
        case Act.PAUSE:
            if ritual.state is RitualState.ACTIVE:
                ritual.state = RitualState.PAUSED
                stopping.rest(session, at, ritual)
        case Act.RESUME:
            if ritual.state is RitualState.PAUSED:
                ritual.state = RitualState.ACTIVE
                planning.begin(session, at, ritual)
                by_hand.go_on(session, at, ritual)
                stopping.show(session, at, ritual)
        case Act.DELETE:
            ritual.state = RitualState.DELETED
            stopping.end(session, at, ritual)
        case _:
            assert_never(what)


def ended_with(session: Session, ritual: Ritual, ended_at: datetime) -> bool:
    """Whether what ended then did because its ritual was deleted; it may have ended long before."""
    if ritual.state is not RitualState.DELETED:
        return False
    noted = (Audit.subject == _subject(ritual)) & (Audit.action == _action(ritual.kind, Act.DELETE))
    deleted_at = session.scalar(select(func.max(Audit.at)).where(noted))
    return deleted_at is None or ended_at >= deleted_at


def _subject(ritual: Ritual) -> str:
    return f"ritual:{ritual.id}"


def _action(kind: str, what: Act) -> str:
    return f"{kind}.{what}"


def standing_by_id(session: Session, kind: str, workspace_id: int, ritual_id: int) -> Ritual | None:
    """A ritual of a kind that has not been deleted."""
    return session.scalar(_standing(kind, workspace_id).where(Ritual.id == ritual_id))


def standing_in(session: Session, kind: str, workspace_id: int, channel: str) -> Ritual | None:
    """The ritual of a kind that a channel has, active or paused."""
    return session.scalars(
        _standing(kind, workspace_id).where(Ritual.channel == channel).order_by(Ritual.id)
    ).first()


def _standing(kind: str, workspace_id: int) -> Select[Ritual]:
    return (
        select(Ritual)
        .join(Team)
        .where(
            Team.workspace_id == workspace_id,
            Ritual.kind == kind,
            Ritual.state != RitualState.DELETED,
        )
    )
