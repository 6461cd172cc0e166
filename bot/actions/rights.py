"""Who may change an action item: whoever has to do with it, and the people of its team."""

from dataclasses import dataclass

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from bot.actions.model import Gone, NotTheirs
from bot.asking.askable import is_askable
from bot.asking.newcomers import rows_of
from bot.core.states import RitualState
from bot.db.tables import ActionItem, Membership, Participant, Person, Ritual, Team


@dataclass(frozen=True)
class Found:
    """An item, and somebody who may change it."""

    item: ActionItem
    actor: Person


def find(
    session: Session, workspace_id: int, slack_id: str, item_id: int, here: str = ""
) -> Found | Gone | NotTheirs:
    """An item for somebody who changes it; `here` is the channel that they do it in."""
    locked = _item(workspace_id, item_id).with_for_update()
    item = session.scalar(locked.execution_options(populate_existing=True))
    actor = rows_of(session, workspace_id, [slack_id])[slack_id]
    return _judged(session, item, actor, here)


def look(
    session: Session, workspace_id: int, slack_id: str, item_id: int, here: str = ""
) -> Found | Gone | NotTheirs:
    """The same for somebody who is about to change it; nothing is locked."""
    item = session.scalar(_item(workspace_id, item_id))
    actor = session.scalar(
        select(Person).where(Person.workspace_id == workspace_id, Person.slack_id == slack_id)
    )
    return _judged(session, item, actor, here)


def _item(workspace_id: int, item_id: int) -> Select[ActionItem]:
    return select(ActionItem).where(
        ActionItem.id == item_id, ActionItem.workspace_id == workspace_id
    )


def _judged(
    session: Session, item: ActionItem | None, actor: Person | None, here: str
) -> Found | Gone | NotTheirs:
    if item is None:
        return Gone()
    if actor is not None and may_change(session, item, actor, here):
        return Found(item, actor)
    owner = session.get(Person, item.owner_id) if item.owner_id is not None else None
    return NotTheirs(owner.name if owner is not None else "")


def may_change(session: Session, item: ActionItem, person: Person, here: str = "") -> bool:
    """Its owner, who raised it, admins, and its team; in the channel that it belongs to, anybody.

    Whoever acts in a channel sees it, and so is one of its people.
    """
    if not is_askable(person):
        return False
    if person.is_admin or person.id in (item.owner_id, item.raised_by):
        return True
    if here and here in (item.channel, _channel(session, item)):
        return True
    return _is_on_the_team(session, item, person)


def _channel(session: Session, item: ActionItem) -> str | None:
    return session.scalar(select(Team.channel).where(Team.id == item.team_id))


def _is_on_the_team(session: Session, item: ActionItem, person: Person) -> bool:
    """On one of its rituals or looking after it, or with a role in the team."""
    asked = select(Participant.ritual_id).where(Participant.person_id == person.id)
    ritual = session.scalar(
        select(Ritual.id)
        .where(
            or_(Ritual.id == item.ritual_id, Ritual.team_id == item.team_id),
            Ritual.state != RitualState.DELETED,
            or_(Ritual.owner_id == person.id, Ritual.id.in_(asked)),
        )
        .limit(1)
    )
    role = select(Membership.team_id).where(
        Membership.team_id == item.team_id, Membership.person_id == person.id
    )
    return ritual is not None or session.scalar(role.limit(1)) is not None
