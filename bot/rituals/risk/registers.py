"""What a team settles for its register: intervals, categories of its own, its public id."""

import secrets
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.tables import Team
from bot.db.upsert import insert_missing
from bot.rituals.risk.categories import ABOUT, OWN, own_key
from bot.rituals.risk.tables import OwnCategory, Register

_PUBLIC_BYTES = 12


def register_of(session: Session, team_id: int) -> Register:
    """A team's settings, made with the usual ones where there are none yet."""
    session.flush()
    row = {"team_id": team_id, "public_id": secrets.token_urlsafe(_PUBLIC_BYTES)}
    insert_missing(session, Register, [row])
    return session.get_one(Register, team_id)


def intervals(session: Session, team_ids: Collection[int]) -> Mapping[int, Mapping[str, Any]]:
    """The days between reviews of the teams that have changed them."""
    rows = session.execute(
        select(Register.team_id, Register.intervals).where(
            Register.team_id.in_(team_ids), Register.intervals.is_not(None)
        )
    )
    return {team_id: own or {} for team_id, own in rows}


def categories(session: Session, team_id: int | None, keep: str = "") -> dict[str, str]:
    """What a team's forms offer, by key: the six, then its own; `keep` is one in use already."""
    found = {one.value: about.name for one, about in ABOUT.items()}
    if team_id is not None:
        own = session.scalars(
            select(OwnCategory).where(OwnCategory.team_id == team_id).order_by(OwnCategory.name)
        )
        found |= {
            own_key(one.id): one.name for one in own if not one.dropped or own_key(one.id) == keep
        }
    return found


def category_names(session: Session, keys: Collection[str]) -> Mapping[str, str]:
    """What these categories are called, by key."""
    found = {one.value: about.name for one, about in ABOUT.items()}
    own = [int(key.removeprefix(OWN)) for key in keys if key.startswith(OWN)]
    if own:
        rows = session.execute(
            select(OwnCategory.id, OwnCategory.name).where(OwnCategory.id.in_(own))
        )
        found |= {own_key(one): name for one, name in rows}
    return found


def team_in(session: Session, workspace_id: int, channel: str) -> Team | None:
    """The team of a channel, where there is one."""
    return session.scalar(
        select(Team).where(Team.workspace_id == workspace_id, Team.channel == channel)
    )
