"""A retro goes through its stages once and in time, and shows what people wrote and chose."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from bot.db.tables import Mirror
from bot.rituals.retro.model import Stage
from bot.rituals.retro.tables import Ballot, Note, Reply, SealedNote, Topic
from bot.rituals.retro.tables import Retro as Row
from tests.simulation.evidence import Evidence
from tests.simulation.invariants import late_notes
from tests.simulation.invariants.retro_sights import OVER, of_rows

_TOP = 3
_ABOUT = timedelta(minutes=2)  # what was done so shortly before something may have come after it


def notes_kept(evidence: Evidence) -> Iterator[str]:
    """Each note that was acknowledged is there with its last text, and shown once; no other is."""
    rows = _rows(evidence)
    stored, known = Counter(evidence.session.scalars(select(Topic.text))), Counter[str]()
    for row in rows:
        unseen = _unseen(evidence, row)
        stored.update(unseen)
        if row.stage in (Stage.DISCUSS, Stage.CLOSED) and unseen:
            yield f"the notes {unseen} are kept unseen, and the retro is at {row.stage}"
    retro, books = evidence.books.setting.retro, evidence.books
    ended = retro is not None and retro.title in books.ended  # what nobody had seen went with it
    for note in books.retro.notes:
        may = note.text.may_be(evidence.now)
        found = {text: stored[text] for text in may if text is not None and stored[text]}
        known.update(found)
        unread = any(map(_unread, rows)) or late_notes.may_be_dropped(evidence, note) or ended
        if sum(found.values()) > 1 or (not found and None not in may and not unread):
            stages = [one.stage.value for one in rows]
            yield f"{note.who} wrote {may}, and of it there is {found} at {stages}"
    for text in stored.keys() - known.keys():
        yield f"nobody wrote {text!r}, or it was taken back"


def _unseen(evidence: Evidence, row: Row) -> Sequence[str]:
    """What was written for a retro, and is not shown."""
    signed = select(Note.text).where(Note.retro_id == row.id)
    sealed = select(SealedNote.text).where(SealedNote.retro_id == row.id, SealedNote.text != "")
    return [*evidence.session.scalars(signed), *evidence.session.scalars(sealed)]


def _rows(evidence: Evidence) -> Sequence[Row]:
    return evidence.session.scalars(select(Row).order_by(Row.id)).all()


def _unread(row: Row) -> bool:
    """Whether its notes were deleted unread, since so few took part."""
    return row.anonymous and row.stage is Stage.CLOSED and row.held


def tallied(evidence: Evidence) -> Iterator[str]:
    """Once the vote is over each topic has as many votes as people gave it; whose is forgotten."""
    retro = evidence.books.retro
    for row in _rows(evidence):
        if row.stage not in (Stage.DISCUSS, Stage.CLOSED):
            continue
        ballots = select(func.count()).select_from(Ballot).join(Topic, Ballot.topic_id == Topic.id)
        if evidence.session.scalar(ballots.where(Topic.retro_id == row.id)):
            yield "ballots are kept after the vote"
        topics = _voted_on(evidence, row)
        texts = {one.text for one in topics}
        for topic in topics:
            may = [
                [topic.text in one for one in retro.may_choose(who, texts)]
                for who in list(retro.choices)
            ]
            least, most = sum(map(all, may)), sum(map(any, may))
            if not least <= (topic.votes or 0) <= most:
                yield f"{topic.text!r} has {topic.votes} votes, and was given {least} to {most}"


def _voted_on(evidence: Evidence, row: Row) -> Sequence[Topic]:
    mine = select(Topic).where(Topic.retro_id == row.id, Topic.votes.is_not(None))
    return evidence.session.scalars(mine).all()


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
    if evidence.books.writable[retro.channel].changes:
        return
    for row in _rows(evidence):
        if row.discuss_run_id is None or evidence.weather.deadline(row.stage_since) >= evidence.now:
            continue
        topics = _voted_on(evidence, row)
        expected, texts = _top(topics), {one.text for one in topics}
        mine = set(told) & texts
        if mine - expected or len(mine) != min(_TOP, len(expected)):
            yield f"{mine} are discussed, and {expected} have most votes"
    strange = set(told) - set(evidence.session.scalars(select(Topic.text)))
    if strange:
        yield f"{strange} are discussed, which is no topic"


def _top(topics: Sequence[Topic]) -> set[str]:
    """The topics that may be discussed: those with any vote, or all, as far as three go."""
    order = sorted(topics, key=lambda one: -(one.votes or 0))
    chosen = [one for one in order if one.votes] or order
    last = chosen[min(_TOP, len(chosen)) - 1].votes if chosen else 0
    return {one.text for one in chosen if one.votes == last or chosen.index(one) < _TOP}


def replies_kept(evidence: Evidence) -> Iterator[str]:
    """What was said in a topic's thread is kept with its last text, once Slack has told of it."""
    rows = {one.ts: one for one in evidence.session.scalars(select(Reply))}
    retro = evidence.books.retro
    for ts, history in retro.replies.items():
        row, last = rows.get(ts), history.last
        over = _over(evidence, retro.threads[ts])
        if not history.settled or history.changes[0].since > over - _ABOUT:
            continue
        text = None if row is None or row.deleted else row.text
        if text != last:
            yield f"the reply {ts} says {last!r}, and in SQL {text!r}"


def _over(evidence: Evidence, thread: str) -> datetime:
    """When the retro of a topic's thread was seen to be over."""
    topic = select(Mirror.subject).where(Mirror.view == "retro.topic", Mirror.remote_id == thread)
    row = evidence.session.get_one(Topic, int(evidence.session.scalars(topic).one()))
    return of_rows(evidence)[row.retro_id].begun(OVER)
