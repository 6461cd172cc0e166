"""The steps of a round of asking: ask, remind, close. What every kind of ritual shares."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.asking import by_hand, cards, channel, closing, home, owners, planning
from bot.asking.cards import Notice
from bot.asking.deck import Day
from bot.asking.excuses import excuses
from bot.asking.places import Place, places_of
from bot.asking.quiet import is_quiet, quiet_begins, quiet_ends
from bot.asking.terms import Terms
from bot.asking.views import NOT_DELIVERED
from bot.core.cadence import local_date, zone
from bot.core.states import Excuse, PromptState, RitualState, RunState
from bot.db.tables import Participant, Person, Prompt, Ritual, Run, Timer
from bot.engine import timers
from bot.engine.timers import Due, Fired

TOO_LATE = "could not be asked in time"
_ON_TIME = timedelta(minutes=15)  # after its moment; what is asked later than that is asked late
_AFTER_RETURN = timedelta(minutes=30)  # so soon after a return nobody needs a reminder


@dataclass(frozen=True)
class _Change:
    """What asking makes of a prompt; most become the same."""

    state: PromptState
    reason: str | None
    excuse: Excuse | None
    asked_on: date | None


def ask(session: Session, at: datetime, due: Sequence[Fired]) -> None:
    """Step: ask people, by their card. Whose window has passed is missed, and the owner told.

    Who is away, or has a public holiday, is skipped: no card, and the reason is kept. Who would be
    asked so late that it falls into their quiet hours is asked after them.
    """
    changes = defaultdict[_Change, list[int]](list)  # the prompts of each
    notices: list[Notice] = []
    opened: set[int] = set()
    late: set[int] = set()
    reminded: set[int] = set()
    spared: set[int] = set()
    waiting: list[Due] = []
    regrouped: set[int] = set()  # runs whose message says something else of somebody now
    asked_before: set[Day] = set()  # and excused since, until it was moved to now
    places = places_of(session, due, PromptState.WAITING)
    moments = {(timer.run_id, timer.person_id): timer.due_at for timer in due}
    terms = {run.id: Terms.model_validate(run.config) for run in {one.run for one in places}}
    excused = excuses(session, at, [(place.person, place.on) for place in places])
    for place in places:
        prompt, person = place.prompt, place.person
        when = _not_disturbing(place, moments[place.run.id, person.id], at)
        if place.ritual.state is not RitualState.ACTIVE or person.deleted:
            change = _Change(PromptState.SKIPPED, planning.NOT_ON_IT, None, prompt.asked_on)
        elif why := excused.get((person.id, place.on)):
            change = _Change(PromptState.SKIPPED, why.reason, why.excuse, prompt.asked_on)
            spared.add(person.id)
            regrouped.add(place.run.id)
        elif prompt.closes_at <= when:
            change = _Change(PromptState.MISSED, TOO_LATE, None, prompt.asked_on)
            late.add(place.ritual.owner_id)
            regrouped.add(place.run.id)
        elif when > at:
            about = (place.ritual.kind, place.run, person.id)
            waiting.append(planning.person_timer(*about, planning.ASK, when))
            continue
        else:
            on = local_date(at, zone(person.tz or prompt.zone))
            change = _Change(PromptState.ASKED, None, None, on)
            notices.append(Notice(person.id, on, _until(place, at)))
            opened.add(place.run.id)
            before = terms[place.run.id].remind_before
            if before is not None and prompt.closes_at - before <= at:
                reminded.add(prompt.id)
        changes[change].append(prompt.id)
        if prompt.asked_on is not None:
            asked_before.add((person.id, prompt.asked_on))
    timers.reset(session, waiting)
    if not changes:
        return
    _change(session, changes)
    _open_runs(session, opened)
    _spare_reminders(session, at, reminded)
    cards.notify(session, at, notices)
    cards.refresh(session, at, asked_before)
    home.refresh(session, at, spared)
    channel.refresh(session, regrouped)
    by_hand.end_settled(session, at, regrouped)
    if late:
        cards.tell(session, at, late)


def _not_disturbing(place: Place, moment: datetime, at: datetime) -> datetime:
    """When somebody may be asked who was to be at `moment`: now, but late not in quiet hours.

    Whose own time lies in them is asked then: it is the stand-up's.
    """
    late = at - moment > _ON_TIME and not is_quiet(place.person, place.prompt.due_at)
    return quiet_ends(place.person, at) if late else at


def _until(place: Place, at: datetime) -> datetime:
    """It makes sense until their window ends, or their next quiet hours begin."""
    closes_at = place.prompt.closes_at
    return min(closes_at, quiet_begins(place.person, at) or closes_at)


def _change(session: Session, changes: Mapping[_Change, Sequence[int]]) -> None:
    for change, prompt_ids in changes.items():
        session.execute(
            update(Prompt)
            .where(Prompt.id.in_(prompt_ids))
            .values(asdict(change))
            .execution_options(synchronize_session=False)
        )


def _open_runs(session: Session, run_ids: Collection[int]) -> None:
    session.execute(
        update(Run)
        .where(Run.id.in_(run_ids), Run.state == RunState.PLANNED)
        .values(state=RunState.OPEN)
        .execution_options(synchronize_session=False)
    )


def _spare_reminders(session: Session, at: datetime, prompt_ids: Collection[int]) -> None:
    """Who is asked so late that the reminder is due already needs none."""
    if not prompt_ids:
        return
    mine = select(Prompt.run_id).where(Prompt.id.in_(prompt_ids))
    theirs = mine.where(Prompt.run_id == Timer.run_id, Prompt.person_id == Timer.person_id)
    session.execute(
        update(Timer)
        .where(
            Timer.run_id.in_(mine),  # for the index: else all timers there are are walked through
            Timer.step == planning.REMIND,
            Timer.consumed_at.is_(None),
            theirs.exists(),
        )
        .values(consumed_at=at)
        .execution_options(synchronize_session=False)
    )


def remind(session: Session, at: datetime, due: Sequence[Fired]) -> None:
    """Step: remind those who owe an answer, while their own window is open.

    In quiet hours their card changes silently, and whoever put it off needs no reminder.
    """
    places = [
        place
        for place in places_of(session, due, PromptState.ASKED)
        if place.prompt.closes_at > at and _may_be_told(place) and not _put_off(place.prompt, at)
    ]
    quiet, awake = list[Place](), list[Place]()
    for place in places:
        (quiet if is_quiet(place.person, at) else awake).append(place)
    cards.notify(session, at, [_reminder(place, at) for place in awake])
    owing = [(place.person.id, place.prompt.asked_on) for place in quiet]
    cards.refresh(session, at, [(person_id, on) for person_id, on in owing if on is not None])


def _reminder(place: Place, at: datetime) -> Notice:
    return Notice(place.person.id, cards.today(place.person, at), _until(place, at))


def _may_be_told(place: Place) -> bool:
    return place.ritual.state is not RitualState.DELETED and not place.person.deleted


def _put_off(prompt: Prompt, at: datetime) -> bool:
    return prompt.snoozed_until is not None and at < prompt.snoozed_until + _AFTER_RETURN


def come_back(session: Session, at: datetime, due: Sequence[Fired]) -> None:
    """Step: what somebody put off comes to their notice again, if they owe it still."""
    places = [
        place
        for place in places_of(session, due, PromptState.ASKED)
        if place.run.closes_at > at and _may_be_told(place)
    ]
    for place in places:
        place.prompt.snoozed_until = at  # it may be later than they wished
    notices = [
        Notice(place.person.id, cards.today(place.person, at), place.run.closes_at, counted=False)
        for place in places
    ]
    cards.notify(session, at, notices)


def late(session: Session, at: datetime, due: Sequence[Fired]) -> None:
    """Step: somebody's own window is over; until the run closes, they are late.

    Their card says so, and the channel's message.
    """
    places = places_of(session, due, PromptState.ASKED)
    owing = [(place.person.id, place.prompt.asked_on) for place in places]
    cards.refresh(session, at, [(person_id, on) for person_id, on in owing if on is not None])
    channel.refresh(session, {place.run.id for place in places})


def close(session: Session, at: datetime, due: Sequence[Fired]) -> list[Run]:
    """Close runs whose last window has ended; answers those that anybody was asked in.

    Who was asked and said nothing has missed it; who could not be asked before has too.
    """
    return close_runs(session, at, [one.run_id for one in due if one.run_id is not None])


def close_runs(
    session: Session, at: datetime, run_ids: Collection[int], unasked: str = TOO_LATE
) -> list[Run]:
    """The same for these runs; `unasked` is why some could not be asked before."""
    runs = session.scalars(select(Run).where(Run.id.in_(run_ids), Run.state != RunState.CLOSED))
    closing = [run for run in runs if run.closes_at <= at]
    asked_in = [run for run in closing if run.state is RunState.OPEN]
    for run in closing:
        run.state = RunState.CLOSED
    session.flush()
    ids = [run.id for run in closing]
    _miss_waiting(session, at, ids, unasked)
    rows = session.execute(
        select(Prompt.person_id, Prompt.asked_on).where(Prompt.run_id.in_(ids))
    ).all()
    changed = [(person_id, on) for person_id, on in rows if on is not None]
    spared = [person_id for person_id, on in rows if on is None]
    session.execute(
        update(Prompt)
        .where(Prompt.run_id.in_(ids), Prompt.state == PromptState.ASKED)
        .values(state=PromptState.MISSED)
        .execution_options(synchronize_session=False)
    )
    cards.refresh(session, at, changed)
    home.refresh(session, at, spared)  # it offered to answer all the same
    return asked_in


def _miss_waiting(session: Session, at: datetime, run_ids: Collection[int], why: str) -> None:
    waiting = (Prompt.run_id.in_(run_ids)) & (Prompt.state == PromptState.WAITING)
    owners = session.scalars(
        select(Ritual.owner_id)
        .join(Run, Run.ritual_id == Ritual.id)
        .join(Prompt, Prompt.run_id == Run.id)
        .where(waiting)
        .distinct()
    ).all()
    if owners:
        session.execute(
            update(Prompt)
            .where(waiting)
            .values(state=PromptState.MISSED, reason=why)
            .execution_options(synchronize_session=False)
        )
        if why == TOO_LATE:
            cards.tell(session, at, owners)


def leave(session: Session, at: datetime, person: Person) -> None:
    """A person who left, a bot or a guest from elsewhere: asked nothing (more)."""
    session.execute(delete(Participant).where(Participant.person_id == person.id))
    owners.pass_on(session, at, person)
    owing = Prompt.state.in_(planning.OWING) | Prompt.excuse.is_not(None)
    left = session.execute(
        select(Run, Ritual, Prompt.asked_on, Prompt.reason)
        .join(Ritual, Run.ritual_id == Ritual.id)
        .join(Prompt, Prompt.run_id == Run.id)
        .where(Prompt.person_id == person.id, owing, Run.state != RunState.CLOSED)
    ).all()
    if not left:
        return
    session.execute(
        update(Prompt)
        .where(
            Prompt.person_id == person.id,
            Prompt.run_id.in_([run.id for run, *_rest in left]),
            owing,
        )
        .values(state=PromptState.SKIPPED, reason="not a member of the workspace", excuse=None)
        .execution_options(synchronize_session=False)
    )
    for run, ritual, _on, _why in left:
        closing.close_with_last(session, at, ritual.kind, run)
        by_hand.end_if_settled(session, at, ritual.kind, run)
    channel.refresh(session, [run.id for run, *_rest in left])
    asked_on = {on for _run, _ritual, on, _why in left if on is not None}
    cards.refresh(session, at, [(person.id, on) for on in asked_on])
    # Nobody can still answer of whom its owner reads that no message reached them.
    told = {ritual.owner_id for _run, ritual, _on, why in left if why == NOT_DELIVERED}
    cards.follow_trouble(session, at, {one for one in told if one is not None})
