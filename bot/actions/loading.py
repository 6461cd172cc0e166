"""Action items as people see them, loaded from SQL."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot.actions.model import ItemShown
from bot.asking import cards
from bot.asking.known_keys import jira_site
from bot.core.states import LIVE_ITEMS
from bot.db.tables import ActionItem, Person
from bot.jira.keys import url

# Kept, since to build it takes longer than to run it.
_PEOPLE = select(Person).where(Person.id.in_(bindparam("ids", expanding=True)))


def shown(session: Session, at: datetime, items: Collection[ActionItem]) -> list[ItemShown]:
    """These items, in their order."""
    if not items:
        return []
    ids = {who for one in items for who in (one.owner_id, one.raised_by, one.assigned_by)}
    people = {person.id: person for person in session.scalars(_PEOPLE, {"ids": list(ids - {None})})}
    ticketed = next((one for one in items if one.issue_key), None)
    site = jira_site(session, ticketed.workspace_id) if ticketed is not None else ""
    return [_shown(at, one, people, site) for one in items]


def _shown(at: datetime, item: ActionItem, people: Mapping[int, Person], site: str) -> ItemShown:
    owner = people.get(item.owner_id or 0)
    given = item.assigned_by if item.assigned_by != item.owner_id else None
    return ItemShown(
        id=item.id,
        what=item.what,
        state=item.state,
        today=cards.today(owner, at) if owner is not None else at.date(),
        owner=owner.name if owner is not None else "",
        due=item.due,
        raiser=_name(people, item.raised_by),
        giver=_name(people, given),
        details=item.details,
        reason=item.reason or "",
        channel=item.channel or "",
        issue_key=item.issue_key or "",
        issue_url=url(site, item.issue_key) if site and item.issue_key else "",
        note=item.note or "",
    )


def _name(people: Mapping[int, Person], person_id: int | None) -> str:
    person = people.get(person_id or 0)
    return person.name if person is not None else ""


def of_blockers(
    session: Session, at: datetime, blocker_ids: Collection[int]
) -> Mapping[int, ItemShown]:
    """The item that was made of each of these blockers, by the blocker's id.

    Of several it is the one that is still to be done, or else the last.
    """
    found: dict[int, ActionItem] = {}
    for one in _of_blockers(session, blocker_ids):
        if one.blocker_id is not None and not _lives(found.get(one.blocker_id)):
            found[one.blocker_id] = one
    return dict(zip(found, shown(session, at, found.values()), strict=True))


def _of_blockers(session: Session, blocker_ids: Collection[int]) -> Sequence[ActionItem]:
    if not blocker_ids:
        return ()
    query = select(ActionItem).where(ActionItem.blocker_id.in_(blocker_ids))
    return session.scalars(query.order_by(ActionItem.id)).all()


def _lives(item: ActionItem | None) -> bool:
    return item is not None and item.state in LIVE_ITEMS
