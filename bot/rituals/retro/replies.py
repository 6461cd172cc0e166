"""What is said in the threads of topics: kept with the topic, and followed when it changes.

No other thread, and nothing else in a channel, is looked at.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from bot.asking.newcomers import rows_of
from bot.core.markup import mentioned, plain
from bot.core.states import MirrorKind
from bot.db.tables import Mirror, Person
from bot.db.upsert import insert_missing
from bot.rituals.retro.finding import place_of
from bot.rituals.retro.model import Stage
from bot.rituals.retro.running import TOPIC_VIEW, mark
from bot.rituals.retro.tables import Reply, Retro, Topic

LONGEST = 4000  # characters that are kept of one


@dataclass(frozen=True)
class Heard:
    """Something that happened in a thread, as Slack tells it; `text` None: it was deleted."""

    channel: str
    thread_ts: str
    ts: str
    slack_id: str
    text: str | None
    edited: bool = False


def topic_of(session: Session, _at: datetime, heard: Heard) -> int | None:
    """The topic in whose thread it happened, where it is to be followed; else None.

    All of a thread is followed while its topic is discussed; afterwards what was kept then.
    """
    subject = session.scalar(
        select(Mirror.subject).where(
            Mirror.kind == MirrorKind.MESSAGE,
            Mirror.view == TOPIC_VIEW,
            Mirror.channel == heard.channel,
            Mirror.remote_id == heard.thread_ts,
        )
    )
    if subject is None:
        return None
    kept = exists().where(Reply.topic_id == Topic.id, Reply.ts == heard.ts)
    followed = (Retro.stage == Stage.DISCUSS) | ((Retro.stage == Stage.CLOSED) & kept)
    return session.scalar(select(Topic.id).join(Retro).where(Topic.id == int(subject), followed))


def hear(session: Session, at: datetime, workspace_id: int, heard: Heard) -> None:
    """Keep what was said, as it is now. Events may come twice, and in any order."""
    topic_id = topic_of(session, at, heard)
    if topic_id is None:
        return
    person = rows_of(session, workspace_id, [heard.slack_id])[heard.slack_id]
    row = {"topic_id": topic_id, "ts": heard.ts, "person_id": person.id, "text": ""}
    insert_missing(session, Reply, [row | {"edited": False, "deleted": False}])
    reply = session.scalars(_reply(topic_id, heard.ts)).one()
    stale = heard.text is not None and reply.edited and not heard.edited
    if reply.deleted or stale:
        return  # what comes late changes nothing any more
    if heard.text is None:
        reply.text, reply.deleted = "", True
    else:
        names = _names(session, workspace_id, heard.text)
        reply.text = plain(heard.text, names).strip()[:LONGEST]
        reply.edited = reply.edited or heard.edited
    session.flush()
    retro = session.scalars(select(Retro).join(Topic).where(Topic.id == topic_id)).one()
    mark(session, at, place_of(session, retro))


def _reply(topic_id: int, ts: str) -> Select[Reply]:
    return select(Reply).where(Reply.topic_id == topic_id, Reply.ts == ts)


def _names(session: Session, workspace_id: int, text: str) -> Mapping[str, str]:
    rows = session.execute(
        select(Person.slack_id, Person.name).where(
            Person.workspace_id == workspace_id, Person.slack_id.in_(mentioned(text))
        )
    )
    return dict(rows.all())
