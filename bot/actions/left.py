"""What those who left had still to do, and what has no owner any more: it is offered to who raised
it, for somebody else to take.

Where they have left too, to whoever looks after the ritual that it came from, or one of its team.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from sqlalchemy import BindParameter, bindparam, or_, select
from sqlalchemy.orm import Session

from bot.asking.askable import ASKABLE, is_askable
from bot.core.states import LIVE_ITEMS, RitualState
from bot.db.tables import ActionItem, Person, Ritual

# What is still to be done and has nobody who could do it. Kept, since every card asks it.
_LEFT = (
    select(ActionItem)
    .outerjoin(Person, ActionItem.owner_id == Person.id)
    .where(ActionItem.state.in_(LIVE_ITEMS), or_(Person.id.is_(None), ~ASKABLE))
    .order_by(ActionItem.due, ActionItem.id)
)
_PEOPLE: BindParameter[int] = bindparam("people", expanding=True)
_LEFT_TO = _LEFT.where(
    or_(
        ActionItem.raised_by.in_(_PEOPLE),
        ActionItem.team_id.in_(
            select(Ritual.team_id).where(
                Ritual.owner_id.in_(_PEOPLE), Ritual.state != RitualState.DELETED
            )
        ),
    )
)


def left_to(session: Session, people: Collection[Person]) -> Iterator[tuple[Person, ActionItem]]:
    """What was left behind to these people, each with whose it is to give to somebody."""
    by_id = {person.id: person for person in people if is_askable(person)}
    if not by_id:
        return
    items = session.scalars(_LEFT_TO, {"people": list(by_id)}).all()
    for heir_id, item in _with_heirs(session, items):
        if heir_id in by_id:
            yield by_id[heir_id], item


def heirs(session: Session, person_ids: Collection[int]) -> set[int]:
    """Who is to give away what these people had, where they have left; or were to give away."""
    theirs = ActionItem.owner_id.in_(person_ids) | ActionItem.raised_by.in_(person_ids)
    items = session.scalars(_LEFT.where(theirs)).all()
    return heirs_of(session, items)


def heirs_of(session: Session, items: Sequence[ActionItem]) -> set[int]:
    """Who is to give these away where nobody has them."""
    return {heir_id for heir_id, _item in _with_heirs(session, items)}


def _with_heirs(session: Session, items: Sequence[ActionItem]) -> Iterator[tuple[int, ActionItem]]:
    ids = {one.raised_by for one in items if one.raised_by is not None}
    rows = session.scalars(select(Person.id).where(Person.id.in_(ids), ASKABLE)) if ids else ()
    staying = set(rows)
    looked_after = _looked_after(session, items)
    for one in items:
        heir = one.raised_by if one.raised_by in staying else looked_after.get(one.id)
        if heir is not None:
            yield heir, one


def _looked_after(session: Session, items: Sequence[ActionItem]) -> Mapping[int, int]:
    """Who looks after the ritual that each came from, or else after one of its team."""
    teams = {one.team_id for one in items if one.team_id is not None}
    if not teams:
        return {}
    rituals = session.scalars(
        select(Ritual)
        .join(Person, Ritual.owner_id == Person.id)
        .where(Ritual.team_id.in_(teams), Ritual.state != RitualState.DELETED, ASKABLE)
        .order_by(Ritual.id)
    ).all()
    found: dict[int, int] = {}
    for item in items:
        theirs = [one for one in rituals if one.team_id == item.team_id]
        own = [one for one in theirs if one.id == item.ritual_id]
        if theirs:
            found[item.id] = (own or theirs)[0].owner_id
    return found
