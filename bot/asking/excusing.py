"""What changes for people when what excuses them does: dates that are open already."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.asking import by_hand, cards, channel, home, planning
from bot.asking.deck import Day
from bot.asking.excuses import Excused, excuses
from bot.asking.places import asked_for
from bot.asking.terms import Terms
from bot.asking.views import NOT_DELIVERED
from bot.core.states import Excuse, PromptState, RitualState, RunState
from bot.db.tables import Participant, Person, Prompt, Ritual, Run
from bot.engine import timers
from bot.engine.mirrors import Urgency
from bot.engine.timers import Due


@dataclass(frozen=True)
class _Place:
    prompt: Prompt
    run: Run
    ritual: Ritual
    person: Person
    on_it: bool

    @property
    def key(self) -> tuple[int, date]:
        return self.person.id, self.on

    @property
    def on(self) -> date:
        return asked_for(self.run, self.prompt)


def reconsider(
    session: Session, at: datetime, person_ids: Collection[int], *, also: Collection[Day] = ()
) -> None:
    """Hold these people's open prompts against their excuses as they are now.

    The cards of these, and those of the days in `also`, then show what is true now.

    Who was asked and is excused owes nothing any more; who is not excused any more is asked again
    while their own window is open. What waits for its moment is left to the ask step.
    """
    session.flush()
    places = list(_places(session, person_ids))
    excused = excuses(session, at, [(place.person, place.on) for place in places])
    named = _named_as_trouble(places, excused)
    spared = _spare(places, excused)
    returning = [one for one in places if one.key not in excused and _returns(one, at)]
    _take_back(session, at, returning)
    session.flush()
    shown = {(one.person.id, one.prompt.asked_on) for one in places}
    standing = {(person_id, on) for person_id, on in shown if on is not None}
    cards.refresh(session, at, standing.union(also), Urgency.CLICKED)
    home.refresh(session, at, person_ids, Urgency.CLICKED)
    cards.follow_trouble(session, at, named)
    channel.refresh(session, session.scalars(_runs(person_ids)).all())
    by_hand.end_settled(session, at, spared)


def _places(session: Session, person_ids: Collection[int]) -> Iterator[_Place]:
    """The prompts that were asked, or excused, in runs that have not closed."""
    rows = session.execute(
        select(Prompt, Run, Ritual, Person, Participant.person_id)
        .join(Run, Prompt.run_id == Run.id)
        .join(Ritual, Run.ritual_id == Ritual.id)
        .join(Person, Prompt.person_id == Person.id)
        .outerjoin(
            Participant,
            (Participant.ritual_id == Ritual.id) & (Participant.person_id == Person.id),
        )
        .where(
            Prompt.person_id.in_(person_ids),
            (Prompt.state == PromptState.ASKED) | (Prompt.excuse != Excuse.OWN_WISH),
            Run.state != RunState.CLOSED,
            Ritual.state != RitualState.DELETED,
        )
        .execution_options(populate_existing=True)
    )
    for prompt, run, ritual, person, participant in rows:
        yield _Place(prompt, run, ritual, person, participant is not None)


def _named_as_trouble(
    places: Iterable[_Place], excused: Mapping[tuple[int, date], Excused]
) -> set[int]:
    """The owners who read that one of these, who is excused now, was sent no message."""
    return {
        one.ritual.owner_id
        for one in places
        if one.key in excused and one.prompt.reason == NOT_DELIVERED and one.ritual.owner_id
    }


def _spare(places: Iterable[_Place], excused: Mapping[tuple[int, date], Excused]) -> set[int]:
    """Let who is excused owe nothing; answers the runs in which somebody did until now."""
    runs: set[int] = set()
    for place in places:
        if why := excused.get(place.key):
            if place.prompt.state is PromptState.ASKED:
                runs.add(place.run.id)
            place.prompt.state = PromptState.SKIPPED
            place.prompt.reason, place.prompt.excuse = why.reason, why.excuse
    return runs


def _returns(place: _Place, at: datetime) -> bool:
    if place.prompt.excuse is None or not place.on_it or place.prompt.closes_at <= at:
        return False
    if place.ritual.state is RitualState.PAUSED and place.prompt.asked_on is None:
        return False  # nobody new is asked
    # A status that lasted to the day's end ends with it: nobody is asked for yesterday at midnight.
    over = place.on < cards.today(place.person, at)
    return place.prompt.excuse is not Excuse.STATUS or not over


def _take_back(session: Session, at: datetime, returning: Iterable[_Place]) -> None:
    """Ask again: who has today's card sees it there, the others are asked at once.

    That is their moment, and not late: most have just said that they are back.
    """
    due: list[Due] = []
    for place in returning:
        prompt = place.prompt
        prompt.reason = prompt.excuse = None
        if prompt.asked_on is not None:
            prompt.state = PromptState.ASKED
            continue
        prompt.state = PromptState.WAITING
        terms = Terms.model_validate(place.run.config)
        kind, run, person_id = place.ritual.kind, place.run, place.person.id
        due += planning.person_timers(kind, run, terms, person_id, prompt.due_at)
        moment = max(at, prompt.due_at)
        due.append(planning.person_timer(kind, run, person_id, planning.ASK, moment))
    timers.reset(session, due)


def _runs(person_ids: Collection[int]) -> Select[int]:
    """The runs whose message says where these people are."""
    return (
        select(Run.id)
        .join(Prompt, Prompt.run_id == Run.id)
        .where(Prompt.person_id.in_(person_ids), Run.state != RunState.CLOSED)
    )
