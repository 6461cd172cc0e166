"""An action of a topic: what its form begins with."""

import secrets
from datetime import datetime

from sqlalchemy.orm import Session

from bot.actions.model import WHAT, Proposed
from bot.actions.model import Place as Origin
from bot.core.text import clamp, escape, one_line
from bot.db.tables import Team
from bot.rituals.retro.finding import by_id
from bot.rituals.retro.model import NoRetro
from bot.rituals.retro.tables import Topic

_ABOUT = 200


def proposed(
    session: Session, _at: datetime, workspace_id: int, topic_id: int
) -> Proposed | NoRetro:
    """What is raised from a topic belongs to its retro."""
    topic = session.get(Topic, topic_id)
    place = by_id(session, workspace_id, topic.retro_id) if topic is not None else None
    if topic is None or place is None:
        return NoRetro()
    text = one_line(topic.text)
    return Proposed(
        key=secrets.token_hex(8),
        place=Origin(
            channel=place.run.channel,
            channel_name=session.get_one(Team, place.ritual.team_id).name,
            ritual_id=place.ritual.id,
            run_id=place.run.id,
        ),
        what=clamp(text, WHAT),
        about=f"From the retro: {escape(clamp(text, _ABOUT))}",
    )
