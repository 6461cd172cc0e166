"""The stages of a retro: what begins each, and what ends it, by the timetable or by hand."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import assert_never

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from bot.actions import late
from bot.asking import by_hand, planning, rounds
from bot.asking.working import next_working
from bot.core.states import RitualState, RunState
from bot.db.session import note_clean
from bot.db.tables import Person, Ritual, Run, Team
from bot.engine import timers
from bot.engine.mirrors import Urgency
from bot.engine.timers import Fired
from bot.rituals.retro import calling, counting, sealed, tally
from bot.rituals.retro.finding import Place, by_run, leader, place_of
from bot.rituals.retro.model import FEWEST, KIND, Config, Stage
from bot.rituals.retro.running import follow, mark, timer
from bot.rituals.retro.tables import Note, Retro, Topic

SORT = "sort"
_HELD = timedelta(days=1)


# --- begun


def ask(session: Session, at: datetime, due: Sequence[Fired]) -> None:
    """Step: ask people; with the first of a planned retro it begins."""
    rounds.ask(session, at, due)
    run_ids = {one.run_id for one in due}
    opened = select(Run).where(Run.id.in_(run_ids), Run.state == RunState.OPEN, Run.ordinal == 0)
    for run in session.scalars(opened.order_by(Run.id)).all():
        if by_run(session, run.id) is None:
            begin(session, at, session.get_one(Ritual, run.ritual_id), run)


def begin(
    session: Session, at: datetime, ritual: Ritual, run: Run, origin: str | None = None
) -> Place:
    """A retro begins with the round that asks for its notes; an earlier one still open ends."""
    earlier = select(Retro).where(Retro.ritual_id == ritual.id, Retro.stage != Stage.CLOSED)
    for one in session.scalars(earlier.order_by(Retro.id)).all():
        close(session, at, place_of(session, one))
    config = Config.model_validate(run.config)
    retro = Retro(
        ritual_id=ritual.id,
        run_id=run.id,
        stage=Stage.COLLECT,
        stage_since=at,
        anonymous=config.anonymous and sealed.offered(session),
        notes_shown=0,
        done_shown=0,
        took_part=0,
        facilitator_id=_facilitator(session, ritual, config),
        origin=origin,
    )
    session.add(retro)
    session.flush()
    place = Place(retro, run, ritual)
    if retro.anonymous:
        counting.begin(session, at, place)
    late.say(session, ritual, run)
    mark(session, at, place)
    return place


def _facilitator(session: Session, ritual: Ritual, config: Config) -> int | None:
    return session.scalar(
        select(Person.id)
        .join(Team, Person.workspace_id == Team.workspace_id)
        .where(Team.id == ritual.team_id, Person.slack_id == config.facilitator)
    )


# --- by the timetable


def close_rounds(session: Session, at: datetime, due: Sequence[Fired]) -> None:
    """Step: rounds of asking whose last window has ended end their stage."""
    for one in due:
        run = session.get(Run, one.run_id)
        if run is None or run.state is RunState.CLOSED or run.closes_at > at:
            continue
        retro = by_run(session, run.id)
        if retro is None:  # nobody was asked in it
            rounds.close_runs(session, at, [run.id])
        else:
            _time_is_up(session, at, retro)


def sorted_out(session: Session, at: datetime, due: Sequence[Fired]) -> None:
    """Step: the time for merging is over; the vote begins."""
    for one in due:
        retro = by_run(session, one.run_id or 0)
        if retro is None or retro.stage is not Stage.SORT or retro.sort_until is None:
            continue
        if retro.sort_until <= at:
            _time_is_up(session, at, retro)


def _time_is_up(session: Session, at: datetime, retro: Retro) -> None:
    retro.moved_by = None
    end_stage(session, at, place_of(session, retro))


# --- ended, and the next begun


def end_stage(session: Session, at: datetime, place: Place) -> None:
    """End the stage that a retro is in, and begin the next."""
    retro = place.retro
    waited = retro.held or retro.stage is Stage.SORT
    match retro.stage:
        case Stage.COLLECT if counting.too_few(session, place):
            _hold(session, at, place)
        case Stage.COLLECT:
            _close_round(session, at, place.run)
            _reveal(session, at, place)
        case Stage.SORT:
            _begin_vote(session, at, place)
        case Stage.VOTE:
            _end_vote(session, at, place)
        case Stage.DISCUSS:
            close(session, at, place)
        case Stage.CLOSED:
            return
        case _:
            assert_never(retro.stage)
    if waited:
        calling.no_longer(session, at, place)


def _hold(session: Session, at: datetime, place: Place) -> None:
    """Collecting goes on, a day at a time, until the facilitator has chosen or enough are done."""
    place.retro.held = True
    place.run.closes_at = at + _HELD
    session.flush()
    by_hand.reset_close(session, at, KIND, place.run)
    mark(session, at, place, Urgency.CLOSING)
    calling.call_leader(session, at, place)  # each day anew: nobody else can let it go on


def _close_round(session: Session, at: datetime, run: Run | None) -> None:
    if run is not None and run.state is not RunState.CLOSED:
        why = planning.ENDED if run.closes_at > at else rounds.TOO_LATE
        by_hand.move_end(session, at, KIND, run, at)
        rounds.close_runs(session, at, [run.id], why)


def _reveal(session: Session, at: datetime, place: Place) -> None:
    """All notes are shown together; of an anonymous retro in an order drawn by lot."""
    retro = place.retro
    retro.held = False
    found = _take_notes(session, place)
    if not found:
        close(session, at, place)
        return
    _add_topics(session, place, found, late=False)
    retro.took_part = counting.took_part(session, retro)
    retro.stage, retro.stage_since = Stage.SORT, at
    wait = place.config.sort_minutes if len(found) > 1 else 0
    retro.sort_until = _while_they_work(session, at, place, timedelta(minutes=wait))
    session.flush()
    if not wait:
        end_stage(session, at, place)
        return
    reset_sort(session, place)
    mark(session, at, place, Urgency.CLOSING)
    calling.call_leader(session, at, place)


def _while_they_work(session: Session, at: datetime, place: Place, wait: timedelta) -> datetime:
    """The end of the time for merging, which begins when the facilitator works next."""
    return next_working(at, leader(session, place)) + wait if wait else at


def reset_sort(session: Session, place: Place) -> None:
    """Let the vote begin when the retro says."""
    if place.retro.sort_until is not None:
        timers.reset(session, [timer(place, SORT, place.retro.sort_until)])


def _take_notes(session: Session, place: Place) -> list[tuple[sealed.Written, int | None]]:
    """The notes that nobody has seen, each with who wrote it where that may be known."""
    if place.retro.anonymous:
        note_clean(session)
        return [(one, None) for one in sealed.take(session, place.retro.id)]
    mine = Note.retro_id == place.retro.id
    rows = session.scalars(select(Note).where(mine).order_by(Note.id)).all()
    found = [(sealed.Written(one.column, one.text), one.person_id) for one in rows]
    session.execute(delete(Note).where(mine))
    return found


def _take_late(session: Session, place: Place) -> Sequence[tuple[sealed.Written, int | None]]:
    """The notes that came late. So few that they would tell who wrote them are dropped.

    Their form said so before, and the channel is told, but not how many.
    """
    found = _take_notes(session, place)
    if not place.retro.anonymous or len(found) >= FEWEST:
        return found
    place.retro.late_dropped = place.retro.late_dropped or bool(found)
    return ()


def _add_topics(
    session: Session,
    place: Place,
    found: Sequence[tuple[sealed.Written, int | None]],
    *,
    late: bool,
) -> None:
    first = session.scalar(select(func.count(Topic.id)).where(Topic.retro_id == place.retro.id))
    rows = [
        {
            "retro_id": place.retro.id,
            "position": (first or 0) + number,
            "column": written.column,
            "text": written.text,
            "person_id": person_id,
            "late": late,
        }
        for number, (written, person_id) in enumerate(found)
    ]
    if rows:
        session.connection().execute(insert(Topic), rows)


def _begin_vote(session: Session, at: datetime, place: Place) -> None:
    """Ask for votes; where there is one topic alone there is nothing to choose."""
    retro = place.retro
    if tally.count(session, retro.id) == 1:
        _end_vote(session, at, place)
        return
    terms = place.config.lasting(place.config.vote_minutes)
    run = by_hand.open_round(session, at, place.ritual, terms, place.run.channel)
    retro.vote_run_id, retro.stage, retro.stage_since = run.id, Stage.VOTE, at
    session.flush()
    follow(session, place, run)
    mark(session, at, place, Urgency.CLOSING)


def _end_vote(session: Session, at: datetime, place: Place) -> None:
    """Count, forget who voted for what, and open the discussion of the first three."""
    retro = place.retro
    if retro.vote_run_id is not None:
        _close_round(session, at, session.get(Run, retro.vote_run_id))
    tally.settle(session, retro.id)
    note_clean(session)
    _add_topics(session, place, _take_late(session, place), late=True)
    retro.took_part = counting.took_part(session, retro)
    terms = place.config.lasting(place.config.discuss_minutes)
    run = by_hand.open_round(session, at, place.ritual, terms, place.run.channel)
    retro.discuss_run_id, retro.stage, retro.stage_since = run.id, Stage.DISCUSS, at
    session.flush()
    follow(session, place, run)
    mark(session, at, place, Urgency.CLOSING)


def close(session: Session, at: datetime, place: Place, *, show: bool = True) -> None:
    """End a retro: its message becomes the summary.

    Notes that nobody has seen are shown in it, unless they would tell who wrote them.
    """
    retro = place.retro
    waited = retro.held or retro.stage is Stage.SORT
    collecting = retro.stage is Stage.COLLECT
    show = show and not (collecting and counting.too_few(session, place))
    for run_id in (retro.run_id, retro.vote_run_id, retro.discuss_run_id):
        if run_id is not None:
            _close_round(session, at, session.get(Run, run_id))
    if retro.stage is Stage.VOTE:
        (tally.settle if show else tally.forget)(session, retro.id)
        note_clean(session)
    unseen = _take_notes(session, place) if collecting else _take_late(session, place)
    if show:
        _add_topics(session, place, unseen, late=not collecting)
    retro.took_part = counting.took_part(session, retro)
    # Of one that shows nothing because too few took part, `held` says so.
    retro.stage, retro.stage_since, retro.held = Stage.CLOSED, at, bool(unseen) and not show
    session.flush()
    mark(session, at, place, Urgency.CLOSING)
    if waited:
        calling.no_longer(session, at, place)


def end_deleted(session: Session, at: datetime, ritual: Ritual) -> None:
    """A ritual was deleted: what is under way ends, and what nobody has seen is forgotten."""
    if ritual.state is not RitualState.DELETED:
        return
    live = select(Retro).where(Retro.ritual_id == ritual.id, Retro.stage != Stage.CLOSED)
    for retro in session.scalars(live).all():
        close(session, at, place_of(session, retro), show=False)
