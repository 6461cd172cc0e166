"""Loads from SQL what a retro's views draw."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.actions import late, loading
from bot.actions.model import ItemShown
from bot.asking.planning import OWING
from bot.asking.upkeep import lifecycle
from bot.core.states import ItemState, PromptState
from bot.db.tables import ActionItem, Person, Prompt
from bot.rituals.retro import notes
from bot.rituals.retro.finding import Place, ends, leader, place_of, stage_run_id
from bot.rituals.retro.model import Stage
from bot.rituals.retro.tables import Reply, Retro, Topic
from bot.rituals.retro.views.shown import LastTime, OneTopic, RetroShown, TopicShown

_BACK = 5  # retros over which is counted how much gets done
_OPEN_TOPICS = frozenset({Stage.SORT, Stage.VOTE, Stage.DISCUSS, Stage.CLOSED})


def retro_shown(session: Session, subject: str, at: datetime) -> RetroShown | None:
    """A retro by its id, as its channel sees it; None once it is gone."""
    retro = session.get(Retro, int(subject))
    if retro is None:
        return None
    place = place_of(session, retro)
    asked, done, waiting = _people(session, retro)
    counted = _counted(session, place, done)
    unsigned = retro.anonymous and retro.stage is Stage.COLLECT
    return RetroShown(
        retro_id=retro.id,
        title=place.ritual.title,
        date=place.run.local_date,
        stage=retro.stage,
        columns=place.config.columns,
        ends=ends(session, retro),
        anonymous=retro.anonymous,
        held=retro.held,
        few=retro.few,
        late_dropped=retro.late_dropped,
        deleted=lifecycle.ended_with(session, place.ritual, retro.stage_since),
        notes=counted[0],
        done=counted[1],
        asked=asked,
        votes=place.config.votes,
        took_part=retro.took_part,
        leader=leader(session, place).name,
        waiting=() if unsigned else waiting,
        topics=_topics(session, retro) if retro.stage in _OPEN_TOPICS else (),
        items=_items(session, at, [retro]),
        last=_last_time(session, at, retro),
        late_items=late.said(session, at, place.run),
    )


def _people(session: Session, retro: Retro) -> tuple[int, int, tuple[str, ...]]:
    """How many are asked in its stage, how many are done, and the names of those who aren't."""
    run_id = stage_run_id(retro)
    if run_id is None:
        return 0, 0, ()
    rows = session.execute(
        select(Prompt.state, Person.name)
        .join(Person, Prompt.person_id == Person.id)
        .where(
            Prompt.run_id == run_id,
            Prompt.state.in_([*OWING, PromptState.ANSWERED, PromptState.MISSED]),
        )
        .order_by(Person.name)
    ).all()
    done = sum(state is PromptState.ANSWERED for state, _name in rows)
    return len(rows), done, tuple(name for state, name in rows if state in OWING)


def _counted(session: Session, place: Place, done: int) -> tuple[int | None, int | None]:
    """What is told of how many notes there are, and of how many are done.

    Of an anonymous retro it is what was counted last, and nothing below three.
    """
    retro = place.retro
    if retro.stage is not Stage.COLLECT:
        return None, done
    if not retro.anonymous:
        return notes.count(session, place), done
    return (retro.notes_shown, retro.done_shown) if retro.done_shown else (None, None)


def _topics(session: Session, retro: Retro) -> tuple[TopicShown, ...]:
    rows = session.execute(
        select(Topic, Person.name)
        .outerjoin(Person, Topic.person_id == Person.id)
        .where(Topic.retro_id == retro.id)
        .order_by(Topic.position)
    ).all()
    parts: dict[int, list[tuple[str, str]]] = {}
    for topic, name in rows:
        if topic.into_id is not None:
            parts.setdefault(topic.into_id, []).append((topic.text, name or ""))
    said = _said(session, [topic.id for topic, _name in rows if topic.rank is not None])
    return tuple(
        TopicShown(
            id=topic.id,
            column=topic.column,
            text=topic.text,
            author=name or "",
            parts=tuple(parts.get(topic.id, ())),
            late=topic.late,
            votes=topic.votes,
            rank=topic.rank,
            said=tuple(said.get(topic.id, ())),
        )
        for topic, name in rows
        if topic.into_id is None
    )


def _said(session: Session, topic_ids: Sequence[int]) -> Mapping[int, list[tuple[str, str]]]:
    rows = session.execute(
        select(Reply, Person.name)
        .outerjoin(Person, Reply.person_id == Person.id)
        .where(Reply.topic_id.in_(topic_ids), Reply.deleted.is_(False), Reply.text != "")
        .order_by(Reply.ts)
    )
    found: dict[int, list[tuple[str, str]]] = {}
    for reply, name in rows:
        found.setdefault(reply.topic_id, []).append((name or "", reply.text))
    return found


def _items(session: Session, at: datetime, retros: Sequence[Retro]) -> tuple[ItemShown, ...]:
    """What was decided in these."""
    rows = session.scalars(
        select(ActionItem)
        .where(ActionItem.run_id.in_([one.run_id for one in retros]))
        .order_by(ActionItem.id)
    ).all()
    return tuple(loading.shown(session, at, rows))


def _last_time(session: Session, at: datetime, retro: Retro) -> LastTime | None:
    """What the one before decided, and what came of the last five; None for the first of all."""
    before = session.scalars(
        select(Retro)
        .where(
            Retro.ritual_id == retro.ritual_id,
            Retro.id < retro.id,
            Retro.stage == Stage.CLOSED,
        )
        .order_by(Retro.id.desc())
        .limit(_BACK)
    ).all()
    if not before:
        return None
    counts = dict(
        session.execute(
            select(ActionItem.state, func.count())
            .where(ActionItem.run_id.in_([one.run_id for one in before]))
            .group_by(ActionItem.state)
        ).all()
    )
    decided = sum(number for state, number in counts.items() if state is not ItemState.DROPPED)
    return LastTime(
        items=_items(session, at, before[:1]),
        done=counts.get(ItemState.DONE, 0),
        decided=decided,
        retros=len(before),
    )


def topic_shown(session: Session, subject: str, _at: datetime) -> OneTopic | None:
    """A topic that is discussed, by its id; None where it isn't (any more)."""
    topic = session.get(Topic, int(subject))
    if topic is None or topic.rank is None:
        return None
    retro = session.get_one(Retro, topic.retro_id)
    place = place_of(session, retro)
    all_of_it = _topics(session, retro)
    mine = next(one for one in all_of_it if one.id == topic.id)
    return OneTopic(
        retro_id=retro.id,
        topic=mine,
        column=place.config.columns[mine.column],
        of=sum(one.rank is not None for one in all_of_it),
        open=retro.stage is Stage.DISCUSS,
    )
