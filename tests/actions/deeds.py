"""What people do to action items in a test's world, and what is there then."""

from datetime import date
from typing import Any

from sqlalchemy import select

from bot.actions import acting, items
from bot.actions.model import ItemShown, Noted, Place, Typed
from bot.db.tables import ActionItem, Mirror
from tests.asking.world import CHANNEL, World

RETRAIN = "Retrain the baseline"


def raise_item(
    world: World,
    by: str,
    what: str = RETRAIN,
    *,
    owner: str = "",
    due: date | None = None,
    key: str = "",
    place: Place | None = None,
    **more: Any,
) -> Any:
    """Somebody submits the form; what comes of it. They do it themselves unless told otherwise."""
    came = items.raise_item(
        world.session,
        world.at,
        world.workspace_id,
        by,
        key or f"{what!r} {by} {world.at}",
        place or Place(channel=CHANNEL, channel_name="team"),
        Typed(what, owner or by, due, **more),
    )
    world.send()
    return came


def raised(world: World, by: str, what: str = RETRAIN, **more: Any) -> ItemShown:
    """The same where it is stored."""
    came = raise_item(world, by, what, **more)
    assert isinstance(came, Noted), came
    return came.item


def act(world: World, what: str, who: str, item_id: int, *said: Any, here: str = "") -> Any:
    """Somebody does something to an item: start, finish, reopen, drop, reassign, move."""
    use_case = getattr(acting, what)
    came = use_case(world.session, world.at, world.workspace_id, who, item_id, *said, here=here)
    world.send()
    return came


def row(world: World, item_id: int) -> ActionItem:
    """An item as SQL has it now."""
    return world.session.scalars(
        select(ActionItem).where(ActionItem.id == item_id).execution_options(populate_existing=True)
    ).one()


def count(world: World) -> int:
    return len(world.session.scalars(select(ActionItem.id)).all())


def stale(world: World) -> set[str]:
    """The views that show something else than what is true, where the world sends nothing."""
    query = select(Mirror.view).where(Mirror.shown < Mirror.wanted)
    return set(world.session.scalars(query))
