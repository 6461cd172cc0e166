"""Use cases of notes: write one, change it, take it back. Nobody else sees them until all do.

They write to the notes' own table and to nothing else where a retro is anonymous: neither a receipt
of what came in, nor a mark that something is stale. So they are run by `Intake.take_untraced`, and
a form that is sent twice is known by its token and its turn. Of an open retro they keep a receipt.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot.asking import agenda
from bot.asking.items import Window
from bot.core.text import clamp, clean
from bot.db.inbox import first_time
from bot.db.tables import Person
from bot.db.upsert import insert
from bot.rituals.retro import sealed
from bot.rituals.retro.finding import Place, by_id, is_on, person_of
from bot.rituals.retro.model import NOTE, NoRetro, NotOnIt, Past, Stage
from bot.rituals.retro.running import mark
from bot.rituals.retro.sealed import Written
from bot.rituals.retro.tables import Note, Topic

_COLLECTS = frozenset({Stage.COLLECT})
_LATE = frozenset({Stage.SORT, Stage.VOTE})


@dataclass(frozen=True)
class Mine:
    """A note that its writer may still change."""

    token: str
    column: int
    text: str
    turn: int = 0


@dataclass(frozen=True)
class Kept:
    """It is as they wish."""


@dataclass(frozen=True)
class Pad:
    """What the form of notes shows: the columns, and what its person wrote in it."""

    retro_id: int
    title: str
    channel: str
    columns: tuple[str, ...]
    anonymous: bool
    window: Window
    mine: tuple[Mine, ...] = ()
    late: bool = False  # what is written now comes up in the discussion


def pad(
    session: Session,
    at: datetime,
    workspace_id: int,
    slack_id: str,
    retro_id: int,
    tokens: Sequence[str] = (),
) -> Pad | Past | NotOnIt | NoRetro:
    """The form of notes; of an anonymous retro it shows those whose tokens it carries."""
    place = _place(session, workspace_id, slack_id, retro_id, _COLLECTS | _LATE)
    if not isinstance(place, Place):
        return place
    person = person_of(session, workspace_id, slack_id)
    if person is None:
        return NotOnIt()
    return Pad(
        retro_id=retro_id,
        title=place.ritual.title,
        channel=place.run.channel,
        columns=place.config.columns,
        anonymous=place.retro.anonymous,
        window=agenda.window(session, at, place.run, person),
        mine=tuple(_mine(session, place, person, tokens)),
        late=place.retro.stage is not Stage.COLLECT,
    )


def _mine(session: Session, place: Place, person: Person, tokens: Sequence[str]) -> Sequence[Mine]:
    if place.retro.anonymous:
        notes = sealed.all_of(session, place.retro.id)
        keys = [(one, sealed.key_of(one)) for one in tokens]
        there = [(token, notes[key]) for token, key in keys if key in notes]
        return [Mine(token, one.column, one.text, one.turn) for token, one in there]
    rows = session.scalars(
        select(Note)
        .where(Note.retro_id == place.retro.id, Note.person_id == person.id)
        .order_by(Note.id)
    )
    return [Mine(one.key, one.column, one.text) for one in rows]


def put(
    session: Session,
    at: datetime,
    workspace_id: int,
    slack_id: str,
    retro_id: int,
    token: str,
    column: int,
    text: str,
    *,
    turn: int = 0,
    late: bool = False,
    receipt: tuple[str, str] | None = None,
) -> Kept | Past | NotOnIt | NoRetro:
    """Write a note, or change the one of this token.

    An earlier `turn` of an anonymous one changes nothing, nor does a `receipt` (source and id) that
    is known of an open one. With `late`, after the notes were shown: it comes up when the
    discussion begins, unless it stands among them already. That was the note of somebody whose ack
    was lost, or says the same.
    """
    stages = _COLLECTS | _LATE if late else _COLLECTS
    place = _place(session, workspace_id, slack_id, retro_id, stages)
    if not isinstance(place, Place):
        return place
    column = min(max(column, 0), len(place.config.columns) - 1)
    written = Written(column, clamp(clean(text).strip(), NOTE), turn)
    if late and _is_shown(session, place, written):
        return Kept()
    if place.retro.anonymous:
        sealed.put(session, retro_id, token, written)
        return Kept()
    if receipt is not None and not first_time(session, *receipt):
        return Kept()
    person = person_of(session, workspace_id, slack_id)
    statement = insert(session, Note).values(
        retro_id=retro_id,
        person_id=person.id if person else None,
        key=token,
        column=written.column,
        text=written.text,
    )
    same = (Note.retro_id == retro_id) & (Note.person_id == (person.id if person else None))
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["key"],
            set_={"column": written.column, "text": written.text},
            where=same,
        )
    )
    mark(session, at, place)
    return Kept()


def _is_shown(session: Session, place: Place, written: Written) -> bool:
    same = (Topic.column == written.column) & (Topic.text == written.text)
    found = select(Topic.id).where(Topic.retro_id == place.retro.id, same, ~Topic.late)
    return session.scalars(found.limit(1)).first() is not None


def drop(
    session: Session, at: datetime, workspace_id: int, slack_id: str, retro_id: int, token: str
) -> Kept | Past | NotOnIt | NoRetro:
    """Take a note back. One that has been shown meanwhile stays."""
    place = _place(session, workspace_id, slack_id, retro_id, _COLLECTS | _LATE)
    if not isinstance(place, Place):
        return place
    if place.retro.anonymous:
        there = sealed.drop(session, retro_id, token)
    else:
        there = _delete(session, place, person_of(session, workspace_id, slack_id), token)
        mark(session, at, place)
    if not there and place.retro.stage in _LATE:
        return Past(place.retro.stage, retro_id, place.retro.anonymous)
    return Kept()


def _delete(session: Session, place: Place, person: Person | None, token: str) -> bool:
    """Delete somebody's note of this token; whether it was there."""
    deleted = session.scalars(
        delete(Note)
        .where(
            Note.retro_id == place.retro.id,
            Note.key == token,
            Note.person_id == (person.id if person else None),
        )
        .returning(Note.id)
    )
    return deleted.first() is not None


def count(session: Session, place: Place) -> int:
    """How many notes there are, none of which has been shown."""
    if place.retro.anonymous:
        return sealed.count(session, place.retro.id)
    counting = select(func.count(Note.id)).where(Note.retro_id == place.retro.id)
    return session.scalar(counting) or 0


def _place(
    session: Session, workspace_id: int, slack_id: str, retro_id: int, stages: Collection[Stage]
) -> Place | Past | NotOnIt | NoRetro:
    place = by_id(session, workspace_id, retro_id)
    if place is None:
        return NoRetro()
    if not is_on(session, place.retro, person_of(session, workspace_id, slack_id)):
        return NotOnIt()
    if place.retro.stage not in stages:
        return Past(place.retro.stage, retro_id, place.retro.anonymous)
    return place
