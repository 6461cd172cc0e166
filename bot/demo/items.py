"""The demo team's action items, and the Jira project that their tickets go to."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import acting, origins, projects
from bot.actions.acting import Act
from bot.actions.items import raise_item
from bot.actions.model import Gone, Place, Typed
from bot.actions.projects import Chosen
from bot.db.tables import ActionItem, Blocker
from bot.demo.script import AGREED, LENA, Agreed, Became, Deed
from bot.jira.gateway import Gateway

_PROJECT, _TYPE = "Churn model", "Task"
_ACTS: Mapping[Deed, Act] = {Deed.START: acting.start, Deed.FINISH: acting.finish}


async def project(jira: Gateway) -> Chosen | None:
    """What the team's modal offers to whoever types the project's name."""
    for found in await jira.projects(_PROJECT):
        for one in await jira.issue_types(found.id):
            if one.name == _TYPE:
                return Chosen(found.id, found.key, found.name, one.id, one.name, {})
    return None


def choose(
    session: Session, at: datetime, workspace_id: int, channel: tuple[str, str], chosen: Chosen
) -> None:
    """Let the team's tickets go there, and what is open have one; `channel` is its id and name."""
    who = workspace_id, LENA
    projects.keep(session, at, *who, *channel, chosen, member=True)
    projects.order(session, at, *who, channel[0], member=True)


def agree(
    session: Session, at: datetime, workspace_id: int, place: Place, today: date, agreed: Agreed
) -> None:
    """Raise an item: of what blocks somebody, where it says so. `today` is the demo's present."""
    if agreed.blocker:
        place = _beside(session, at, workspace_id, place, agreed.blocker)
    due = today + timedelta(days=agreed.due)
    typed = Typed(agreed.what, agreed.owner, due)
    raise_item(session, at, workspace_id, agreed.raiser, _key(agreed), place, typed)


def agree_in_retro(
    session: Session, at: datetime, workspace_id: int, place: Place, today: date
) -> None:
    """Raise all that the retro before decided."""
    for one in AGREED:
        if one.day is None:
            agree(session, at, workspace_id, place, today, one)


def become(session: Session, at: datetime, workspace_id: int, became: Became) -> None:
    """Its owner starts or finishes an item."""
    agreed = AGREED[became.which]
    item_id = session.scalars(select(ActionItem.id).where(ActionItem.origin == _key(agreed))).one()
    _ACTS[became.deed](session, at, workspace_id, agreed.owner, item_id, "")


def _key(agreed: Agreed) -> str:
    return f"demo-{AGREED.index(agreed)}"


def _beside(session: Session, at: datetime, workspace_id: int, place: Place, text: str) -> Place:
    """Where the button beside a blocker would raise it."""
    blocker_id = session.scalars(select(Blocker.id).where(Blocker.text == text)).one()
    proposed = origins.of_blocker(session, at, workspace_id, blocker_id, None)
    if isinstance(proposed, Gone):
        return place
    return replace(proposed.place, channel_name=place.channel_name)
