"""Use cases of a team: the people around one channel, and what belongs to them all."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.tables import Team
from bot.db.upsert import insert_missing


def team_of(session: Session, workspace_id: int, channel: str, name: str) -> Team:
    """The team of a channel, made where there is none yet; `name` is the channel's."""
    row = {"workspace_id": workspace_id, "channel": channel, "name": name or channel}
    insert_missing(session, Team, [row])
    return session.scalars(
        select(Team).where(Team.workspace_id == workspace_id, Team.channel == channel)
    ).one()
