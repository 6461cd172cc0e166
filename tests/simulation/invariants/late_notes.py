"""Notes that came late: kept, hidden until the discussion, shown apart, and voted on by nobody."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from bot.rituals.retro.tables import Topic
from tests.simulation.evidence import Evidence
from tests.simulation.invariants.retro_sights import (
    DISCUSS,
    Told,
    live_at,
    of_rows,
    told,
)
from tests.simulation.model.retros import Written

_FEWEST = 3
_ABOUT = timedelta(minutes=2)
_APART, _DROPPED = "*Came later*", "notes that came late were dropped"


def may_be_dropped(evidence: Evidence, note: Written) -> bool:
    """Whether a note may have come late to an anonymous retro, with so few that none is shown."""
    retro = evidence.books.setting.retro
    if retro is None or not retro.anonymous or note.late is False:
        return False
    one = _retro_of(evidence, note)
    return one is None or len(_of(evidence, one, surely=True)) < _FEWEST


def late_apart(evidence: Evidence) -> Iterator[str]:
    """In SQL it is marked as late, and has neither votes nor a thread; no other note is."""
    topics = {one.text: one for one in evidence.session.scalars(select(Topic))}
    for note in evidence.books.retro.notes:
        for text in note.text.may_be(evidence.now):
            topic = topics.get(text or "")
            if topic is None or note.late is None:
                continue
            if topic.late is not note.late:
                yield f"{text!r} is late: {note.late}; in SQL: {topic.late}"
            if topic.late and (topic.votes is not None or topic.rank is not None):
                yield f"{text!r} came late, and has {topic.votes} votes and the rank {topic.rank}"


def late_shown(evidence: Evidence) -> Iterator[str]:
    """The channel reads it from the discussion on, apart; or, where so few came, that they did."""
    late = {
        text
        for note in evidence.books.retro.notes
        for text in note.text.may_be(evidence.now)
        if note.late and text is not None
    }
    for row_id, one in of_rows(evidence).items():
        for sight, stage in one.sights:
            early = [text for text in late if stage < DISCUSS and f'"{text}"' in sight.said]
            if early:
                yield f"{early} came late, and stand in the channel at {sight.at}"
        if one.begun(DISCUSS) <= evidence.now:
            yield from _in_summary(evidence, one, row_id)


def _in_summary(evidence: Evidence, one: Told, row_id: int) -> Iterator[str]:
    topics = select(Topic.text).where(Topic.retro_id == row_id, Topic.late)
    shown, said = list(evidence.session.scalars(topics)), one.last.said
    before, _heading, apart = said.partition(_APART)
    for text in shown:
        if f'"{text}"' in before or apart.count(f'"{text}"') != 1:
            yield f"{text!r} came late, and does not stand apart once in {one.last.text!r}"
    surely, maybe = (_of(evidence, one, surely=sure) for sure in (True, False))
    anonymous = _anonymous(evidence)
    if anonymous and shown and len(maybe) < _FEWEST:
        yield f"{shown} came late, so few that they would tell who wrote them, and are shown"
    if anonymous and surely and len(maybe) < _FEWEST and _DROPPED not in said:
        yield f"{len(surely)} notes came late and were dropped, and {one.last.text!r} is silent"
    if _DROPPED in said and (not anonymous or not maybe or len(surely) >= _FEWEST):
        yield f"{one.last.text!r} says that late notes were dropped, and {len(maybe)} came"


def late_in_time(evidence: Evidence) -> Iterator[str]:
    """None is taken once the discussion has begun; until then whoever is late is offered that."""
    retros, books = told(evidence), evidence.books.retro
    for note in books.notes:
        one, first = _retro_of(evidence, note), note.text.changes[0]
        if one is None or first.sure is None or _unseen(evidence, first.since):
            continue
        if first.since > one.begun(DISCUSS):
            yield f"{note.who} wrote {first.value!r} at {first.since}, when it was too late"
    for back in books.handed_back if len(retros) == 1 else ():
        if not back.offered and retros[0].is_at(range(DISCUSS), back.at + _ABOUT):
            yield f"a note was handed back at {back.at} without an offer to bring it up"


def _unseen(evidence: Evidence, at: datetime) -> bool:
    """Whether one may be under way by then whose message has not come to the channel yet."""
    return any(
        begun.may_be and begun.since <= at <= evidence.weather.deadline(begun.since)
        for begun in evidence.books.retro.begun
    )


def _anonymous(evidence: Evidence) -> bool:
    retro = evidence.books.setting.retro
    return retro is not None and retro.anonymous


def _retro_of(evidence: Evidence, note: Written) -> Told | None:
    """The retro that a note was written for: notes are taken by the newest alone."""
    return live_at(evidence, note.text.changes[0].since)


def _of(evidence: Evidence, one: Told, *, surely: bool) -> Sequence[Written]:
    """The late notes of a retro that stand: surely, or maybe."""
    mine = [
        note
        for note in evidence.books.retro.notes
        if note.late is not False and _retro_of(evidence, note) == one
    ]
    if not surely:
        return [note for note in mine if any(note.text.may_be(evidence.now))]
    return [note for note in mine if note.late and None not in note.text.may_be(evidence.now)]
