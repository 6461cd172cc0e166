"""A retro goes through its stages once and in time, and shows what people wrote and chose."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta

from sqlalchemy import func, select

from bot.rituals.retro.model import Stage
from bot.rituals.retro.tables import Ballot, Note, Reply, SealedNote, Topic
from bot.rituals.retro.tables import Retro as Row
from tests.simulation.evidence import Evidence
from tests.simulation.invariants.stages import OVER, SHOWN, begun

_TOP = 3
_ABOUT = timedelta(minutes=2)  # what was done so shortly before something may have come after it


def notes_kept(evidence: Evidence) -> Iterator[str]:
    """Each note that was acknowledged is there with its last text, and shown once; no other is."""
    session, row = evidence.session, _row(evidence)
    if row is None:
        return
    sealed = select(SealedNote.text).where(SealedNote.text != "")  # one that was taken back
    unseen = [*session.scalars(select(Note.text)), *session.scalars(sealed)]
    shown = list(session.scalars(select(Topic.text)))
    late = begun(evidence, SHOWN) - _ABOUT
    if row.stage in (Stage.DISCUSS, Stage.CLOSED) and unseen:
        yield f"the notes {unseen} are kept unseen, and the retro is at {row.stage}"
    stored, known = Counter(unseen + shown), Counter[str]()
    for note in evidence.books.retro.notes:
        may = note.text.may_be(evidence.now)
        found = {text: stored[text] for text in may if text is not None and stored[text]}
        known.update(found)
        unread = _unread(row) or (row.anonymous and note.text.changes[0].since > late)
        if sum(found.values()) > 1 or (not found and None not in may and not unread):
            yield f"{note.who} wrote {may}, and of it there is {found} at {row.stage}"
    for text in stored.keys() - known.keys():
        yield f"nobody wrote {text!r}, or it was taken back"


def _row(evidence: Evidence) -> Row | None:
    return evidence.session.scalars(select(Row)).one_or_none()


def _unread(row: Row) -> bool:
    """Whether its notes were deleted unread, since so few took part."""
    return row.anonymous and row.stage is Stage.CLOSED and row.held


def tallied(evidence: Evidence) -> Iterator[str]:
    """Once the vote is over each topic has as many votes as people gave it; whose is forgotten."""
    row = _row(evidence)
    if row is None or row.stage not in (Stage.DISCUSS, Stage.CLOSED):
        return
    if evidence.session.scalar(select(func.count()).select_from(Ballot)):
        yield "ballots are kept after the vote"
    retro = evidence.books.retro
    for topic in evidence.session.scalars(select(Topic).where(Topic.votes.is_not(None))):
        may = [[topic.text in one for one in retro.may_choose(who)] for who in list(retro.choices)]
        least, most = sum(map(all, may)), sum(map(any, may))
        if not least <= (topic.votes or 0) <= most:
            yield f"{topic.text!r} has {topic.votes} votes, and was given {least} to {most}"


def merged_as_chosen(evidence: Evidence) -> Iterator[str]:
    """What was merged is one topic, unless some were taken apart; nothing else is."""
    rows = {one.id: one for one in evidence.session.scalars(select(Topic))}
    heads = {one.text: rows[one.into_id or one.id].text for one in rows.values()}
    merged, parted = evidence.books.retro.merged, evidence.books.retro.parted
    for row in rows.values():
        if row.into_id is not None and rows[row.into_id].into_id is not None:
            yield f"{row.text!r} is part of what is part of something"
    for one in merged:
        theirs = {heads.get(text) for text in one.texts}
        kept = one.sure is not None and not any(at >= one.since for at in parted)
        if kept and len(theirs) != 1:
            yield f"{set(one.texts)} were merged, and belong to {theirs}"
    for text, head in heads.items():
        if text != head and not any(text in one.texts for one in merged):
            yield f"nobody merged {text!r} into {head!r}"


def topics_once(evidence: Evidence) -> Iterator[str]:
    """Those with most votes have a message each, once."""
    retro = evidence.books.setting.retro
    if retro is None:
        return
    new = [one.text for one in evidence.sights if one.new and one.channel == retro.channel]
    told = Counter(one.split(": ", 1)[1] for one in new if one.startswith("Topic "))
    for text, times in told.items():
        if times > 1:
            yield f"the topic {text!r} has {times} messages"
    row = _row(evidence)
    if row is None or row.discuss_run_id is None or evidence.books.writable[retro.channel].changes:
        return
    topics = evidence.session.scalars(select(Topic).where(Topic.votes.is_not(None))).all()
    expected = _top(topics)
    if evidence.weather.deadline(row.stage_since) < evidence.now and set(told) - expected:
        yield f"{set(told) - expected} are discussed, and {expected} have most votes"
    if evidence.weather.deadline(row.stage_since) < evidence.now and len(told) != min(
        _TOP, len(expected)
    ):
        yield f"{dict(told)} are discussed, and {expected} have most votes"


def _top(topics: Sequence[Topic]) -> set[str]:
    """The topics that may be discussed: those with any vote, or all, as far as three go."""
    order = sorted(topics, key=lambda one: -(one.votes or 0))
    chosen = [one for one in order if one.votes] or order
    last = chosen[min(_TOP, len(chosen)) - 1].votes if chosen else 0
    return {one.text for one in chosen if one.votes == last or chosen.index(one) < _TOP}


def replies_kept(evidence: Evidence) -> Iterator[str]:
    """What was said in a topic's thread is kept with its last text, once Slack has told of it."""
    rows = {one.ts: one for one in evidence.session.scalars(select(Reply))}
    for ts, history in evidence.books.retro.replies.items():
        row, last = rows.get(ts), history.last
        if not history.settled or history.changes[0].since > begun(evidence, OVER) - _ABOUT:
            continue
        text = None if row is None or row.deleted else row.text
        if text != last:
            yield f"the reply {ts} says {last!r}, and in SQL {text!r}"
